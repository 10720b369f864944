import { PREVIEW1, SIGNATURES } from "./abi.ts";
import { preopenDirectory } from "./descriptors.ts";
import { GuestCrashed, GuestExit, GuestSignalled, GuestStopped } from "./ended.ts";
import { wasiImports } from "./imports.ts";
import { encode } from "./memory.ts";
import { createProcess, type WasiProcess } from "./process.ts";
import { describeFiles, fill, TestIo, testHost } from "./wasi.testkit.ts";

/** The host side of a guest without the guest: its imports are called as an engine would, with numbers and bigints. */
export interface Border {
  readonly process: WasiProcess;
  readonly host: ReturnType<typeof testHost>;
  readonly io: TestIo;
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  /** Calls by name. What unwinds a guest is thrown as an Error that names it. */
  call(name: string, ...args: (number | bigint)[]): number;
  put(pointer: number, text: string): void;
  u32(pointer: number, ...values: number[]): void;
  get32(pointer: number): number;
  string(pointer: number, length: number): string;
  files(): Record<string, string>;
  text(stream: "stdout" | "stderr"): string;
}

/** A guest's border with `/workspace` as descriptor 3. */
export function border(files: Readonly<Record<string, string>>, pages = 2): Border {
  const host = testHost({ fileBytes: 1_000_000 });
  fill(host.vfs, files);
  const io = new TestIo();
  const process = createProcess(host, { filename: "m.wasm", args: ["☃"], envs: { A: "1" } }, io, false);
  process.fds.add(preopenDirectory(host.vfs.resolve("/workspace"), encode("/workspace")));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages + 10 });
  process.memory.attach(memory);
  const imports = wasiImports(
    process,
    Object.keys(SIGNATURES).map((name) => ({ module: PREVIEW1, name })),
  )[PREVIEW1] as Record<string, (...args: (number | bigint)[]) => number>;
  const view = (): DataView => new DataView(memory.buffer);
  return {
    process,
    host,
    io,
    memory,
    get bytes() {
      return new Uint8Array(memory.buffer);
    },
    call(name, ...args) {
      try {
        return imports[name]!(...args);
      } catch (error) {
        if (error instanceof GuestExit) throw new Error(`exit ${error.code}`);
        if (error instanceof GuestStopped) throw new Error(`stopped: ${error.reason}`);
        if (error instanceof GuestCrashed) throw new Error(`crashed: ${String(error.error)}`);
        if (error instanceof GuestSignalled) throw new Error(`signal ${error.signal}`);
        throw error;
      }
    },
    put: (pointer, text) => new Uint8Array(memory.buffer).set(encode(text), pointer),
    u32(pointer, ...values) {
      values.forEach((value, index) => {
        view().setUint32(pointer + index * 4, value, true);
      });
    },
    get32: (pointer) => view().getUint32(pointer, true),
    string: (pointer, length) =>
      new TextDecoder().decode(new Uint8Array(memory.buffer).subarray(pointer, pointer + length)),
    files: () => describeFiles(host.vfs),
    text: (stream) => io.text(stream),
  };
}
