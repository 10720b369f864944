import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeSandbox } from "../support/node-sandbox.ts";
import { openSdkPage, type SdkPage } from "../support/sdk-page.ts";
import { tarWith, zipWith, zipWithTwice } from "./archives.ts";
import { type Attempt, attemptAll } from "./attempt.ts";

let sdkPage: SdkPage | undefined;
beforeAll(async () => {
  sdkPage = await openSdkPage();
}, 60_000);
afterAll(() => sdkPage?.close());

const HOSTS = {
  "on the server": (attempts: Attempt[]) => attemptAll((options) => NodeSandbox.create(options), attempts),
  "in Chromium": (attempts: Attempt[]) =>
    sdkPage!.page.evaluate<Awaited<ReturnType<typeof attemptAll>>>(
      `(${attemptAll})((options) => sandglass.Sandbox.create(options), ${JSON.stringify(attempts)})`,
    ),
};

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex").toString("base64");
const HEADER = "0061736d 01000000";
const truncated = readFileSync(fileURLToPath(new URL("../fixtures/wasi/cat.wasm", import.meta.url))).subarray(
  0,
  9000,
);

/** Each call, and how it has to be answered. */
const PATHS: [Attempt, string, RegExp][] = [
  [{ call: "write", path: "../x" }, "invalid-path", /"\.\.\/x"/],
  [{ call: "write", path: "relative" }, "invalid-path", /"relative"/],
  [{ call: "write", path: "/workspace/../etc/x" }, "invalid-path", /"\/workspace\/\.\.\/etc\/x"/],
  [{ call: "read", path: "/workspace/a\0b" }, "invalid-path", /NUL/],
  [{ call: "write", path: "" }, "invalid-path", /""/],
  [{ call: "write", path: `/workspace/${"n".repeat(5000)}` }, "invalid-path", /5011 of 4096/],
  [{ call: "write", path: `/workspace/${"n".repeat(300)}` }, "name-too-long", /nnn/],
  [{ call: "list", path: "/.." }, "invalid-path", /"\/\.\."/],
  [{ call: "remove", path: "/workspace/../../.." }, "invalid-path", /\.\./],
  [{ call: "rename", path: "/workspace/a", to: "/workspace/../b" }, "invalid-path", /"\/workspace\/\.\.\/b"/],
  [{ call: "read", path: "/etc/passwd" }, "not-found", /\/etc\/passwd/],
  [{ call: "read", path: "/workspace" }, "is-a-directory", /\/workspace/],
  [{ call: "getInfo", path: "/workspace/none" }, "not-found", /\/workspace\/none/],
];

const ARCHIVES: [Attempt, string, RegExp][] = [
  [{ call: "importZip", base64: zipWith("../evil") }, "invalid-archive", /\.\.\/evil/],
  [{ call: "importZip", base64: zipWith("a/../../evil") }, "invalid-archive", /a\/\.\.\/\.\.\/evil/],
  [{ call: "importZip", base64: zipWith("/etc/evil") }, "invalid-archive", /\/etc\/evil/],
  [{ call: "importZip", base64: zipWith("nul\0.txt") }, "invalid-archive", /nul/],
  [{ call: "importZip", base64: zipWith("trap", "/etc/passwd", 0o120777) }, "invalid-archive", /trap/],
  [{ call: "importZip", base64: zipWith("trap", "../../x", 0o120777) }, "invalid-archive", /trap/],
  [{ call: "importZip", base64: zipWithTwice("a", "a/b") }, "invalid-archive", /a/],
  [{ call: "importZip", base64: hex("504b0304") }, "invalid-archive", /./],
  [{ call: "importZip", base64: "" }, "invalid-archive", /./],
  [{ call: "importZip", base64: zipWith("x"), path: "/workspace/.." }, "invalid-path", /\.\./],
  [
    { call: "importTar", base64: tarWith({ name: "../evil", content: "x" }) },
    "invalid-archive",
    /\.\.\/evil/,
  ],
  [
    { call: "importTar", base64: tarWith({ name: "/etc/evil", content: "x" }) },
    "invalid-archive",
    /\/etc\/evil/,
  ],
  [
    {
      call: "importTar",
      base64: tarWith({ name: "trap", type: "2", link: "/etc" }, { name: "trap/x", content: "x" }),
    },
    "invalid-archive",
    /trap/,
  ],
  [
    { call: "importTar", base64: tarWith({ name: "up", type: "2", link: "../../x" }) },
    "invalid-archive",
    /up/,
  ],
  [
    { call: "importTar", base64: tarWith({ name: "hard", type: "1", link: "../../x" }) },
    "invalid-archive",
    /\.\.\/\.\.\/x/,
  ],
  [{ call: "importTar", base64: tarWith({ name: "device", type: "3" }) }, "invalid-archive", /device/],
  [{ call: "importTar", base64: tarWith({ name: "pipe", type: "6" }) }, "invalid-archive", /pipe/],
];

