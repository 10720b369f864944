import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta, outcomeOf } from "./contract/harness.ts";
import { ModelFileSystem, ModelRefusal } from "./contract/model.ts";
import type { Ino, Mark, TreeEntry, WalkResult } from "./filesystem.ts";
import { Vfs } from "./vfs.ts";

/** One change of a random program, made to the real filesystem and to the model alike. */
type Change =
  | { kind: "write"; path: string; bytes: Uint8Array }
  | { kind: "writeAt"; path: string; offset: number; bytes: Uint8Array }
  | { kind: "truncate"; path: string; size: number }
  | { kind: "makeDir" | "unlink" | "rmdir" | "remove"; path: string }
  | { kind: "symlink"; path: string; target: string }
  | { kind: "link" | "rename"; from: string; to: string }
  | { kind: "chmod"; path: string; mode: number };

/** Or something that must not change what the tree reads like. */
type Step =
  | Change
  | { kind: "mark" | "dropMark" | "goOnWithFork" | "forkAndGoOn" | "restore" | "close" }
  | { kind: "open"; path: string }
  | { kind: "undone"; changes: Change[] };

const name = fc.constantFrom("a", "b", "c", "__proto__");
/** The last component is a name; those before it may climb. */
const path = fc
  .tuple(fc.array(fc.oneof({ weight: 6, arbitrary: name }, fc.constant("..")), { maxLength: 2 }), name)
  .map(([middle, last]) => `/${[...middle, last].join("/")}`);
const target = fc.oneof(path, name, fc.constantFrom("..", "../a", "b/../c", "/"));
const bytes = fc.uint8Array({ maxLength: 6 });
const size = fc.integer({ min: 0, max: 200 });

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("write"), path, bytes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("writeAt"), path, offset: size, bytes }) },
  fc.record({ kind: fc.constant("truncate"), path, size }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("makeDir"), path }) },
  fc.record({ kind: fc.constantFrom("unlink", "rmdir", "remove"), path }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("symlink"), path, target }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("link"), from: path, to: path }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("rename"), from: path, to: path }) },
  fc.record({ kind: fc.constant("chmod"), path, mode: fc.constantFrom(0o600, 0o755, 0o1777) }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: change },
  fc.record({ kind: fc.constant("mark") }),
  fc.record({ kind: fc.constantFrom("dropMark", "goOnWithFork", "forkAndGoOn", "restore", "close") }),
  fc.record({ kind: fc.constant("open"), path }),
  fc.record({ kind: fc.constant("undone"), changes: fc.array(change, { maxLength: 5 }) }),
);

test("random programs give the same answers and the same tree as a plain model, whatever is remembered meanwhile", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      let now = 0n;
      const model = new ModelFileSystem();
      let fs = new Vfs({ fileBytes: 2 ** 24, nowNs: () => ++now });
      let marks: { mark: Mark; tree: TreeEntry[] }[] = [];
      let open: Ino[] = [];
      const left: { fs: Vfs; tree: TreeEntry[] }[] = [];

      for (const current of steps) {
        switch (current.kind) {
          case "mark":
            marks.push({ tree: fs.snapshot(), mark: fs.mark() });
            break;
          case "dropMark": {
            // An inner one where there are several: the layers on both sides of it have to merge.
            const [dropped] = marks.splice(marks.length >> 1, 1);
            if (dropped) fs.dropMark(dropped.mark);
            break;
          }
          case "goOnWithFork": {
            const fork = fs.fork();
            left.push({ fs, tree: fs.snapshot() });
            fs = fork;
            marks = [];
            open = [];
            break;
          }
          case "forkAndGoOn":
            left.push({ fs: fs.fork(), tree: fs.snapshot() });
            break;
          case "restore":
            fs.restore(fs.snapshot());
            break;
          case "open": {
            const { ino } = walkOrNothing(fs, current.path);
            if (ino !== undefined) {
              fs.retain(ino);
              open.push(ino);
            }
            break;
          }
          case "close": {
            const ino = open.shift();
            if (ino !== undefined) fs.release(ino);
            break;
          }
          case "undone":
            expect(() =>
              fs.atomically(() => {
                for (const one of current.changes) outcomeOf(() => apply(fs, one));
                throw new Error("undone");
              }),
            ).toThrow("undone");
            break;
          default:
            expect(outcomeOf(() => apply(fs, current))).toBe(outcomeOf(() => applyToModel(model, current)));
        }
      }

      for (const ino of open) fs.release(ino);
      const tree = fs.snapshot();
      expect(tree.map(({ mtimeNs: _, ...entry }) => entry)).toEqual(model.tree());
      for (const { mark, tree: before } of marks) {
        expect(applyDelta(before, fs.changesSince(mark))).toEqual(tree);
      }
      for (const other of left) expect(other.fs.snapshot()).toEqual(other.tree);

      const restored = new Vfs({ fileBytes: 2 ** 24, nowNs: () => ++now });
      restored.restore(tree);
      expect(restored.snapshot()).toEqual(tree);
      expect(restored.usage()).toEqual(fs.usage());
      expect(linksOf(restored)).toEqual(linksOf(fs));
    }),
    { numRuns: 300 },
  );
});

