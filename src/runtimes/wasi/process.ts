import type { RunIo, RuntimeHost, RuntimeRun } from "../runtime.ts";
import { abi, BAD_FD, Refusal } from "./abi.ts";
import {
  type Descriptor,
  type DirectoryDescriptor,
  FdTable,
  inputDescriptor,
  outputDescriptor,
} from "./descriptors.ts";
import { type Ending, GuestStopped } from "./ended.ts";
import { GuestMemory } from "./memory.ts";
import { StdinSource } from "./stdin.ts";
import { type StringTable, stringTable } from "./strings.ts";

/** One run of one module: what its calls work on. */
export interface WasiProcess {
  readonly host: RuntimeHost;
  readonly io: RunIo;
  readonly memory: GuestMemory;
  readonly fds: FdTable;
  readonly stdin: StdinSource;
  readonly args: StringTable;
  /** "NAME=value" each. */
  readonly envs: StringTable;
  /** The guest can be suspended while a promise is open (JSPI). */
  readonly canSuspend: boolean;
  /** `host.monotonicNs()` at the start: what the CPU-time clocks count from. */
  readonly startedNs: bigint;
  /** The last reading of the monotonic clock. */
  monotonicNs: bigint;
  /** Why the guest was unwound. Stays: a guest that catches the unwinding is unwound again at its next call. */
  ending: Ending | undefined;
}

/** A run before its module is instantiated: streams open, preopens not yet, no memory attached. */
export function createProcess(
  host: RuntimeHost,
  run: Pick<RuntimeRun, "filename" | "args" | "envs">,
  io: RunIo,
  canSuspend: boolean,
): WasiProcess {
  const fds = new FdTable(host.vfs);
  const stdin = new StdinSource(io);
  fds.add(inputDescriptor(stdin));
  fds.add(outputDescriptor("stdout"));
  fds.add(outputDescriptor("stderr"));
  return {
    host,
    io,
    memory: new GuestMemory(),
    fds,
    stdin,
    args: stringTable([run.filename, ...run.args]),
    envs: stringTable(Object.entries(run.envs).map(([name, value]) => `${name}=${value}`)),
    canSuspend,
    startedNs: host.monotonicNs(),
    monotonicNs: -1n,
    ending: undefined,
  };
}

export type Call = (...args: never[]) => number | Promise<number>;

const NOT_CAPABLE = new Refusal(abi.ERRNO_NOTCAPABLE);
const NOT_DIRECTORY = new Refusal(abi.ERRNO_NOTDIR);

/** The open descriptor. EBADF; ENOTCAPABLE when the guest gave up the right. */
export function descriptor(process: WasiProcess, fd: number, right = 0): Descriptor {
  const found = process.fds.get(fd);
  if (found === undefined) throw BAD_FD;
  if ((found.dropped & right) !== 0) throw NOT_CAPABLE;
  return found;
}

/** As `descriptor`, of a directory: ENOTDIR. */
export function directory(process: WasiProcess, fd: number, right = 0): DirectoryDescriptor {
  const found = descriptor(process, fd, right);
  if (found.kind !== "directory") throw NOT_DIRECTORY;
  return found;
}

/** Unwinds the guest when it is being stopped. */
export function throwIfStopped(process: WasiProcess): void {
  const reason = process.io.pollStop();
  if (reason === null) return;
  process.ending = new GuestStopped(reason);
  throw process.ending;
}
