import type { MimeBundle } from "../../protocol/api.ts";
import type { RunIo, StopReason } from "../runtime.ts";
import { type EmscriptenModule, ERRNO, type FsStream, type StreamOps } from "./emscripten.ts";

/** The one channel between our Python runner and us, besides the standard streams: commands in, answers out. */
const CONTROL_DEVICE = "/dev/sandglass";
/** Our block of device numbers; far from those Emscripten gives out. */
const MAJOR = 200;
/** First byte of a command written to the control device. */
const COMMAND = { interruptible: 0x49, result: 0x52, sleep: 0x53 } as const;

/** What a run talks to while it runs. */
export interface DeviceIo extends RunIo {
  /** Resolves with a reason once the run is to stop; never rejects. */
  readonly stopped: Promise<StopReason>;
}

/** Standard streams and the control device, whose other end changes with every run. */
export class Devices {
  /** The present run's streams; none between runs. */
  io: DeviceIo | undefined;
  /** The user's code runs, not ours around it: a stop may be raised. */
  isInterruptible = false;
  /** CPython's dump of the Python stack, once it is dying. */
  dump: string | undefined;
  readonly #module: EmscriptenModule;
  readonly #monotonicNs: () => bigint;
  #wakeNs = 0n;
  /** The run whose sleep was interrupted. */
  #interrupted: DeviceIo | undefined;

  constructor(module: EmscriptenModule, monotonicNs: () => bigint) {
    this.#module = module;
    this.#monotonicNs = monotonicNs;
  }

