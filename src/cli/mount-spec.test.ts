import { expect, test } from "vitest";
import { parseMountSpec } from "./mount-spec.ts";

test.each([
  ["data:/data", { hostPath: "data", guestName: "/data", guestPath: "/data", isWritable: false }],
  ["data:/data:ro", { hostPath: "data", guestName: "/data", guestPath: "/data", isWritable: false }],
  [
    "./a:/workspace/a:rw",
    { hostPath: "./a", guestName: "/workspace/a", guestPath: "/workspace/a", isWritable: true },
  ],
  ["C:\\x:/data", { hostPath: "C:\\x", guestName: "/data", guestPath: "/data", isWritable: false }],
  [
    "fs:fs-tests.dir:rw",
    { hostPath: "fs", guestName: "fs-tests.dir", guestPath: "/workspace/fs-tests.dir", isWritable: true },
  ],
  [".:.", { hostPath: ".", guestName: ".", guestPath: "/workspace", isWritable: false }],
  ["tree:/", { hostPath: "tree", guestName: "/", guestPath: "/mnt/root", isWritable: false }],
  ["C:/x:data", { hostPath: "C:/x", guestName: "data", guestPath: "/workspace/data", isWritable: false }],
  ["a:b:data", { hostPath: "a:b", guestName: "data", guestPath: "/workspace/data", isWritable: false }],
  ["data://data/", { hostPath: "data", guestName: "//data/", guestPath: "/data", isWritable: false }],
])("reads %s", (text, spec) => {
  expect(parseMountSpec(text)).toEqual(spec);
});

test.each([
  ["data", '--mount needs HOST:GUEST, not "data"'],
  ["data:", '--mount needs HOST:GUEST, not "data:"'],
  [":/data", '--mount needs HOST:GUEST, not ":/data"'],
  [":rw", '--mount needs HOST:GUEST, not ":rw"'],
  [".:/x:rx", '--mount .:/x:rx: it may end in :rw, or in nothing for read-only, not in ":rx"'],
  ["a:/x:RW", '--mount a:/x:RW: it may end in :rw, or in nothing for read-only, not in ":RW"'],
  ["a:x:r", '--mount a:x:r: it may end in :rw, or in nothing for read-only, not in ":r"'],
  ["ab:/x:read", '--mount ab:/x:read: it may end in :rw, or in nothing for read-only, not in ":read"'],
  ["a:/x/../../etc", '--mount a:/x/../../etc: The path "/x/../../etc" contains ".."'],
  ["a:../up", '--mount a:../up: The path "/workspace/../up" contains ".."'],
  ["a:/nul\0", '--mount a:/nul\0: The path "/nul\\u0000" contains a NUL'],
])("refuses %j", (text, message) => {
  expect(() => parseMountSpec(text)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
});

test("a wrong ending is followed by both ways to write the mount", () => {
  expect(() => parseMountSpec(".:/x:rx")).toThrow(
    expect.objectContaining({ hint: "Write --mount .:/x or --mount .:/x:rw." }),
  );
});
