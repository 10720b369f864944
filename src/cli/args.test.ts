import { describe, expect, test } from "vitest";
import { parseArguments, type RunArguments } from "./args.ts";
import { CliError } from "./cli-error.ts";

const DEFAULTS: Omit<RunArguments, "source" | "language"> = {
  args: [],
  mounts: [],
  envs: {},
  limits: {},
  json: false,
};

function parse(...argv: string[]) {
  return parseArguments(argv, true);
}

/** The one line and hint a person gets, with the exit code. */
function refusal(argv: readonly string[], stdinIsTerminal = true) {
  try {
    parseArguments(argv, stdinIsTerminal);
  } catch (error) {
    if (error instanceof CliError)
      return { message: error.message, hint: error.hint, exitCode: error.exitCode };
    throw error;
  }
  return "accepted";
}

describe("sandglass run", () => {
  test("takes a file, its flags before or after it, and its arguments", () => {
    expect(
      parse("run", "--timeout", "2m", "a/main.py", "--env", "K=V=W", "--json", "x", "--", "--seed", "-c"),
    ).toEqual({
      name: "run",
      run: {
        ...DEFAULTS,
        source: { from: "file", path: "a/main.py" },
        language: "python",
        args: ["x", "--seed", "-c"],
        envs: { K: "V=W" },
        limits: { timeoutMs: 120_000 },
        json: true,
      },
    });
  });

  test("takes --flag=value as --flag value", () => {
    expect(parse("run", "--memory=64m", "--output-limit=1k", "--file-limit=2g", "--out=o", "m.ts")).toEqual({
      name: "run",
      run: {
        ...DEFAULTS,
        source: { from: "file", path: "m.ts" },
        language: "typescript",
        outDir: "o",
        limits: { memoryBytes: 64 * 2 ** 20, outputBytes: 1024, fileBytes: 2 * 2 ** 30 },
      },
    });
  });

  test("takes a snapshot to start from and a place for the one in the end", () => {
    expect(parse("run", "--restore", "a.snap", "--save=b.snap", "m.ts")).toEqual({
      name: "run",
      run: {
        ...DEFAULTS,
        source: { from: "file", path: "m.ts" },
        language: "typescript",
        restoreFile: "a.snap",
        saveFile: "b.snap",
      },
    });
  });

  test("takes code with -c as Python, and every other word as its argument", () => {
    expect(parse("run", "-c", "print(6*7)", "a", "b")).toEqual({
      name: "run",
      run: {
        ...DEFAULTS,
        source: { from: "code", code: "print(6*7)" },
        language: "python",
        args: ["a", "b"],
      },
    });
  });

  test("takes a file's name after -- as an argument of -c, and one that is no program's anywhere", () => {
    const argsOf = (...argv: string[]) => {
      const command = parse("run", ...argv);
      return command.name === "run" && [command.run.source.from, command.run.args];
    };
    expect([
      argsOf("-c", "1", "--", "main.py"),
      argsOf("-c", "1", "data.csv", "main.py"),
      argsOf("x", "-c", "1"),
    ]).toEqual([
      ["code", ["main.py"]],
      ["code", ["data.csv", "main.py"]],
      ["code", ["x"]],
    ]);
  });

  test("leaves the language open where the ending says none: whether the file is there is told first", () => {
    for (const path of ["Makefile", "a.sh", "a.constructor", "folder/"]) {
      expect(parse("run", path)).toEqual({
        name: "run",
        run: { ...DEFAULTS, source: { from: "file", path }, language: undefined },
      });
    }
  });

  test("reads the program from stdin for -, and for no program at all when stdin is a pipe", () => {
    const fromStdin = (args: string[]) => ({
      name: "run",
      run: { ...DEFAULTS, source: { from: "stdin" }, language: "python", args },
    });
    expect(parse("run", "-", "x")).toEqual(fromStdin(["x"]));
    expect(parseArguments(["run"], false)).toEqual(fromStdin([]));
    expect(refusal(["run"], true)).toEqual({
      message: "there is no program to run",
      hint: "Name a file, give -c CODE, or pipe a program in.",
      exitCode: 2,
    });
  });

  test("tells the language from the ending, whatever its case, and --lang overrules it", () => {
    const languageOf = (...argv: string[]) => {
      const command = parse("run", ...argv);
      return command.name === "run" && command.run.language;
    };
    expect(
      ["a.py", "a.js", "a.mjs", "a.ts", "a.mts", "a.wasm", "A.PY"].map((file) => languageOf(file)),
    ).toEqual(["python", "javascript", "javascript", "typescript", "typescript", "wasi", "python"]);
    expect(languageOf("--lang", "javascript", "a.py")).toBe("javascript");
    expect(languageOf("--lang", "typescript", "-c", "1")).toBe("typescript");
    expect(["js", "py", "ts", "wasm"].map((ending) => languageOf("--lang", ending, "-c", "1"))).toEqual([
      "javascript",
      "python",
      "typescript",
      "wasi",
    ]);
  });

  test("keeps an environment variable named __proto__ as a variable", () => {
    const command = parse("run", "-c", "1", "--env", "__proto__=x");
    const envs = command.name === "run" ? command.run.envs : {};
    expect(Object.entries(envs)).toEqual([["__proto__", "x"]]);
  });

  test.each([
    [["run", "--lang", "pyhton", "a"], 'there is no language "pyhton"', "Did you mean python?"],
    [
      ["run", "--lang", "cobol", "a"],
      'there is no language "cobol"',
      "Known languages: python, javascript, typescript, wasi.",
    ],
    [["run", "--tiemout", "3s", "a.py"], "there is no flag --tiemout", "Did you mean --timeout?"],
    [
      ["run", "a.py", "--verbose"],
      "there is no flag --verbose",
      "Put -- before flags that are meant for the program.",
    ],
    [["run", "a.py", "--timeout"], "--timeout needs a value", "See sandglass --help."],
    [["run", "--timeout", "1s", "--timeout", "2s", "a.py"], "--timeout is given twice", undefined],
    [["run", "--save", "a", "--save", "b", "a.py"], "--save is given twice", undefined],
    [["run", "a.py", "--json=yes"], "--json takes no value", undefined],
    [["run", "a.py", "--env", "=x"], '--env needs NAME=VALUE, not "=x"', undefined],
    [["run", "a.py", "--env", "HOME"], '--env needs NAME=VALUE, not "HOME"', undefined],
    [["run", "a.py", "--env", "A=\0"], "--env cannot hold a NUL", undefined],
    [
      ["run", "a.py", "--mount", ".:/"],
      "a mount at / is for .wasm programs only",
      "Choose a folder, such as /data or /workspace.",
    ],
    [["run", "a.py", "--mount", "a:/d", "--mount", "b:/d/"], "two mounts have the name /d/", undefined],
    [["rnu", "a.py"], 'there is no command "rnu"', "The commands are run and inspect. See sandglass --help."],
    [
      ["run", "main.py", "-c", "1"],
      "there are two programs: -c and main.py",
      "Leave one of them out, or put -- before main.py if it is an argument.",
    ],
    [
      ["run", "-c", "1", "-"],
      "there are two programs: -c and -",
      "Leave one of them out, or put -- before - if it is an argument.",
    ],
    [["main.py"], 'there is no command "main.py"', "Did you mean: sandglass run main.py"],
    [[], "there is nothing to do", "Try: sandglass run program.py"],
    [["--verison"], "there is no flag --verison", "Did you mean --version?"],
  ])("refuses %j with one line and exit code 2", (argv, message, hint) => {
    expect(refusal(argv)).toEqual({ message, hint, exitCode: 2 });
  });

  test.each(["--allow-net", "--allow-package", "--seed", "--now", "--trace"])(
    "answers that %s is not yet available",
    (flag) => {
      const hint = "There is no network, no package, no fixed seed or clock and no trace for now.";
      expect(refusal(["run", "a.py", flag, "1"])).toEqual({
        message: `${flag} is not yet available`,
        hint,
        exitCode: 2,
      });
    },
  );
});