  /** Puts the devices in place of Emscripten's and opens descriptors 0, 1 and 2 on them. */
  install(): void {
    const { FS } = this.#module;
    const devices: [path: string, ops: Partial<StreamOps>][] = [
      ["/dev/stdin", { pull: (maxBytes) => this.#pullStdin(maxBytes) }],
      ["/dev/stdout", { write: this.#writer("stdout") }],
      ["/dev/stderr", { write: this.#writer("stderr") }],
      [
        CONTROL_DEVICE,
        {
          write: (_stream, heap, offset, length) => {
            this.#command(new Uint8Array(heap.buffer, heap.byteOffset + offset, length));
            return length;
          },
          pull: () => this.#sleep(),
        },
      ],
    ];
    for (const [minor, [path, ops]] of devices.entries()) {
      const rdev = FS.makedev(MAJOR, minor);
      FS.registerDevice(rdev, {
        ...ops,
        open: (stream) => {
          stream.seekable = false;
        },
      });
      if (path !== CONTROL_DEVICE) FS.unlink(path);
      FS.mkdev(path, 0o666, rdev);
    }
    this.openStandardStreams();
  }

  /** As after `install`, whatever earlier runs did. */
  restart(): void {
    this.isInterruptible = false;
    this.#wakeNs = 0n;
    this.#interrupted = undefined;
    this.openStandardStreams();
  }

  /** The interpreter is dying: what it still writes is its dump. */
  beginDump(): void {
    this.dump = "";
  }

  /** Descriptors 0, 1 and 2 stand again, whatever an earlier run did to them. Others are closed. */
  openStandardStreams(): void {
    const { FS } = this.#module;
    for (const stream of FS.streams) if (stream) FS.close(stream);
    FS.open("/dev/stdin", 0);
    FS.open("/dev/stdout", 1);
    FS.open("/dev/stderr", 1);
  }

  /**
   * `fd_read` for our devices: the answer at once where there is one, else a promise, on which the engine suspends the
   * guest. `undefined` when the descriptor is not one of ours.
   */
  read(fd: number, iovecs: number, count: number, result: number): number | Promise<number> | undefined {
    const stream: FsStream | null | undefined = this.#module.FS.getStream(fd);
    const pull = stream?.stream_ops.pull;
    if (pull === undefined) return undefined;
    const heap32 = this.#module.HEAPU32;
    let maxBytes = 0;
    for (let index = 0; index < count; index++) maxBytes += heap32[(iovecs >>> 2) + 2 * index + 1]!;
    const finish = (answer: Uint8Array | number): number => {
      if (typeof answer === "number") return answer;
      this.#scatter(answer, iovecs, count);
      this.#module.HEAPU32[result >>> 2] = answer.length;
      return 0;
    };
    const answer = pull(maxBytes);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  #scatter(bytes: Uint8Array, iovecs: number, count: number): void {
    const { HEAPU8, HEAPU32 } = this.#module;
    let done = 0;
    for (let index = 0; index < count && done < bytes.length; index++) {
      const target = HEAPU32[(iovecs >>> 2) + 2 * index]!;
      const room = HEAPU32[(iovecs >>> 2) + 2 * index + 1]!;
      HEAPU8.set(bytes.subarray(done, done + room), target);
      done += Math.min(room, bytes.length - done);
    }
  }

  #writer(stream: "stdout" | "stderr"): StreamOps["write"] {
    return (_stream, heap, offset, length) => {
      // A copy: the engine keeps what it is given until it sends it.
      const bytes = new Uint8Array(heap.buffer, heap.byteOffset + offset, length).slice();
      if (this.dump !== undefined) this.dump += new TextDecoder().decode(bytes);
      else this.io?.write(stream, bytes);
      return length;
    };
  }

  #pullStdin(maxBytes: number): Uint8Array | number | Promise<Uint8Array | number> {
    const io = this.io;
    if (io === undefined || maxBytes === 0) return new Uint8Array();
    if (io.pollStop() !== null) return ERRNO.EINTR;
    const answer = io.readStdin(maxBytes);
    if (!(answer instanceof Promise)) return answer.subarray(0, maxBytes);
    // Without stack switching the guest cannot wait; the runner says so in words before it comes to this.
    if (!this.#module.jspiSupported) return ERRNO.EIO;
    return Promise.race([
      answer.then(
        (bytes) => bytes.subarray(0, maxBytes),
        () => ERRNO.EIO,
      ),
      io.stopped.then(() => ERRNO.EINTR),
    ]);
  }

  #command(command: Uint8Array): void {
    const view = new DataView(command.buffer, command.byteOffset, command.length);
    if (command[0] === COMMAND.sleep && command.length === 9) {
      this.#wakeNs = this.#monotonicNs() + BigInt(Math.ceil(view.getFloat64(1, true) * 1e9));
    } else if (command[0] === COMMAND.interruptible) {
      this.isInterruptible = command[1] === 1;
    } else if (command[0] === COMMAND.result && command.length > 1) {
      const isMainResult = command[1] === 1;
      // A guest can write here by itself; what is no bundle is no result.
      const bundle = parseBundle(command.slice(2));
      if (bundle !== undefined) this.io?.result(bundle, isMainResult);
    }
  }

  /** Answers one byte when the time set by the last sleep command has come; EINTR when the run is stopped before. */
  #sleep(): Uint8Array | number | Promise<Uint8Array | number> {
    const io = this.io;
    const awake = new Uint8Array(1);
    const restMs = Number(this.#wakeNs - this.#monotonicNs()) / 1e6;
    if (io === undefined || restMs <= 0) return awake;
    if (io.pollStop() !== null) {
      // Interrupted once already and still asleep: an event loop that has cancelled its task goes on to end it.
      if (this.#interrupted === io) return awake;
      this.#interrupted = io;
      return ERRNO.EINTR;
    }
    io.flush();
    if (!this.#module.jspiSupported) {
      while (this.#monotonicNs() < this.#wakeNs) if (io.pollStop() !== null) return ERRNO.EINTR;
      return awake;
    }
    return new Promise((resolve) => {
      const wait = (): void => {
        const leftMs = Number(this.#wakeNs - this.#monotonicNs()) / 1e6;
        if (leftMs <= 0) resolve(awake);
        // Timers hold 31 bits of milliseconds.
        else timer = setTimeout(wait, Math.min(leftMs, 2 ** 31 - 1));
      };
      let timer: ReturnType<typeof setTimeout>;
      wait();
      void io.stopped.then(() => {
        clearTimeout(timer);
        this.#interrupted = io;
        resolve(ERRNO.EINTR);
      });
    });
  }
}

function parseBundle(json: Uint8Array): MimeBundle | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(json));
    return typeof value === "object" && value !== null ? (value as MimeBundle) : undefined;
  } catch {
    return undefined;
  }
}
