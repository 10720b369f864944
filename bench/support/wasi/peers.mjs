// @ts-check
/** The other hosts of preview 1, each set up as its own documentation shows. Run in a child process only. */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {import("./guest.mjs").OpenGuest} OpenGuest
 * @typedef {(module: WebAssembly.Module, folder: string) => OpenGuest | Promise<OpenGuest>} OpenPeer
 */

/** @type {Readonly<Record<string, OpenPeer>>} */
export const PEERS = { "node-wasi": openNodeWasi, shim: openShim, "wasm-util": openWasmUtil };

/** node:wasi on files in memory (tmpfs where there is one), its stdout the null device: nothing waits for a reader. */
/** @type {OpenPeer} */
async function openNodeWasi(module, folder) {
  process.removeAllListeners("warning");
  process.on("warning", () => {});
  const { WASI } = await import("node:wasi");
  const nowhere = openSync("/dev/null", "w");
  const work = mkdtempSync(join(folder, "node-wasi-"));
  mkdirSync(join(work, "files"));
  process.on("exit", () => {
    closeSync(nowhere);
    rmSync(work, { recursive: true, force: true });
  });
  const errors = join(work, "stderr");
  return async (args, envs) => {
    const stderr = openSync(errors, "w");
    try {
      const wasi = new WASI({
        version: "preview1",
        args: ["wasi-work", ...args],
        env: envs,
        preopens: { ".": join(work, "files") },
        stdout: nowhere,
        stderr,
        returnOnExit: true,
      });
      const instance = new WebAssembly.Instance(
        module,
        /** @type {WebAssembly.Imports} */ (wasi.getImportObject()),
      );
      const exitCode = Number(wasi.start(instance));
      // A start that is timed prints a line too, and reading it back is not the peer's cost.
      return {
        exitCode,
        stderr: args[0] === "hello" || args[0] === "environment" ? "" : readFileSync(errors, "utf8"),
      };
    } finally {
      closeSync(stderr);
    }
  };
}

/** @type {OpenPeer} */
async function openShim(module) {
  const { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } = await import("@bjorn3/browser_wasi_shim");
  return async (args, envs) => {
    const decoder = new TextDecoder();
    let stderr = "";
    const fds = [
      new OpenFile(new File([])),
      new ConsoleStdout(() => {}),
      new ConsoleStdout((bytes) => {
        stderr += decoder.decode(bytes);
      }),
      new PreopenDirectory(".", new Map()),
    ];
    const env = Object.entries(envs).map((pair) => pair.join("="));
    const wasi = new WASI(["wasi-work", ...args], env, fds, { debug: false });
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const exports =
      /** @type {{ exports: { memory: WebAssembly.Memory, _start: () => unknown } }} */
      (/** @type {unknown} */ (instance));
    return { exitCode: wasi.start(exports), stderr };
  };
}

/** @type {OpenPeer} */
async function openWasmUtil(module) {
  const { WASI } = await import("@tybys/wasm-util");
  const { createFsFromVolume, Volume } = await import("memfs");
  return async (args, envs) => {
    const volume = Volume.fromJSON({
      "/files": null,
      "/dev/stdin": "",
      "/dev/stdout": "",
      "/dev/stderr": "",
    });
    const fs = createFsFromVolume(volume);
    let stderr = "";
    const wasi = new WASI({
      version: "preview1",
      args: ["wasi-work", ...args],
      env: envs,
      preopens: { ".": "/files" },
      fs: /** @type {never} */ (fs),
      print: () => {},
      printErr: (text) => {
        stderr += text;
      },
      returnOnExit: true,
    });
    const instance = new WebAssembly.Instance(
      module,
      /** @type {WebAssembly.Imports} */ (wasi.getImportObject()),
    );
    const exitCode = Number(wasi.start(/** @type {never} */ (instance)));
    return { exitCode, stderr };
  };
}