describe("sandglass inspect", () => {
  test("takes a file or -, --json and --memory in any order", () => {
    expect([
      parse("inspect", "a.wasm"),
      parse("inspect", "--json", "--memory", "64m", "-"),
      parse("inspect", "--memory=1g", "--", "--json"),
      parse("inspect", "--help"),
    ]).toEqual([
      { name: "inspect", inspect: { path: "a.wasm", json: false } },
      { name: "inspect", inspect: { path: "-", json: true, memoryBytes: 64 * 2 ** 20 } },
      { name: "inspect", inspect: { path: "--json", json: false, memoryBytes: 2 ** 30 } },
      { name: "help" },
    ]);
  });

  test.each([
    [["inspect"], "there is nothing to inspect", "Name a .wasm file, or - for standard input."],
    [["inspect", "a", "b"], "inspect takes one file, and there are 2", undefined],
    [["inspect", "--jsno", "a"], "there is no flag --jsno", "Did you mean --json?"],
    [
      ["inspect", "--timeout", "1s", "a"],
      "there is no flag --timeout",
      "inspect takes --json and --memory SIZE.",
    ],
    [["inspect", "--json=1", "a"], "--json takes no value", undefined],
    [["inspect", "a", "--memory"], "--memory needs a value", "See sandglass --help."],
    [
      ["inspect", "a", "--memory", "64"],
      '--memory needs a number and a unit, not "64"',
      "Write it as 512m, 64k or 1g.",
    ],
    [["inspect", "a", "--memory", "1m", "--memory", "1m"], "--memory is given twice", undefined],
  ])("refuses %j with one line and exit code 2", (argv, message, hint) => {
    expect(refusal(argv)).toEqual({ message, hint, exitCode: 2 });
  });
});

test("help and version are asked for by flag, by word, and after run", () => {
  expect(
    [["--help"], ["-h"], ["help"], ["run", "--help"], ["run", "x.py", "-h"]].map((argv) => parse(...argv)),
  ).toEqual(Array.from({ length: 5 }, () => ({ name: "help" })));
  expect([["--version"], ["-V"], ["version"], ["run", "--version"]].map((argv) => parse(...argv))).toEqual(
    Array.from({ length: 4 }, () => ({ name: "version" })),
  );
});
