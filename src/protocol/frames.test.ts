import { describe, expect, test } from "vitest";
import { decodeControl, encodeControl, encodeFrame, FrameReader, frameHead } from "./frames.ts";

function collect(maxFrameBytes = 1000, token?: Uint8Array<ArrayBuffer>) {
  const frames: unknown[] = [];
  const reader = new FrameReader(maxFrameBytes, (channel, body) => frames.push([channel, body]), token);
  return { frames, reader };
}
const TOKEN = Uint8Array.from({ length: 16 }, (_, index) => index);

describe("frames", () => {
  test("come out whole and in order however the bytes are cut", () => {
    const [long, none, ping] = [
      Uint8Array.from({ length: 300 }, (_, index) => index & 0xff),
      new Uint8Array(0),
      encodeControl({ type: "ping", id: 1 }),
    ];
    const stream = new Uint8Array([
      ...encodeFrame("worker", long, TOKEN),
      ...encodeFrame("worker", none, TOKEN),
      ...frameHead("control", ping.length, TOKEN),
      ...ping,
    ]);
    for (const step of [1, 3, 7, stream.length]) {
      const { frames, reader } = collect(1000, TOKEN);
      for (let at = 0; at < stream.length; at += step) reader.push(stream.slice(at, at + step));
      expect(frames).toEqual([
        ["worker", long],
        ["worker", none],
        ["control", ping],
      ]);
    }
  });

  test("a body has a buffer of its own", () => {
    const { frames, reader } = collect();
    reader.push(new Uint8Array([...encodeFrame("worker", new Uint8Array(3)), 9, 9]));
    const [, body] = frames[0] as [string, Uint8Array];
    expect([body.byteOffset, body.buffer.byteLength]).toEqual([0, 3]);
  });

  test("a length over the cap is refused before anything is kept for it", () => {
    const { frames, reader } = collect(10);
    expect(() => reader.push(frameHead("worker", 2 ** 32 - 1))).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "A message of 4294967295 bytes was announced; at most 10 are taken",
      }),
    );
    expect(frames).toEqual([]);
  });

  test("a frame without the token is refused: only the main thread knows it", () => {
    const { frames, reader } = collect(1000, TOKEN);
    const body = new Uint8Array([7]);
    reader.push(encodeFrame("control", body, TOKEN));
    expect(frames).toEqual([["control", body]]);
    const forged = encodeFrame(
      "control",
      body,
      TOKEN.map((byte) => byte ^ 1),
    );
    expect(() => reader.push(forged)).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "Something else than the cage's main thread wrote to its pipe",
      }),
    );
    expect(frames.length).toBe(1);
  });

  test("a channel that is none is refused", () => {
    const { frames, reader } = collect();
    const head = frameHead("worker", 1);
    head[4] = 2;
    expect(() => reader.push(head)).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        message: "A message names no known channel",
      }),
    );
    expect(frames).toEqual([]);
  });

  test("a report comes back as it was, and one that is no JSON is refused", () => {
    const report = { type: "failed", message: "ü𝄞\n" };
    expect(decodeControl(encodeControl(report))).toEqual(report);
    for (const bad of ["", "{", "[1] 2", "\u0000"]) {
      expect(() => decodeControl(new TextEncoder().encode(bad))).toThrow(
        expect.objectContaining({ code: "protocol-violation" }),
      );
    }
  });
});
