import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mark } from "./filesystem.ts";
import { Vfs } from "./vfs.ts";

/** Above what is copied outright, so that copies of the directory share its names. */
const FILES = 200;

type Step = {
  kind: "create" | "remove" | "rename" | "mark" | "drop" | "undo" | "fork";
  a: number;
  b: number;
};

const STEPS = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("create", "create", "remove", "rename", "mark", "drop", "undo", "fork"),
    a: fc.nat(FILES + 50),
    b: fc.nat(FILES + 50),
  }),
  { maxLength: 60 },
);

const nameOf = (number: number) => `/many/file-${number}`;
const listed = (fs: Vfs) => fs.readdir(fs.resolve("/many")).map(({ name, ino }) => `${name}=${ino}`);

function change(fs: Vfs, { kind, a, b }: Step): void {
  if (kind === "create") fs.writeFile(nameOf(a), Uint8Array.of(b));
  else if (fs.exists(nameOf(a))) {
    if (kind === "remove") fs.remove(nameOf(a));
    if (kind === "rename") fs.rename(nameOf(a), nameOf(b));
  }
}

test("a large directory is what was done to it, and changed by what was done since, whatever remembers it", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      let nowMs = 0;
      let fs = new Vfs({ fileBytes: 2 ** 24, nowNs: () => 0n, nowMs: () => ++nowMs });
      for (let number = 0; number < FILES; number++) fs.writeFile(nameOf(number), Uint8Array.of(number));
      let marks: { mark: Mark; paths: Map<string, string> }[] = [];
      const told = () =>
        new Map(
          fs
            .snapshot()
            .map((entry) => [entry.path, JSON.stringify([entry.type, entry.bytes, String(entry.mtimeNs)])]),
        );
      for (const step of steps) {
        if (step.kind === "mark") marks.push({ mark: fs.mark(), paths: told() });
        else if (step.kind === "drop") {
          const dropped = marks.splice(step.a % Math.max(1, marks.length), 1)[0];
          if (dropped) fs.dropMark(dropped.mark);
        } else if (step.kind === "undo") {
          const before = listed(fs);
          const undo = () =>
            fs.atomically(() => {
              change(fs, { ...step, kind: "create" });
              change(fs, { ...step, kind: "rename" });
              throw new Error("undone");
            });
          expect(undo).toThrow("undone");
          expect(listed(fs)).toEqual(before);
        } else if (step.kind === "fork") {
          const parent = fs;
          const before = listed(parent);
          fs = fs.fork();
          marks = [];
          change(fs, { ...step, kind: "remove" });
          expect(listed(parent)).toEqual(before);
        } else change(fs, step);
      }
      const now = told();
      for (const { mark, paths } of marks) {
        const { removed, entries } = fs.changesSince(mark);
        expect(removed).toEqual([...paths.keys()].filter((path) => !now.has(path)).sort());
        expect(entries.map(({ path }) => path)).toEqual(
          [...now]
            .filter(([path, what]) => paths.get(path) !== what)
            .map(([path]) => path)
            .sort(),
        );
      }
    }),
    { numRuns: 60 },
  );
});
