/** Bytes in one WebAssembly page. */
export const WASM_PAGE_BYTES = 65_536;

/**
 * Elements one table may reach when the caller names no other figure: far above what dynamic linking needs (Pyodide
 * starts with 22,000), far below the 10,000,000 (80 MB per table) engines allow.
 */
export const DEFAULT_MAX_TABLE_ELEMENTS = 1_000_000;
