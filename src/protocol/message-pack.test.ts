import { encode } from "@msgpack/msgpack";
import { describe, expect, test, vi } from "vitest";
import { packMessage, unpackMessage } from "./message-pack.ts";
import { packedPort } from "./packed-port.ts";

describe("a packed message", () => {
  test("comes back as it was, what is undefined left out", () => {
    const message = {
      bytes: new Uint8Array([1, 2, 3]),
      time: 1_767_225_600_000_000_000n,
      text: "ü𝄞",
      none: null,
      absent: undefined,
    };
    const { absent: _absent, ...rest } = message;
    expect(unpackMessage(packMessage(message))).toEqual(rest);
  });

  const bad: Record<string, Uint8Array> = {
    "an array that announces more than there is": new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]),
    "a string that announces more than there is": new Uint8Array([0xdb, 0xff, 0xff, 0xff, 0xff]),
    "a key named __proto__": new Uint8Array([0x81, ...encode("__proto__"), ...encode({ x: 1 })]),
    "an extension type": new Uint8Array([0xd4, 1, 1]),
    "bytes after the value": new Uint8Array([...encode(1), 0]),
    nothing: new Uint8Array(0),
  };
  test.each(Object.entries(bad))("%s is refused", (_, bytes) => {
    expect(() => unpackMessage(bytes)).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "A message could not be decoded",
      }),
    );
  });
});

describe("a packed port", () => {
  test("sends and hears messages as bytes, until nobody listens", async () => {
    const { port1, port2 } = new MessageChannel();
    const port = packedPort(port1);
    const heard: unknown[] = [];
    const listener = ({ data }: MessageEvent) => heard.push(data);
    const echo = ({ data }: MessageEvent<Uint8Array>) => {
      expect(data).toBeInstanceOf(Uint8Array);
      port2.postMessage(data);
    };
    port2.addEventListener("message", echo);
    port2.start();
    port.addEventListener("message", listener);
    port.start();
    const own = new Uint8Array([5]);
    port.postMessage({ own }, [own.buffer]);
    await vi.waitFor(() => expect(heard).toEqual([{ own: new Uint8Array([5]) }]));
    expect(own).toEqual(new Uint8Array([5]));
    port.removeEventListener("message", listener);
    const later = new Promise((resolve) => port.addEventListener("message", ({ data }) => resolve(data)));
    port.postMessage("unheard");
    expect(await later).toBe("unheard");
    expect(heard.length).toBe(1);
    port1.close();
  });
});
