import { abi, type CallName, INVALID } from "./abi.ts";
import type { GuestMemory } from "./memory.ts";
import type { Call } from "./process.ts";

/** Whence of `fd_seek` in snapshot 0, by its numbers: CUR, END, SET. */
const WHENCE = [abi.WHENCE_CUR, abi.WHENCE_END, abi.WHENCE_SET];
const SUBSCRIPTION_BYTES = 48;
const OLD_SUBSCRIPTION_BYTES = 56;

/**
 * `wasi_unstable` over preview 1's calls. What differs: the order of whence, a `filestat` of 56 bytes with a 32-bit link
 * count, and a `subscription` with one field more.
 *
 * @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview0/docs.md
 */
export function snapshot0Calls(find: (name: CallName) => Call, memory: GuestMemory) {
  const seek = find("fd_seek") as (fd: number, offset: bigint, whence: number, pointer: number) => number;
  const fdStat = find("fd_filestat_get") as (fd: number, pointer: number) => number;
  const pathStat = find("path_filestat_get") as (...args: number[]) => number;
  const poll = find("poll_oneoff") as (...args: number[]) => number | Promise<number>;

  return {
    fd_seek(fd: number, offset: bigint, whence: number, pointer: number) {
      const known = WHENCE[whence];
      if (known === undefined) throw INVALID;
      return seek(fd, offset, known, pointer);
    },
    fd_filestat_get: (fd: number, pointer: number) =>
      withOldFilestat(memory, pointer, () => fdStat(fd, pointer)),
    path_filestat_get: (fd: number, lookup: number, path: number, length: number, pointer: number) =>
      withOldFilestat(memory, pointer, () => pathStat(fd, lookup, path, length, pointer)),
    poll_oneoff(pointer: number, events: number, count: number, countPointer: number) {
      const length = count >>> 0;
      if (length > 4096) throw INVALID;
      const list = memory.range(pointer, length * OLD_SUBSCRIPTION_BYTES);
      // The guest's list is its own to reuse after the call, so the shorter form is laid over it and taken back.
      const old = list.slice();
      for (let index = 0; index < length; index++) {
        const from = old.subarray(index * OLD_SUBSCRIPTION_BYTES, (index + 1) * OLD_SUBSCRIPTION_BYTES);
        const to = list.subarray(index * SUBSCRIPTION_BYTES, (index + 1) * SUBSCRIPTION_BYTES);
        to.set(from.subarray(0, 16));
        if (from[8] === abi.EVENTTYPE_CLOCK) to.set(from.subarray(24, 56), 16);
        else to.set(from.subarray(16, 48), 16);
      }
      const restore = (): void => {
        // Not where the call wrote its events, should the two overlap.
        const start = pointer >>> 0;
        const end = start + old.length;
        const written = events >>> 0;
        if (written >= end || written + length * 32 <= start) memory.range(pointer, old.length).set(old);
      };
      const answer = poll(pointer, events, count, countPointer);
      if (typeof answer === "number") {
        restore();
        return answer;
      }
      return answer.finally(restore);
    },
  } satisfies Record<string, Call>;
}

/** Lets a call write the new 64 bytes, then lays the old 56 over them and gives the guest its last 8 back. */
function withOldFilestat(memory: GuestMemory, pointer: number, call: () => number): number {
  // The 8 bytes behind are borrowed: a struct at the very end of memory, where no libc puts one, is refused.
  const start = memory.check(pointer, 64);
  const behind = memory.range(start + 56, 8).slice();
  const errno = call();
  const stat = memory.range(start, 64);
  if (errno === abi.ERRNO_SUCCESS) {
    // nlink becomes a u32 at 20; size and the three times move up by 8.
    stat.copyWithin(20, 24, 28);
    stat.copyWithin(24, 32, 64);
  }
  stat.set(behind, 56);
  return errno;
}
