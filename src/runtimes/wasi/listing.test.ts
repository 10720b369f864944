import { expect, test } from "vitest";
import { type DirectoryDescriptor, preopenDirectory } from "./descriptors.ts";
import { Listings } from "./listing.ts";
import { fill, testHost } from "./wasi.testkit.ts";

test("a directory is listed by name, whatever order its files were made in", () => {
  const { vfs, open } = directories();
  fill(vfs, { "/workspace/b": "", "/workspace/ü": "", "/workspace/B": "", "/workspace/a": "" });
  const listing = new Listings(vfs).of(open("/workspace"), true);
  expect(listing.map((entry) => entry.name)).toEqual([".", "..", "B", "a", "b", "ü"]);
});

test("a listing stays as it was until its reading begins again", () => {
  const { vfs, open } = directories();
  const listings = new Listings(vfs);
  const dir = open("/workspace");
  listings.of(dir, true);
  fill(vfs, { "/workspace/new": "" });
  expect([listings.of(dir, false).length, listings.of(dir, true).length]).toEqual([2, 3]);
});

test("many open directories hold no more entries than the cap: the oldest listing goes", () => {
  const { vfs, open } = directories();
  fill(vfs, { "/workspace/1/a": "", "/workspace/2/a": "", "/workspace/3/a": "" });
  const [first, second, third] = [open("/workspace/1"), open("/workspace/2"), open("/workspace/3")];
  const listings = new Listings(vfs, 6);
  for (const dir of [first, second, third]) listings.of(dir, true);
  expect([first, second, third].map((dir) => dir.listing?.length)).toEqual([undefined, 3, 3]);
  // Read on, it is listed anew, and the then oldest goes.
  expect(listings.of(first, false).length).toBe(3);
  expect(second.listing).toBeUndefined();
});

test("one directory above the cap is listed all the same", () => {
  const { vfs, open } = directories();
  fill(vfs, { "/workspace/a": "", "/workspace/b": "" });
  expect(new Listings(vfs, 1).of(open("/workspace"), true).length).toBe(4);
});

function directories() {
  const { vfs } = testHost();
  const open = (path: string): DirectoryDescriptor => preopenDirectory(vfs.resolve(path), new Uint8Array());
  return { vfs, open };
}
