import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateOptions } from "../../src/client/options.ts";
import type { SandboxCore } from "../../src/client/sandbox.ts";
import type { ExecutionStatus } from "../../src/protocol/api.ts";

type Host = "browser" | "server";

/** What an engine whose realm is owned may try, as code for hostile-engine.js, and what the host must make of it. */
interface Attack {
  name: string;
  /** Body of the attack; what it may use is named in hostile-engine.js. */
  code: string;
  /** How the run ends; where the two walls stop it differently, by host. */
  ends: ExecutionStatus | Record<Host, ExecutionStatus>;
  /** In the words of the notice. */
  because?: RegExp;
  host?: Host;
  timeoutMs?: number;
}

const answer = (fields: string) => `reply({ ok: true, value: { ...DONE, ${fields} } })`;
const result = (bundle: string) =>
  `event({ type: "result", isMainResult: true, bundle: ${bundle} }); finish({})`;
const file = (path: string, fields = "bytes: new Uint8Array(1)") =>
  `{ path: ${JSON.stringify(path)}, type: "file", mode: 0o644, mtimeNs: 0n, ${fields} }`;
const info = (fields: string) =>
  answer(
    `artifacts: [{ path: "/workspace/a", name: "a", type: "file", bytes: 1, mode: 0o644, modifiedMs: 0, ${fields} }]`,
  );
/** The host may be busy with one message for this long; without its defences some of these take it minutes. */
const MAX_LAG_MS = 3000;
const BIG = 64 * 2 ** 20;

