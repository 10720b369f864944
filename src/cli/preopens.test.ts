import { expect, test } from "vitest";
import type { Mount } from "./host-tree.ts";
import { parseMountSpec } from "./mount-spec.ts";
import { preopensOf } from "./preopens.ts";

const mount = (spec: string, type: Mount["type"]): Mount => ({
  ...parseMountSpec(spec),
  realHostPath: "/host",
  type,
});

test("a mounted folder is a preopen under the very name given, in the order given", () => {
  const mounts = [
    mount("a:/data", "directory"),
    mount("b:fs-tests.dir", "directory"),
    mount("c:/", "directory"),
  ];
  expect(preopensOf(mounts, false)).toEqual([
    { name: "/data", path: "/data" },
    { name: "fs-tests.dir", path: "/workspace/fs-tests.dir" },
    { name: "/", path: "/mnt/root" },
  ]);
});

test("a mounted file brings its folder along, once", () => {
  const mounts = [mount("a:/data/a.csv", "file"), mount("b:/data/b.csv", "file"), mount("c:c.csv", "file")];
  expect(preopensOf(mounts, false)).toEqual([
    { name: "/data", path: "/data" },
    { name: ".", path: "/workspace" },
  ]);
});

test("without mounts there is none, unless what the program makes is brought out: then the runtime decides", () => {
  expect([preopensOf([], false), preopensOf([], true)]).toEqual([[], undefined]);
});
