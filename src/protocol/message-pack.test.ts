import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { measurePack } from "./measure-pack.ts";
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

  const MILLION = [0xdd, 0x00, 0x0f, 0x42, 0x40];
  const nested = (head: readonly number[], times: number, end: readonly number[]) =>
    Uint8Array.from([...Array.from({ length: times }, () => head).flat(), ...end]);
  const bad: [name: string, bytes: Uint8Array, why: RegExp][] = [
    ["a list that announces 2^32 values", Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff), /announces more/],
    ["a text that announces more than there is", Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff), /cut short/],
    ["a number that is cut short", Uint8Array.of(0xcf, 0, 0), /cut short/],
    ["a length that is cut short", Uint8Array.of(0xdc, 0), /cut short/],
    ["a list that is cut short", Uint8Array.of(0x92, 1), /announces more|cut short/],
    ["a thousand lists of a million in each other", nested(MILLION, 1000, []), /announces more/],
    ["the same before a megabyte", nested(MILLION, 1, new Array(2 ** 20).fill(0x91)), /deep|announces more/],
    ["a list 101 deep", nested([0x91], 101, [0xc0]), /more than 100 deep/],
    ["a list 64 million deep", new Uint8Array(2 ** 26).fill(0x91), /more than 100 deep/],
    [
      "two million empty maps",
      nested([0xdd, 0, 0x1e, 0x84, 0x80], 1, new Array(2_000_000).fill(0x80)),
      /too many/,
    ],
    [
      "nine million numbers",
      nested([0xdd, 0, 0x89, 0x54, 0x40], 1, new Array(9_000_000).fill(1)),
      /too many/,
    ],
    [
      "a key named __proto__",
      Uint8Array.from([0x81, ...encode("__proto__"), ...encode({ x: 1 })]),
      /__proto__/,
    ],
    ["an extension type", Uint8Array.of(0xd4, 1, 1), /type 0xd4/],
    ["a type that is none", Uint8Array.of(0xc1), /type 0xc1/],
    ["bytes after the value", Uint8Array.from([...encode(1), 0]), /something follows/],
    ["nothing", new Uint8Array(0), /cut short/],
  ];
  test.each(bad)("%s is refused before anything is made of it", (_, bytes, why) => {
    const before = process.memoryUsage().heapUsed;
    expect(() => unpackMessage(bytes)).toThrow(
      expect.objectContaining({ code: "protocol-violation", message: expect.stringMatching(why) }),
    );
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 ** 22);
  });

  test("every form that the encoder has is looked through as the decoder reads it", () => {
    const any = fc.anything({
      withBigInt: false,
      withDate: false,
      withMap: false,
      withSet: false,
      withTypedArray: false,
      withNullPrototype: false,
      maxDepth: 5,
    });
    const numbers = [
      0,
      127,
      128,
      255,
      256,
      65_535,
      65_536,
      2 ** 32,
      -1,
      -32,
      -33,
      -129,
      -32_769,
      -(2 ** 40),
      0.5,
    ];
    const sizes = [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536];
    const lists = sizes.map((size) => new Array(size).fill(null));
    const maps = sizes.map((size) =>
      Object.fromEntries(lists[0]!.concat(new Array(size).fill(0)).map((_, i) => [`k${i}`, i])),
    );
    const bytes = sizes.map((size) => new Uint8Array(size));
    const texts = sizes.map((size) => "ü".repeat(size));
    for (const value of [numbers, lists, maps, bytes, texts, 2n ** 63n, -(2n ** 62n), true, false, null]) {
      measurePack(packMessage(value), 100);
    }
    fc.assert(
      fc.property(any, (value) => {
        const packed = packMessage(value);
        measurePack(packed, 100);
        // Whatever is left out at its end is missed.
        expect(() => measurePack(packed.slice(0, -1), 100)).toThrow();
      }),
      { numRuns: 500 },
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
