/** Calls a listener of the caller's; what it throws is an uncaught error of the caller's, and no message's fault. */
export function callOut(call: () => void): void {
  try {
    call();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