const ATTACKS: Attack[] = [
  // -- shapes
  { name: "an answer without its fields", code: "reply({ ok: true, value: {} })", ends: "crashed" },
  { name: "an answer with a field too many", code: answer("extra: 1"), ends: "crashed" },
  {
    name: "a comlink proxy",
    code: `post({ channel: "reply", message: { id, type: "HANDLER", name: "proxy", value: 1 } })`,
    ends: "crashed",
  },
  {
    name: "a comlink call into the host",
    code: `post({ id: "x", type: "APPLY", path: ["constructor"], argumentList: [] })`,
    ends: "crashed",
  },
  {
    name: "a port inside an answer",
    code: `const { port1 } = new MessageChannel();
      post({ channel: "reply", message: { id, type: "RAW", value: { ok: true, value: { ...DONE, port1 } } } }, [port1])`,
    ends: "crashed",
  },
  {
    name: "JSON with a key __proto__",
    code: result(`{ json: JSON.parse('{"__proto__": {"polluted": true}}') }`),
    ends: "crashed",
  },
  {
    name: "an answer with a key __proto__",
    code: `reply({ ok: true, value: JSON.parse('{"__proto__": {"polluted": true}}') })`,
    ends: "crashed",
  },
  {
    name: "an error code that is none",
    code: `reply({ ok: false, error: { code: "constructor", message: "" } })`,
    ends: "crashed",
  },
  { name: "a status that is none", code: answer(`status: "toString"`), ends: "crashed" },
  // -- messages that are small to send and large to read
  { name: "a typed array for a message", code: `post(new Uint8Array(${BIG}))`, ends: "crashed" },
  // -- bytes that are no message; a page's messages are no bytes to begin with
  {
    name: "bytes that nobody packed",
    code: "send(new Uint8Array([0xc1, 0xff]))",
    ends: "crashed",
    because: /could not be decoded|wrong shape/,
  },
  {
    name: "a list that announces 2^32 items",
    code: "send(new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]))",
    ends: "crashed",
    host: "server",
    because: /could not be decoded/,
  },
  {
    name: "a thousand lists of a million in each other",
    code: "const bytes = new Uint8Array(5000); for (let i = 0; i < 5000; i += 5) bytes.set([0xdd, 0, 0x0f, 0x42, 0x40], i); send(bytes)",
    ends: "crashed",
    host: "server",
    because: /announces more than there is/,
  },
  {
    name: "a list that is 64 million deep",
    code: `send(new Uint8Array(${BIG}).fill(0x91))`,
    ends: "crashed",
    host: "server",
    because: /more than 100 deep/,
  },
  {
    name: "50 million empty maps",
    code: "const bytes = new Uint8Array(5e7).fill(0x80); bytes.set([0xdd, 2, 0xfa, 0xf0, 0x7b]); send(bytes)",
    ends: "crashed",
    host: "server",
    because: /too many values/,
  },
  {
    name: "a message of 4 GiB",
    code: "const bytes = new Uint8Array(2 ** 32 + 100); send(bytes, [bytes.buffer])",
    ends: "crashed",
    host: "server",
    because: /at most \d+ are taken/,
  },
  {
    name: "something else than bytes",
    code: `send({ channel: "reply", message: { id, type: "RAW", value: { ok: true, value: DONE } } })`,
    ends: { browser: "completed", server: "crashed" },
    because: /^$|something else than packed messages/,
  },
  {
    name: "bytes that change while they are sent",
    code: `const bytes = new Uint8Array(new SharedArrayBuffer(1, { maxByteLength: 2 ** 20 })); send(bytes); for (;;) bytes.buffer.grow?.(2 ** 20)`,
    ends: "crashed",
    host: "server",
    because: /something else than packed messages/,
  },
  {
    name: "a typed array for a reply",
    code: `post({ channel: "reply", message: new Uint8Array(${BIG}) })`,
    ends: "crashed",
  },
  { name: "a typed array for an answer", code: `reply(new Uint8Array(${BIG}))`, ends: "crashed" },
  { name: "a typed array for a result", code: result(`new Uint8Array(${BIG})`), ends: "crashed" },
  {
    name: "a list of a million wrong items",
    code: `event({ type: "files-changed", changes: new Array(1e6).fill(0), runId: undefined })`,
    ends: "crashed",
  },
  {
    name: "a list of 2^32 holes",
    code: `post({ channel: "event", event: { type: "files-changed", changes: new Array(2 ** 32 - 1) } })`,
    ends: "crashed",
    host: "browser",
  },
  {
    name: "JSON of 2^60 shared values",
    code: `let a = [1]; for (let i = 0; i < 60; i += 1) a = [a, a]; ${result("{ json: a }")}`,
    ends: "crashed",
    host: "browser",
  },
  {
    name: "JSON that holds itself",
    code: `const a = []; a.push(a); ${result("{ json: a }")}`,
    ends: "crashed",
  },
  {
    name: "JSON 200 deep",
    code: `let a = 1; for (let i = 0; i < 200; i += 1) a = [a]; ${result("{ json: a }")}`,
    ends: "crashed",
  },
  {
    name: "an error that is its own cause",
    code: `const error = { code: "internal", message: "" }; error.cause = error; reply({ ok: false, error })`,
    ends: "crashed",
  },
  {
    name: "a wrong value of 10 MB in the words of the refusal",
    code: answer(`status: "x".repeat(1e7)`),
    ends: "crashed",
    because: /^.{0,900}$/u,
  },
  {
    name: "shared memory",
    code: `event({ type: "output", stream: "stdout", bytes: new Uint8Array(new SharedArrayBuffer(8)) }); finish({})`,
    ends: "completed",
  },
  {
    name: "memory that can grow",
    code: `event({ type: "output", stream: "stdout", bytes: new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 ** 20 })) }); finish({})`,
    ends: { browser: "crashed", server: "completed" },
  },
  {
    name: "a byte that drags 64 MB along",
    code: `event({ type: "output", stream: "stdout", bytes: new Uint8Array(new ArrayBuffer(${BIG}), 0, 1) }); finish({})`,
    ends: { browser: "crashed", server: "completed" },
  },
  // -- too much, too fast
  {
    name: "a flood of events",
    code: "for (;;) print('')",
    ends: "crashed",
    because: /sent more than it may/,
  },
  {
    name: "a flood of results",
    code: `for (;;) event({ type: "result", isMainResult: false, bundle: {} })`,
    ends: "crashed",
    because: /sent more than it may/,
  },
  {
    name: "a flood of questions",
    code: `for (;;) event({ type: "input-request", requestId: 1 })`,
    ends: "crashed",
    because: /asked for input without waiting/,
  },
  {
    name: "a flood of stray answers",
    code: `for (let i = 0; i < 1e5; i += 1) post({ channel: "reply", message: { id: "x" + i, type: "RAW", value: 1 } })`,
    ends: "crashed",
    because: /nobody asked for/,
  },
  {
    name: "a flood by way of the supervisor",
    code: `for (let i = 0; i < 1e5; i += 1) report({ type: "started" })`,
    ends: "crashed",
    because: /reports that nobody asked for/,
  },
  {
    name: "more output than was given",
    code: `for (let i = 0; i < 64; i += 1) print("x".repeat(65_536))`,
    ends: "output-limit",
  },
  {
    name: "more results than are given",
    code: `for (let i = 0; i < 64; i += 1) event({ type: "result", isMainResult: false, bundle: { text: "x".repeat(2 ** 20) } })`,
    ends: "output-limit",
  },
  // -- files
  {
    name: "a path that leads out",
    code: answer(`changes: { removed: [], entries: [${file("/workspace/../../etc/passwd")}] }`),
    ends: "crashed",
  },
  { name: "a relative path", code: answer(`changes: { removed: ["etc"], entries: [] }`), ends: "crashed" },
  {
    name: "a path with NUL",
    code: answer(`changes: { removed: [], entries: [${file("/workspace/a\0b")}] }`),
    ends: "crashed",
  },
  {
    name: "a name that is not its path's",
    code: answer(
      `artifacts: [{ path: "/workspace/a", name: "../../a", type: "file", bytes: 1, mode: 0o644, modifiedMs: 0 }]`,
    ),
    ends: "crashed",
  },
  { name: "a media type that is a header", code: info(`mimeType: "text/html\\r\\nX: y"`), ends: "crashed" },
  {
    name: "more bytes than the quota",
    code: answer(
      `changes: { removed: [], entries: [${file("/workspace/big", "bytes: new Uint8Array(3 * 2 ** 20)")}] }`,
    ),
    ends: "crashed",
    because: /at most 2097152 bytes/,
  },
  {
    name: "more files than there can be",
    code: answer(
      `changes: { removed: [], entries: Array.from({ length: 200_001 }, (_, i) => ({ path: "/w/" + i, type: "directory", mode: 0, mtimeNs: 0n })) }`,
    ),
    ends: "crashed",
  },
  {
    name: "names that outweigh the quota",
    code: answer(
      `changes: { removed: [], entries: Array.from({ length: 17_500 }, (_, i) => ({ path: "/" + "n".repeat(4000) + i, type: "directory", mode: 0, mtimeNs: 0n })) }`,
    ),
    ends: "crashed",
  },
  // -- time
  { name: "no answer at all", code: "", ends: "timed-out", timeoutMs: 300 },
  { name: "a busy loop", code: "for (;;);", ends: "timed-out", timeoutMs: 300 },
  {
    name: "another run's output, and output after the end",
    code: `event({ type: "output", stream: "stdout", bytes: new Uint8Array(9), runId: runId + 1 });
      finish({}); setTimeout(() => { for (let id = 0; id <= runId; id += 1) event({ type: "output", stream: "stdout", bytes: new Uint8Array(9), runId: id }) }, 5)`,
    ends: "completed",
  },
  {
    name: "words for a terminal",
    code: `setTimeout(() => { throw new Error("\\x1b]0;owned\\x07\\nsecond line\\u202e") })`,
    ends: "crashed",
    because: /^[^\p{Cc}\u202e]+$/u,
  },
];

