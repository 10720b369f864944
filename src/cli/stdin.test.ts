import { expect, test } from "vitest";
import { createHostStdin } from "./stdin.ts";

async function* pieces(...all: number[][]): AsyncGenerator<Uint8Array> {
  for (const piece of all) yield Uint8Array.from(piece);
}

test("nothing is opened before the first read; then pieces come as they are, empty ones left out", async () => {
  let opened = 0;
  const stdin = createHostStdin(() => {
    opened += 1;
    return pieces([1, 2], [], [255]);
  });
  expect(opened).toBe(0);
  const read = [await stdin.read(), await stdin.read(), await stdin.read(), await stdin.read()];
  expect({ read, opened }).toEqual({
    read: [Uint8Array.of(1, 2), Uint8Array.of(255), null, null],
    opened: 1,
  });
});

test("all of it is one array", async () => {
  expect(await createHostStdin(() => pieces([1], [2, 3])).readAll()).toEqual(Uint8Array.of(1, 2, 3));
});

test("a stdin that is closed or breaks is at its end", async () => {
  const closed = createHostStdin(() => {
    throw new Error("EBADF");
  });
  const breaking = createHostStdin(async function* () {
    yield Uint8Array.of(1);
    throw new Error("EIO");
  });
  expect([await closed.read(), await breaking.read(), await breaking.read()]).toEqual([
    null,
    Uint8Array.of(1),
    null,
  ]);
});
