/** JavaScript Promise Integration, which TypeScript's library does not know yet: a guest that waits for a promise. */
interface JspiWebAssembly {
  Suspending: new (callee: () => Promise<number>) => () => number;
}

/** Four addresses or numbers in, an errno out: the shape of WASI's `fd_read`. */
type ReadImport = (fd: number, iovecs: number, count: number, result: number) => number;

/** What `start` answers when its work goes on: the guest then waits for the promise it left behind. */
const PENDING = -1;

/**
 * `(func (param i32 i32 i32 i32) (result i32))`: calls `e.s`; when that answers -1, calls `e.w` and answers its result.
 *
 * An import that may suspend can only be called from a promising export, even when it answers at once; but Python reads
 * files while it boots, too. So the choice is made in WebAssembly (JSPI does not suspend through JavaScript frames).
 */
const SHIM = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // types: 0 = (i32 i32 i32 i32) -> i32, 1 = () -> i32
  ...[0x01, 0x0d, 0x02, 0x60, 0x04, 0x7f, 0x7f, 0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x00, 0x01, 0x7f],
  // imports: e.s of type 0, e.w of type 1
  ...[0x02, 0x0d, 0x02, 0x01, 0x65, 0x01, 0x73, 0x00, 0x00, 0x01, 0x65, 0x01, 0x77, 0x00, 0x01],
  // one function of type 0, exported as f
  ...[0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x02],
  // code: one local; s(0, 1, 2, 3); tee 4; -1; eq; if i32 w() else local 4 end; end
  ...[0x0a, 0x1d, 0x01, 0x1b, 0x01, 0x01, 0x7f, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0x10, 0x00],
  ...[0x22, 0x04, 0x41, 0x7f, 0x46, 0x04, 0x7f, 0x10, 0x01, 0x05, 0x20, 0x04, 0x0b, 0x0b],
);

/** True when this engine can suspend a guest. Chromium 137+, Deno and Node 24+ can; Node 20 cannot. */
export function hasJspi(): boolean {
  return "Suspending" in WebAssembly;
}

/**
 * An import that suspends the guest when `start` answers a promise and else returns at once.
 * Without JSPI `start` must not answer promises.
 */
export function suspendingRead(
  start: (fd: number, iovecs: number, count: number, result: number) => number | Promise<number>,
): ReadImport {
  if (!hasJspi()) return start as ReadImport;
  // The one place that names the missing types.
  const { Suspending } = WebAssembly as typeof WebAssembly & JspiWebAssembly;
  let pending: Promise<number> | undefined;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(SHIM), {
    e: {
      s: (...args: Parameters<ReadImport>) => {
        const answer = start(...args);
        if (typeof answer === "number") return answer;
        pending = answer;
        return PENDING;
      },
      w: new Suspending(() => pending!),
    },
  });
  return instance.exports.f as ReadImport;
}
