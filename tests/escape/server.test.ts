import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SandboxHost } from "../../src/client/host.ts";
import { findBubblewrap, worksHere } from "../../src/hosts/node/bubblewrap.ts";
import { findDeno } from "../../src/hosts/node/find-deno.ts";
import { openServerCage } from "../../src/hosts/node/open-cage.ts";
import { Sandbox } from "../../src/index.node.ts";
import { hostileAssets } from "./hostile-assets.ts";
import { tryWaysOut } from "./ways-out.js";

const assetsUrl = await hostileAssets();
const scratch = mkdtempSync(join(tmpdir(), "sandglass-escape-"));
const secret = join(scratch, "secret.txt");
writeFileSync(secret, "secret");
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.end("export {}");
});
server.on("upgrade", (request, socket) => {
  asked.push(request.url ?? "");
  socket.destroy();
});
let address = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(scratch, { recursive: true, force: true });
});

class UnwrappedSandbox extends Sandbox {
  static override readonly host: SandboxHost = {
    ...Sandbox.host,
    openCage: (request) => openServerCage(request, { find: () => undefined }),
  };
}
const attack = (body: string) => `export default async ({ print, finish }) => { ${body} finish({}) }`;

/** Code that tries each of the named expressions and prints the names of those that gave something. */
function tries(ways: Readonly<Record<string, string>>): string {
  const entries = Object.entries(ways).map(([name, way]) => `${JSON.stringify(name)}: async () => ${way}`);
  return `for (const [name, way] of Object.entries({ ${entries.join(", ")} })) {
    try { if ((await way()) !== undefined) print(name + " "); } catch {} }`;
}

/** What a process with the person's rights can do. Each gives something when it works. */
const POWERS = (): Record<string, string> => ({
  environment: "Deno.env.toObject()",
  "read a file": `Deno.readTextFileSync(${JSON.stringify(secret)})`,
  "read the assets": `Deno.readTextFileSync(${JSON.stringify(join(assetsUrl, "manifest.json"))})`,
  "read its own environment": `Deno.readTextFileSync("/proc/self/environ")`,
  "list a folder": `[...Deno.readDirSync("/")]`,
  "write a file": `Deno.writeTextFileSync(${JSON.stringify(join(scratch, "written"))}, "x") ?? 1`,
  "make a temporary file": "Deno.makeTempFileSync()",
  spawn: `new Deno.Command(Deno.execPath?.() ?? "/deno", { args: ["--version"] }).outputSync()`,
  "signal its parent": "Deno.kill(Deno.ppid, 0) ?? 1",
  "signal its group": "Deno.kill(0, 0) ?? 1",
  connect: `await Deno.connect({ hostname: "127.0.0.1", port: ${new URL(address).port} })`,
  listen: `Deno.listen({ port: 0, hostname: "127.0.0.1" })`,
  "resolve a name": `await Deno.resolveDns("localhost", "A")`,
  "load native code": `Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } })`,
  "name the host": "Deno.hostname()",
  "read a file by import": `await import(${JSON.stringify(`file://${join(assetsUrl, "manifest.json")}`)}, { with: { type: "json" } })`,
  "read a file by fetch": `await (await fetch(${JSON.stringify(`file://${secret}`)})).text()`,
  "give a worker more rights": `await new Promise((resolve, reject) => {
      const worker = new Worker("data:text/javascript,postMessage(1)", { type: "module", deno: { permissions: { read: true } } });
      worker.onmessage = resolve; worker.onerror = (event) => { event.preventDefault(); reject(event) } })`,
  "store without permission": `await (async () => { const store = await caches.open("escape");
      await store.put("http://a/b", new Response("x".repeat(2 ** 20))); return store.match("http://a/b") })()`,
});
/** The same by Node's names, which Deno answers as well. Without /proc these imports end the process. */
const NODE_POWERS = (): Record<string, string> => ({
  "node: environment": `(await import("node:process")).default.env.PATH`,
  "node: read a file": `(await import("node:fs")).readFileSync(${JSON.stringify(secret)})`,
  "node: see a file": `(await import("node:fs")).existsSync(${JSON.stringify(secret)}) || undefined`,
  "node: spawn": `(await import("node:child_process")).execSync("id")`,
  "node: require": `(await import("node:module")).createRequire("file:///x.js")(${JSON.stringify(join(assetsUrl, "manifest.json"))})`,
  "node: database": `new (await import("node:sqlite")).DatabaseSync(${JSON.stringify(join(scratch, "a.db"))})`,
  "node: user": `(await import("node:os")).userInfo()`,
  "node: preopen": `new (await import("node:wasi")).WASI({ version: "preview1", preopens: { "/": "/" } })`,
  "node: heap snapshot": `(await import("node:v8")).writeHeapSnapshot(${JSON.stringify(join(scratch, "heap"))})`,
});

const cages: [string, typeof Sandbox, boolean][] = [["Deno alone", UnwrappedSandbox, false]];
const bwrap = findBubblewrap();
if (bwrap && (await worksHere(bwrap))) cages.push(["Deno in bubblewrap", Sandbox, true]);

