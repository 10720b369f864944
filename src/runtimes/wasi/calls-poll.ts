import { abi, INVALID } from "./abi.ts";
import { clockNs } from "./calls-process.ts";
import type { GuestMemory } from "./memory.ts";
import { type Call, throwIfStopped, type WasiProcess } from "./process.ts";
import { sleepBlocking, suspendUntil, timer } from "./wait.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
/** Subscriptions of one call; `poll` and `select` in wasi-libc are bounded by descriptors, of which there are fewer. */
const SUBSCRIPTIONS_MAX = 4096;
/** What a stream is said to take at once. */
const OUTPUT_ROOM_BYTES = 65_536;

interface Event {
  readonly userdata: bigint;
  readonly type: number;
  readonly errno: number;
  readonly bytes: number;
  readonly isHangup: boolean;
}

interface Clock {
  readonly userdata: bigint;
  /** Nanoseconds from the start of this call. */
  readonly dueNs: bigint;
}

/** What one `poll_oneoff` waits for, sorted. */
interface Poll {
  readonly ready: Event[];
  readonly clocks: Clock[];
  /** Subscriptions to stdin that would have to wait. */
  readonly stdin: bigint[];
  waitingForStdin: Promise<void> | undefined;
}

/** `poll_oneoff`: sleeping, and waiting for stdin. Everything else is always ready. */
export function pollCalls(process: WasiProcess) {
  const { memory } = process;
  return {
    poll_oneoff(
      pointer: number,
      eventsPointer: number,
      count: number,
      countPointer: number,
    ): number | Promise<number> {
      const length = count >>> 0;
      if (length === 0 || length > SUBSCRIPTIONS_MAX) return abi.ERRNO_INVAL;
      memory.check(pointer, length * SUBSCRIPTION_BYTES);
      memory.check(eventsPointer, length * EVENT_BYTES);
      memory.check(countPointer, 4);
      const poll: Poll = { ready: [], clocks: [], stdin: [], waitingForStdin: undefined };
      for (let index = 0; index < length; index++) {
        subscribe(process, poll, (pointer >>> 0) + index * SUBSCRIPTION_BYTES);
      }
      const finish = (elapsedNs: bigint): number => {
        const events = [...poll.ready, ...due(poll, elapsedNs), ...readableNow(process, poll)];
        events.forEach((event, index) => {
          writeEvent(memory, (eventsPointer >>> 0) + index * EVENT_BYTES, event);
        });
        memory.setU32(countPointer, events.length);
        return abi.ERRNO_SUCCESS;
      };

      const next = nearest(poll.clocks);
      if (poll.ready.length > 0 || (next !== undefined && next <= 0n)) return finish(0n);
      return wait(process, poll, next, finish);
    },
  } satisfies Record<string, Call>;
}

function subscribe(process: WasiProcess, poll: Poll, pointer: number): void {
  const { memory } = process;
  const userdata = memory.u64(pointer);
  const type = memory.u8(pointer + 8);
  if (type === abi.EVENTTYPE_CLOCK) {
    const id = memory.u32(pointer + 16);
    const timeoutNs = memory.u64(pointer + 24);
    const flags = memory.u16(pointer + 40);
    const isAbsolute = (flags & abi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) !== 0;
    if (id > abi.CLOCKID_MONOTONIC) poll.ready.push(failed(userdata, type, abi.ERRNO_INVAL));
    else poll.clocks.push({ userdata, dueNs: isAbsolute ? timeoutNs - clockNs(process, id) : timeoutNs });
    return;
  }
  if (type !== abi.EVENTTYPE_FD_READ && type !== abi.EVENTTYPE_FD_WRITE) throw INVALID;
  const file = process.fds.get(memory.u32(pointer + 16));
  const isRead = type === abi.EVENTTYPE_FD_READ;
  if (file === undefined || file.kind === (isRead ? "output" : "input")) {
    poll.ready.push(failed(userdata, type, abi.ERRNO_BADF));
  } else if (file.kind === "input") {
    subscribeStdin(process, poll, userdata);
  } else if (file.kind === "file" && isRead) {
    const left = process.host.vfs.stat(file.ino).size - file.offset;
    poll.ready.push({ userdata, type, errno: 0, bytes: Math.max(left, 0), isHangup: false });
  } else {
    poll.ready.push({ userdata, type, errno: 0, bytes: isRead ? 0 : OUTPUT_ROOM_BYTES, isHangup: false });
  }
}

