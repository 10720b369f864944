import { SandboxError } from "../../errors.ts";
import { outcomeOf, outline, writeText } from "../contract/harness.ts";
import { Vfs } from "../vfs.ts";

/** A filesystem with /workspace and a clock that stands at the first second of 2026. */
export function createFs(fileBytes = 2 ** 22): Vfs {
  const fs = new Vfs({ fileBytes, nowNs: () => 1_767_225_600_000_000_000n });
  fs.makeDir("/workspace");
  return fs;
}

/** A tree with everything an archive has to keep. */
export function createFullTree(): Vfs {
  const fs = createFs();
  const root = fs.resolve("/workspace");
  writeText(fs, "/workspace/src/main.py", "print(1)\n".repeat(200));
  writeText(fs, "/workspace/src-2", "sorts between src and src/");
  writeText(fs, "/workspace/empty-file", "");
  writeText(fs, "/workspace/__proto__", "a name");
  writeText(fs, "/workspace/10", "before 9");
  writeText(fs, "/workspace/9", "after 10");
  writeText(fs, "/workspace/日本/ünï 🏝️.txt", "unicode");
  writeText(fs, `/workspace/${"deep/".repeat(30)}${"n".repeat(200)}`, "long");
  fs.makeDir("/workspace/empty-dir", 0o700);
  fs.setMode(fs.resolve("/workspace/src/main.py"), 0o755);
  fs.symlinkAt(root, "link", "src/main.py");
  fs.symlinkAt(fs.resolve("/workspace/src"), "up", "../9");
  fs.symlinkAt(root, "dangling", "nowhere");
  fs.link(fs.resolve("/workspace/src/main.py"), root, "hard");
  fs.setTimes(fs.resolve("/workspace/9"), { mtimeNs: 1_700_000_001_500_000_000n });
  fs.setTimes(fs.resolve("/workspace/src"), { mtimeNs: 1_600_000_000_000_000_000n });
  return fs;
}

/** Code and message of a refusal; any other outcome is a fault. */
export async function refusalOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof SandboxError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("It was not refused");
}

/** Modes by path, for what `outline` does not show. */
export function modesOf(fs: Vfs): Record<string, string> {
  return Object.fromEntries(fs.snapshot().map(({ path, mode }) => [path, mode.toString(8)]));
}

export { outcomeOf, outline };
