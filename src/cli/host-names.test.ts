import { expect, test } from "vitest";
import { linkInside, namesBelow } from "./host-names.ts";

test.each([
  ["/workspace/a/b.txt", ["a", "b.txt"]],
  ["/workspace/..a", ["..a"]],
  ["/workspace", undefined],
  ["/workspace/", undefined],
  ["/workspaces/a", undefined],
  ["/etc/passwd", undefined],
  ["workspace/a", undefined],
  ["/workspace/../etc/passwd", undefined],
  ["/workspace/a/..", undefined],
  ["/workspace/./a", undefined],
  ["/workspace//a", undefined],
  ["/workspace/a\0b", undefined],
])("%j below /workspace is %j", (path, names) => {
  expect(namesBelow(path, "/workspace")).toEqual(names);
});

test.each([
  ["/w/a", "b", "b"],
  ["/w/a", "sub/../b", "sub/../b"],
  ["/w/s/a", "../b", "../b"],
  ["/w/s/a", "../../b", undefined],
  ["/w/a", "../w/b", undefined],
  ["/w/a", "..", undefined],
  ["/w/a", ".", "."],
  ["/w/s/a", "/w/b", "../b"],
  ["/w/s/a", "/w", ".."],
  ["/w/a", "/w/../etc", undefined],
  ["/w/a", "/etc/passwd", undefined],
  ["/w/a", "/wx", undefined],
  ["/w/a", "", undefined],
  ["/w/a", "x\0", undefined],
])("the symlink %s -> %j stands in /w as %j", (link, target, expected) => {
  expect(linkInside(link, target, "/w")).toBe(expected);
});
