import { afterEach, expect, test, vi } from "vitest";
import { download } from "./download.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const url = new URL("https://example.com/python.wasm");

/** A server that sends these pieces and then nothing, and whose connection ends when it is aborted. */
function serveAndStall(pieces: Uint8Array<ArrayBuffer>[] | undefined) {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (_url: URL, { signal }: { signal: AbortSignal }) => {
    if (!pieces) {
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    }
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  });
}

test.each([
  [undefined, "could not be loaded: nothing came for 60 s"],
  [[], "could not be loaded: nothing came for 60 s"],
  [[new Uint8Array(3), new Uint8Array(4)], "broke off after 7 of 100 bytes: nothing came for 60 s"],
])("a server that falls silent is given up after a minute", async (pieces, message) => {
  serveAndStall(pieces);
  const received: number[] = [];
  let settled = false;
  const loading = download(url, 100, (piece) => received.push(piece.length));
  loading
    .catch(() => {})
    .finally(() => {
      settled = true;
    });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(settled).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await expect(loading).rejects.toMatchObject({
    code: "asset-unavailable",
    message: `${url.href} ${message}`,
  });
  expect(received).toEqual((pieces ?? []).map((piece) => piece.length));
});

test("a slow server is waited for as long as it says something", async () => {
  vi.useFakeTimers();
  let send: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = controller;
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body));
  let taken = () => {};
  let count = 0;
  const loading = download(url, 10, () => {
    count += 1;
    taken();
  });
  for (let turn = 0; turn < 10; turn++) {
    const took = new Promise<void>((resolve) => {
      taken = resolve;
    });
    await vi.advanceTimersByTimeAsync(59_000);
    send!.enqueue(new Uint8Array(1));
    await took;
  }
  send!.close();
  await loading;
  expect(count).toBe(10);
});
