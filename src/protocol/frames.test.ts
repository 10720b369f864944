import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";

function collect(maxFrameBytes = 1000) {
  const frames: unknown[] = [];
  const reader = new FrameReader(maxFrameBytes, (channel, payload) => frames.push([channel, payload]));
  return { frames, reader };
}
function frameOf(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, 4);
  return frame;
}

describe("frames", () => {
  test("come out whole and in order however the bytes are cut", () => {
    const payload = {
      bytes: new Uint8Array([1, 2, 3]),
      time: 1_767_225_600_000_000_000n,
      text: "ü𝄞",
      none: null,
    };
    const stream = new Uint8Array([
      ...encodeFrame("worker", payload),
      ...encodeFrame("control", { type: "ping", id: 1 }),
    ]);
    for (const step of [1, 3, 7, stream.length]) {
      const { frames, reader } = collect();
      for (let at = 0; at < stream.length; at += step) reader.push(stream.slice(at, at + step));
      expect(frames).toEqual([
        ["worker", payload],
        ["control", { type: "ping", id: 1 }],
      ]);
    }
  });

  test("a length over the cap is refused before anything is kept for it", () => {
    const { reader } = collect(10);
    expect(() => reader.push(new Uint8Array([255, 255, 255, 255]))).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "A message of 4294967295 bytes was announced; at most 10 are taken",
      }),
    );
  });

  test("a frame without the token is refused: only the main thread knows it", () => {
    const token = Uint8Array.from({ length: 16 }, (_, index) => index);
    const frames: unknown[] = [];
    const reader = new FrameReader(1000, (channel, payload) => frames.push([channel, payload]), token);
    reader.push(encodeFrame("control", { type: "pong", id: 1 }, token));
    expect(frames).toEqual([["control", { type: "pong", id: 1 }]]);
    expect(() =>
      reader.push(
        encodeFrame(
          "control",
          { type: "pong", id: 2 },
          token.map((byte) => byte ^ 1),
        ),
      ),
    ).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "Something else than the cage's main thread wrote to its pipe",
      }),
    );
    expect(frames.length).toBe(1);
  });

  const bad: Record<string, Uint8Array> = {
    "an array that announces more than there is": new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]),
    "a key named __proto__": new Uint8Array([
      0x92,
      ...encode("worker"),
      0x81,
      ...encode("__proto__"),
      ...encode({ x: 1 }),
    ]),
    "an unknown channel": encode(["host", 1]),
    "something else than a pair": encode({ channel: "worker" }),
    "an extension type": new Uint8Array([0x92, ...encode("worker"), 0xd4, 1, 1]),
    "bytes after the value": new Uint8Array([...encode(["worker", 1]), 0]),
  };
  for (const [name, body] of Object.entries(bad)) {
    test(`${name} is refused`, () => {
      const { frames, reader } = collect();
      expect(() => reader.push(frameOf(body))).toThrow(
        expect.objectContaining({ code: "protocol-violation" }),
      );
      expect(frames).toEqual([]);
    });
  }
});