function walkOrNothing(fs: Vfs, path: string): { ino: Ino | undefined } {
  const found = outcomeOf(() => fs.walk(path));
  return typeof found === "object" ? (found as WalkResult) : { ino: undefined };
}

function apply(fs: Vfs, current: Change): void {
  switch (current.kind) {
    case "write":
      return fs.writeFile(current.path, current.bytes);
    case "writeAt":
      fs.write(fs.resolve(current.path), current.offset, current.bytes);
      return;
    case "truncate":
      return fs.truncate(fs.resolve(current.path), current.size);
    case "makeDir":
      fs.makeDir(current.path);
      return;
    case "remove":
      return fs.remove(current.path);
    case "unlink": {
      const { parent, name } = fs.walk(current.path, { follow: false });
      return fs.unlinkAt(parent, name);
    }
    case "rmdir": {
      const { parent, name } = fs.walk(current.path, { follow: false });
      return fs.rmdirAt(parent, name);
    }
    case "symlink": {
      const { parent, name } = fs.walk(current.path, { follow: false });
      fs.symlinkAt(parent, name, current.target);
      return;
    }
    case "link": {
      const ino = fs.resolve(current.from, { follow: false });
      const { parent, name } = fs.walk(current.to, { follow: false });
      return fs.link(ino, parent, name);
    }
    case "rename":
      return fs.rename(current.from, current.to);
    case "chmod":
      return fs.setMode(fs.resolve(current.path), current.mode);
  }
}

function applyToModel(model: ModelFileSystem, current: Change): unknown {
  try {
    switch (current.kind) {
      case "write":
        return model.writeFile(current.path, current.bytes);
      case "writeAt":
        // A write of nothing grows nothing.
        return model.writeAt(current.path, current.bytes.length === 0 ? 0 : current.offset, current.bytes);
      case "truncate":
        return model.truncate(current.path, current.size);
      case "makeDir":
      case "remove":
      case "unlink":
      case "rmdir":
        return model[current.kind](current.path);
      case "symlink":
        return model.symlink(current.path, current.target);
      case "link":
      case "rename":
        return model[current.kind](current.from, current.to);
      case "chmod":
        return model.chmod(current.path, current.mode);
    }
  } catch (error) {
    if (error instanceof ModelRefusal) return error.errno;
    throw error;
  }
}

/** Link counts by path: what neither the snapshot nor the usage shows. */
function linksOf(fs: Vfs): [string, number][] {
  return fs
    .snapshot()
    .map(({ path }) => [path, fs.stat(fs.resolve(path, { follow: false })).nlink] satisfies [string, number]);
}