function subscribeStdin(process: WasiProcess, poll: Poll, userdata: bigint): void {
  const waiting = process.stdin.ready();
  if (waiting === undefined) {
    poll.ready.push(stdinReadable(process, userdata));
  } else if (process.canSuspend) {
    poll.stdin.push(userdata);
    poll.waitingForStdin = waiting;
  } else {
    waiting.catch(() => {});
    poll.ready.push(failed(userdata, abi.EVENTTYPE_FD_READ, abi.ERRNO_NOTSUP));
  }
}

function wait(
  process: WasiProcess,
  poll: Poll,
  nextNs: bigint | undefined,
  finish: (elapsedNs: bigint) => number,
): number | Promise<number> {
  const startMs = performance.now();
  // The duration is fixed by the guest's clocks, its passing is measured by the machine's: a frozen guest clock ends too.
  const durationMs = nextNs === undefined ? undefined : Number(nextNs) / 1e6;
  let isDue = false;
  const elapsedNs = (): bigint => {
    const measured = BigInt(Math.round((performance.now() - startMs) * 1e6));
    // What was slept for is due, whatever the rounding of the two clocks says.
    return isDue && nextNs !== undefined && measured < nextNs ? nextNs : measured;
  };
  if (process.canSuspend) {
    const clock = durationMs === undefined ? undefined : timer(durationMs);
    void clock?.done.then(() => {
      isDue = true;
    });
    const waits = [poll.waitingForStdin, clock?.done].filter((promise) => promise !== undefined);
    return suspendUntil(process, Promise.race(waits))
      .finally(() => clock?.cancel())
      .then(() => finish(elapsedNs()));
  }
  if (durationMs === undefined) {
    throwIfStopped(process);
    return finish(0n);
  }
  sleepBlocking(process, durationMs);
  isDue = true;
  return finish(elapsedNs());
}

function nearest(clocks: readonly Clock[]): bigint | undefined {
  let least: bigint | undefined;
  for (const { dueNs } of clocks) if (least === undefined || dueNs < least) least = dueNs;
  return least;
}

function due(poll: Poll, elapsedNs: bigint): Event[] {
  return poll.clocks
    .filter((clock) => clock.dueNs <= elapsedNs)
    .map(({ userdata }) => ({
      userdata,
      type: abi.EVENTTYPE_CLOCK,
      errno: 0,
      bytes: 0,
      isHangup: false,
    }));
}

/** Subscriptions to stdin that had to wait and need not any more. */
function readableNow(process: WasiProcess, poll: Poll): Event[] {
  if (poll.stdin.length === 0 || process.stdin.ready() !== undefined) return [];
  return poll.stdin.map((userdata) => stdinReadable(process, userdata));
}

function stdinReadable(process: WasiProcess, userdata: bigint): Event {
  const { available, atEnd } = process.stdin;
  return { userdata, type: abi.EVENTTYPE_FD_READ, errno: 0, bytes: available, isHangup: atEnd };
}

function failed(userdata: bigint, type: number, errno: number): Event {
  return { userdata, type, errno, bytes: 0, isHangup: false };
}

function writeEvent(memory: GuestMemory, pointer: number, event: Event): void {
  memory.range(pointer, EVENT_BYTES).fill(0);
  memory.setU64(pointer, event.userdata);
  memory.setU16(pointer + 8, event.errno);
  memory.setU8(pointer + 10, event.type);
  memory.setU64Number(pointer + 16, event.bytes);
  memory.setU16(pointer + 24, event.isHangup ? abi.EVENTRWFLAGS_FD_READWRITE_HANGUP : 0);
}
