import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const LIBRARY = pathToFileURL(new URL("../dist/lib/index.node.js", import.meta.url).pathname).href;

/** Runs a program to its end with the built library; the time is for a busy machine. */
async function runToEnd(body: string) {
  const program = `import { Sandbox } from ${JSON.stringify(LIBRARY)}; ${body}`;
  const args = ["--input-type=module", "--eval", program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return { stdout, stderr };
}
/** The processes a program has started, listed by itself. */
const CHILDREN = `const { readFileSync } = await import("node:fs");
  const children = readFileSync(\`/proc/self/task/\${process.pid}/children\`, "utf8").trim();`;

test("a program ends though spares wait and a sandbox was forgotten, and no process is left", async () => {
  const { stdout, stderr } = await runToEnd(`
    await Sandbox.prepare({ language: "wasi", spares: 1 });
    const sandbox = await Sandbox.create({ language: "javascript" });
    const { text } = await sandbox.runCode("6 * 7");
    ${CHILDREN}
    console.log(JSON.stringify({ text, children }));`);
  const { text, children } = JSON.parse(stdout) as { text: string; children: string };
  expect({ text, stderr }).toEqual({ text: "42", stderr: "" });
  const pids = children.split(" ").map(Number);
  expect(pids.length).toBe(2);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
}, 90_000);

test("a program does not end while a run goes on, whoever waits for it", async () => {
  const { stdout } = await runToEnd(`
    const sandbox = await Sandbox.create({ language: "javascript" });
    sandbox.runCode("await new Promise((done) => setTimeout(done, 300)); 'late'").then(({ text }) => console.log(text));`);
  expect(stdout).toBe("'late'\n");
}, 90_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