/** `InvalidModule`, in one line that names the import or the offset. */
const MODULES: [string, Attempt, RegExp][] = [
  ["empty", { call: "runModule", base64: "" }, /byte 0/],
  [
    "not WebAssembly",
    { call: "runModule", base64: Buffer.from("#!/bin/sh\necho").toString("base64") },
    /byte 0/,
  ],
  ["cut in the middle", { call: "runModule", base64: truncated.toString("base64") }, /byte \d+/],
  ["a component", { call: "runModule", base64: hex("0061736d 0d000100") }, /byte 4|component/],
  [
    "without _start",
    { call: "runModule", base64: hex(`${HEADER} 0503010001 070a01 066d656d6f7279 0200`) },
    /_start/,
  ],
  [
    "that imports the unknown",
    // (import "env" "missing" (func)), memory, _start
    {
      call: "runModule",
      base64: hex(
        `${HEADER} 01040160 0000 020f01 03656e76 076d697373696e67 0000 03020100 0503010001 071302 066d656d6f7279 0200 065f7374617274 0001 0a040102000b`,
      ),
    },
    /env.*missing/,
  ],
];

describe.each(Object.entries(HOSTS))("%s", (_host, attempt) => {
  test("paths that lead out, or nowhere, are refused by name and leave nothing behind", async () => {
    const { answers, paths } = await attempt(PATHS.map(([call]) => call));
    for (const [index, [call, code, words]] of PATHS.entries()) {
      expect({ call, code: answers[index]?.code }).toEqual({ call, code });
      expect(answers[index]?.message).toMatch(words);
    }
    expect(paths.filter((path) => /evil|etc|\bx\b|nnn/.test(path))).toEqual([]);
  });

  test("archives that lead out are refused by the entry's name, and nothing of them is unpacked", async () => {
    const { answers, paths } = await attempt(ARCHIVES.map(([call]) => call));
    for (const [index, [call, code, words]] of ARCHIVES.entries()) {
      const shown =
        "base64" in call ? { ...call, base64: Buffer.from(call.base64, "base64").toString("latin1") } : call;
      expect({ shown, answer: answers[index] }).toMatchObject({ shown, answer: { code } });
      expect(answers[index]?.message).toMatch(words);
    }
    expect(paths.filter((path) => /evil|etc|trap|hard|up|\/a\b|\/x$/.test(path))).toEqual([]);
  });

  test("what is no preview 1 module is one line that names the import or the offset", async () => {
    const { answers } = await attempt(MODULES.map(([, call]) => call));
    for (const [index, [what, , words]] of MODULES.entries()) {
      const message = answers[index]?.message ?? "";
      expect({ what, message, lines: message.split("\n").length }).toEqual({
        what,
        message: expect.stringMatching(words),
        lines: 1,
      });
      expect({ what, message }).toEqual({ what, message: expect.stringContaining("InvalidModule") });
    }
  });
});
