import { abi, INVALID, Refusal } from "./abi.ts";
import { GuestExit, GuestSignalled } from "./ended.ts";
import type { GuestMemory } from "./memory.ts";
import { type Call, throwIfStopped, type WasiProcess } from "./process.ts";
import type { StringTable } from "./strings.ts";

/** `crypto.getRandomValues` takes no more at once, and a host's `random` may be that. */
const RANDOM_CHUNK_BYTES = 65_536;

/** The coarsest steps of our hosts' clocks (a page that is not cross-origin isolated), the same everywhere. */
const REALTIME_STEP_NS = 1_000_000n;
const MONOTONIC_STEP_NS = 100_000n;

/** Signals that end nothing by default. */
const IGNORED_SIGNALS: ReadonlySet<number> = new Set([
  abi.SIGNAL_NONE,
  abi.SIGNAL_CHLD,
  abi.SIGNAL_CONT,
  abi.SIGNAL_URG,
  abi.SIGNAL_WINCH,
]);
/** Signals that would suspend the process until somebody continues it: nobody could. */
const STOP_SIGNALS: ReadonlySet<number> = new Set([
  abi.SIGNAL_STOP,
  abi.SIGNAL_TSTP,
  abi.SIGNAL_TTIN,
  abi.SIGNAL_TTOU,
]);

/** Arguments, environment, clocks, random bytes, and the ways out. */
export function processCalls(process: WasiProcess) {
  const { host, memory } = process;
  return {
    args_sizes_get: (countPointer: number, bytesPointer: number) =>
      writeSizes(memory, process.args, countPointer, bytesPointer),
    args_get: (listPointer: number, textPointer: number) =>
      writeStrings(memory, process.args, listPointer, textPointer),
    environ_sizes_get: (countPointer: number, bytesPointer: number) =>
      writeSizes(memory, process.envs, countPointer, bytesPointer),
    environ_get: (listPointer: number, textPointer: number) =>
      writeStrings(memory, process.envs, listPointer, textPointer),

    clock_res_get(id: number, pointer: number) {
      if (id < 0 || id > abi.CLOCKID_THREAD_CPUTIME_ID) throw INVALID;
      memory.setU64(pointer, id === abi.CLOCKID_REALTIME ? REALTIME_STEP_NS : MONOTONIC_STEP_NS);
      return abi.ERRNO_SUCCESS;
    },
    clock_time_get(id: number, _precision: bigint, pointer: number) {
      memory.setU64(pointer, clockNs(process, id));
      return abi.ERRNO_SUCCESS;
    },

    random_get(pointer: number, length: number) {
      const target = memory.range(pointer, length);
      for (let done = 0; done < target.length; done += RANDOM_CHUNK_BYTES) {
        throwIfStopped(process);
        host.random(target.subarray(done, done + RANDOM_CHUNK_BYTES));
      }
      return abi.ERRNO_SUCCESS;
    },
    sched_yield: () => abi.ERRNO_SUCCESS,

    proc_exit(code: number): number {
      process.ending = new GuestExit(code >>> 0);
      throw process.ending;
    },
    proc_raise(signal: number) {
      if (signal < 0 || signal > abi.SIGNAL_SYS) throw INVALID;
      if (IGNORED_SIGNALS.has(signal)) return abi.ERRNO_SUCCESS;
      if (STOP_SIGNALS.has(signal)) return abi.ERRNO_NOTSUP;
      process.ending = new GuestSignalled(signal);
      throw process.ending;
    },
  } satisfies Record<string, Call>;
}

/** Sockets: none is ever open, so every descriptor is either closed or something else. */
export function socketCalls(process: WasiProcess) {
  const refuse = (fd: number): number => {
    if (process.fds.get(fd) === undefined) return abi.ERRNO_BADF;
    return abi.ERRNO_NOTSOCK;
  };
  return {
    sock_accept: refuse,
    sock_recv: refuse,
    sock_send: refuse,
    sock_shutdown: refuse,
  } satisfies Record<string, Call>;
}

/** A clock's time. EINVAL for a clock there is not. */
export function clockNs(process: WasiProcess, id: number): bigint {
  switch (id) {
    case abi.CLOCKID_REALTIME:
      return process.host.nowNs();
    case abi.CLOCKID_MONOTONIC:
      return laterNs(process);
    case abi.CLOCKID_PROCESS_CPUTIME_ID:
    case abi.CLOCKID_THREAD_CPUTIME_ID:
      // No host tells a worker its CPU time; the run's wall time is its upper bound and never runs backwards.
      return process.host.monotonicNs() - process.startedNs;
    default:
      throw INVALID;
  }
}

/**
 * The monotonic clock, later at each reading: programs divide by the difference of two, and a page's clock stands still
 * for 100 microseconds at a time.
 */
function laterNs(process: WasiProcess): bigint {
  const nowNs = process.host.monotonicNs();
  process.monotonicNs = nowNs > process.monotonicNs ? nowNs : process.monotonicNs + 1n;
  return process.monotonicNs;
}

function writeSizes(
  memory: GuestMemory,
  strings: StringTable,
  countPointer: number,
  bytesPointer: number,
): number {
  if (strings.bytes.length > 0xffff_ffff) throw TOO_BIG;
  memory.check(bytesPointer, 4);
  memory.setU32(countPointer, strings.count);
  memory.setU32(bytesPointer, strings.bytes.length);
  return abi.ERRNO_SUCCESS;
}

function writeStrings(
  memory: GuestMemory,
  strings: StringTable,
  listPointer: number,
  textPointer: number,
): number {
  const { count, bytes, starts } = strings;
  const target = memory.range(textPointer, bytes.length);
  const list = memory.check(listPointer, count * 4);
  const text = textPointer >>> 0;
  for (let index = 0; index < count; index++) memory.setU32(list + index * 4, text + starts[index]!);
  target.set(bytes);
  return abi.ERRNO_SUCCESS;
}

const TOO_BIG = new Refusal(abi.ERRNO_OVERFLOW);
