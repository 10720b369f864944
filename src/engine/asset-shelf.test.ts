import { expect, test } from "vitest";
import { AssetShelf } from "./asset-shelf.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("an asset that is expected is waited for; each comes by itself", async () => {
  const shelf = new AssetShelf();
  shelf.expect(["a", "b"]);
  const arrived: string[] = [];
  const loads = ["a", "b"].map((name) => shelf.load(name).then((found) => arrived.push(`${name}: ${found}`)));
  shelf.put({ b: bytes("1") }, []);
  await loads[1];
  expect(arrived).toEqual(["b: 49"]);
  shelf.put({ a: bytes("2") }, []);
  await loads[0];
  expect(arrived).toEqual(["b: 49", "a: 50"]);
});

test("what came before it was expected is there", async () => {
  const shelf = new AssetShelf();
  shelf.put({ a: bytes("1") }, []);
  shelf.expect(["a"]);
  expect(await shelf.load("a")).toEqual(bytes("1"));
});

test("what is absent, or was never spoken of, is not waited for", async () => {
  const shelf = new AssetShelf();
  shelf.expect(["optional"]);
  shelf.put({}, ["optional"]);
  expect([await shelf.load("optional"), await shelf.load("other")]).toEqual([undefined, undefined]);
});

test("what was released is not kept", async () => {
  const shelf = new AssetShelf();
  shelf.put({ a: bytes("1") }, []);
  shelf.release(["a"]);
  expect(await shelf.load("a")).toBeUndefined();
});

test("what was dropped is not kept, and its memory is given back whoever holds it", async () => {
  const shelf = new AssetShelf();
  const held = bytes("1");
  shelf.put({ a: held }, []);
  await shelf.drop("a");
  await shelf.drop("other");
  expect(await shelf.load("a")).toBeUndefined();
  // Node 20 has no ArrayBuffer.prototype.transfer; there the collector does it.
  expect(held.length).toBe("transfer" in ArrayBuffer.prototype ? 0 : 1);
});

test("who expects again what was used is told at once that it is gone, and gets what is sent after all", async () => {
  const shelf = new AssetShelf();
  shelf.put({ a: bytes("1"), b: bytes("2") }, []);
  shelf.release(["a"]);
  await shelf.drop("b");
  shelf.expect(["a", "b"]);
  expect([await shelf.load("a"), await shelf.load("b")]).toEqual([undefined, undefined]);
  shelf.put({ a: bytes("3") }, []);
  expect(await shelf.load("a")).toEqual(bytes("3"));
});

test("what was absent and comes after all is there when it is asked for again", async () => {
  const shelf = new AssetShelf();
  shelf.expect(["a"]);
  shelf.put({}, ["a"]);
  expect(await shelf.load("a")).toBeUndefined();
  shelf.put({ a: bytes("1") }, []);
  expect(await shelf.load("a")).toEqual(bytes("1"));
});
