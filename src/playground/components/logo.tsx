/** The hourglass. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <path className="logo__sand" d="M10.5 24.8c.9-3.4 3-5.3 5.5-6.9 2.5 1.6 4.6 3.5 5.5 6.9z" />
      <path className="logo__sand" d="M12.4 10.5h7.2L16 14.6z" />
      <path
        className="logo__glass"
        d="M7.500 4.500h17M7.500 27.500h17M9.500 4.500c0 6.500 3.300 8.600 6.500 11.500 3.200-2.900 6.500-5 6.500-11.500M9.500 27.500c0-6.500 3.300-8.600 6.500-11.500 3.200 2.900 6.500 5 6.500 11.500"
      />
    </svg>
  );
}