describe.each(cages)("a worker that is owned, in %s", (_, Cage, isWrapped) => {
  test("has none of a process's powers; with the rights of the person all of them work", async () => {
    await using sandbox = await Cage.create({ language: "javascript", assetsUrl });
    // In bubblewrap there is no /proc, and asking for the program's own path ends the process: not an escape.
    const ways = isWrapped ? POWERS() : { ...POWERS(), ...NODE_POWERS() };
    if (isWrapped) ways["spawn"] = `new Deno.Command("/deno", { args: ["--version"] }).outputSync()`;
    const { logs, status } = await sandbox.runCode(attack(tries(ways)));
    expect(status).toBe("completed");
    expect(logs.stdout).toEqual([]);
    expect(readdirSync(scratch)).toEqual(["secret.txt"]);
  });

  test("reaches no address", async () => {
    const before = asked.length;
    await using sandbox = await Cage.create({ language: "javascript", assetsUrl });
    const { status, logs } = await sandbox.runCode(
      attack(`print((await (${tryWaysOut})(${JSON.stringify(`${address}/inside`)})).join(" "));`),
    );
    expect(status).toBe("completed");
    expect(logs.stdout.join("").split(" ").length).toBe(24);
    expect(asked.slice(before)).toEqual([]);
  });

  test.skipIf(!existsSync("/proc/self/fd"))(
    "is given no file, no descriptor and no variable of the host's",
    async () => {
      process.env.SANDGLASS_ESCAPE_SECRET = "visible";
      const before = new Set(descendants());
      await using sandbox = await Cage.create({ language: "javascript", assetsUrl });
      delete process.env.SANDGLASS_ESCAPE_SECRET;
      expect(sandbox.isRunning).toBe(false);
      const pids = descendants().filter((pid) => !before.has(pid));
      expect(pids.length).toBeGreaterThan(0);
      for (const pid of pids) {
        expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("SANDGLASS_ESCAPE_SECRET");
        const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
        expect(open.filter((target) => !/^(pipe|socket|anon_inode):|^\/dev\/null$/.test(target))).toEqual([]);
        expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max file size +0 +0 /m);
      }
      if (!isWrapped) return;
      const deepest = pids.at(-1);
      const writable = readFileSync(`/proc/${deepest}/mountinfo`, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ") as [string, string, string, string, string, string])
        .filter(([, , , , , options]) => !options.split(",").includes("ro"))
        .map(([, , , , path]) => path);
      // Devices can be written to, and are no storage.
      expect(
        writable.filter((path) => !/^\/dev\/(null|zero|full|random|urandom|tty|pts|console)$/.test(path)),
      ).toEqual([]);
    },
  );
});

test("the powers that are denied are there for a Deno with permissions", async () => {
  const ways = { ...POWERS(), ...NODE_POWERS() };
  // A permission set that allows all has nothing to add.
  delete ways["give a worker more rights"];
  const script = join(scratch, "mirror.mjs");
  writeFileSync(
    script,
    `const print = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text)); ${tries(ways)} Deno.exit()`,
  );
  const { stdout } = spawnSync(findDeno(), ["run", "--quiet", "--allow-all", script], {
    encoding: "utf8",
    env: { ...process.env, DENO_DIR: join(scratch, "deno") },
  });
  const missing = Object.keys(ways).filter((name) => !stdout.includes(`${name} `));
  expect(missing).toEqual([]);
});

describe("memory of the host's that no permission guards", () => {
  /** SQLite writes its temporary tables into files, in a folder of the caller's choice. */
  const spill = () => `const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(":memory:");
    database.exec("PRAGMA temp_store_directory='${scratch}'; PRAGMA temp_store=1; CREATE TEMP TABLE a(b); PRAGMA temp.cache_size=10;");
    database.exec("INSERT INTO temp.a SELECT randomblob(100000) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200) SELECT n FROM c)");`;

  test.skipIf(process.platform === "win32")("a temporary file ends the process that fills it", async () => {
    await using sandbox = await UnwrappedSandbox.create({ language: "javascript", assetsUrl });
    const { status, notices } = await sandbox.runCode(attack(`${spill()} print("spilled");`));
    expect(status).toBe("crashed");
    expect(notices[0]!.message).toContain("SIGXFSZ");
    // The mirror: without the limit the same permissions are enough.
    const script = join(scratch, "spill.mjs");
    writeFileSync(script, `${spill()} console.log("spilled");`);
    const { stdout } = spawnSync(findDeno(), ["run", "--quiet", "--no-prompt", script], {
      encoding: "utf8",
      env: { DENO_DIR: join(scratch, "deno") },
    });
    expect(stdout).toBe("spilled\n");
  });
});

function descendants(root = process.pid): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/) as [string, string, string]);
  const below = (pid: number): number[] =>
    rows
      .filter(([, parent, command]) => Number(parent) === pid && command !== "ps")
      .flatMap(([child]) => [Number(child), ...below(Number(child))]);
  return below(root);
}