/**
 * The worker is owned from its first instruction on; the host must end it, stay responsive, keep the files of before, and
 * run the next program.
 */
export function protocolAttacks(host: Host, Sandbox: typeof SandboxCore, base: CreateOptions): void {
  describe(`an engine that is owned, on the ${host}`, () => {
    let sandbox: SandboxCore;
    // One sandbox for all of them: what an attack leaves behind would show in the next one.
    beforeAll(async () => {
      sandbox = await Sandbox.create({
        ...base,
        language: "javascript",
        files: { "/workspace/kept.txt": "kept" },
        limits: { fileBytes: 2 ** 20, timeoutMs: 10_000, outputBytes: 2 ** 20 },
      });
    });
    afterAll(() => sandbox.kill());
    const run = (body: string, timeoutMs?: number) =>
      sandbox.runCode(
        `export default async ({ id, runId, post, reply, event, print, finish, report, send, DONE, createdWith }) => { ${body} }`,
        timeoutMs === undefined ? {} : { timeoutMs },
      );
    /** The mirror, and the sandbox's next life: the same engine, well-behaved, with the files of before. */
    async function expectUsable() {
      const next = await run(`print("next: " + createdWith.join(" ")); finish({})`);
      expect(next.status).toBe("completed");
      expect(next.logs.stdout).toEqual(["next: /workspace /workspace/kept.txt"]);
    }

    const attacks = ATTACKS.filter((attack) => attack.host === undefined || attack.host === host);
    test.each(attacks)("$name", async ({ code, ends, because, timeoutMs }) => {
      const lag = watchLag();
      const execution = await run(code, timeoutMs);
      const longestMs = lag.stop();
      expect(execution.status).toBe(typeof ends === "string" ? ends : ends[host]);
      if (because) expect(execution.notices.map(({ message }) => message).join(" ")).toMatch(because);
      expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
      await expectUsable();
      expect(longestMs).toBeLessThan(MAX_LAG_MS);
    });

    test("a checkpoint that is no file tree does not cost the sandbox", async () => {
      const forged = `${file("/no-tree")}, ${file("/no-tree/below-a-file")}`;
      await run(answer(`changes: { removed: [], entries: [${forged}] }, stateLost: true`));
      await expectUsable();
    });
  });
}

/** The longest time in which nothing else could run here. */
function watchLag(): { stop(): number } {
  let lag = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    lag = Math.max(lag, performance.now() - last - 20);
    last = performance.now();
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(lag, performance.now() - last);
    },
  };
}
