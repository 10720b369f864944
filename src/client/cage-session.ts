import * as Comlink from "comlink";
import type * as v from "valibot";
import { SandboxError } from "../errors.ts";
import type { CageEvent, Reply, WorkerApi } from "../protocol/api.ts";
import { fromWireError } from "../protocol/errors.ts";
import {
  comlinkReplySchema,
  fromWorkerSchema,
  parseMessage,
  replySchema,
  toOneLine,
} from "../protocol/schema.ts";
import type { Cage, CageClosed } from "./cage.ts";

/** The supervising thread is asked this often while an answer is awaited, and given this many asks to answer one. */
const PING_EVERY_MS = 1000;
const MAX_UNANSWERED_PINGS = 5;

/**
 * What is no run and no start has to be answered in this time, unless one of those keeps the worker busy: they have
 * deadlines of their own. An archive of 256 MB takes seconds.
 */
const ANSWER_TIMEOUT_MS = 60_000;

/** Answers nobody asked for: a few may be late, many are a flood. */
const MAX_STRAY_REPLIES = 100;

type ApiMethod = keyof WorkerApi;
/** What a method of the cage answers with, out of its envelope. */
export type ApiAnswer<M extends ApiMethod> =
  Awaited<ReturnType<WorkerApi[M]>> extends Reply<infer T> ? T : never;

/** Why a session ended. Beyond what the cage reports: the client's own reasons to kill it. */
export interface SessionEnd {
  cause: CageClosed["cause"] | "timed-out" | "output-limit" | "cancelled";
  detail: string;
}

const NEXT_CAGE = "Try again: the next call opens another cage, with the files of the last completed work.";

interface PendingCall {
  fail: (end: SessionEnd) => void;
  /** Somebody else ends it in time. */
  hasDeadline: boolean;
  quietMs: number;
}

/**
 * One cage and the conversation with it. Requests go out by comlink; whatever comes back is parsed first, and a cage
 * that sends anything else than plain answers and known events is killed. Every call settles: answered, or refused
 * because the cage is gone.
 */
export class CageSession {
  readonly cage: Cage;
  /** Resolves once, when the cage is gone, with the first reason there was. */
  readonly ended: Promise<SessionEnd>;
  readonly #remote: Comlink.Remote<WorkerApi>;
  readonly #replyListeners = new Set<(event: { data: unknown }) => void>();
  readonly #pending = new Set<PendingCall>();
  readonly #onEvent: (event: CageEvent) => void;
  #end: SessionEnd | undefined;
  #resolveEnded: (end: SessionEnd) => void = () => {};
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #unansweredPings = 0;
  readonly #awaitedIds = new Set<string>();
  #strayReplies = 0;

  constructor(cage: Cage, onEvent: (event: CageEvent) => void) {
    this.cage = cage;
    this.#onEvent = onEvent;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    cage.onMessage = (message) => this.#receive(message);
    cage.closed.then(({ cause, detail }) => this.kill({ cause, detail }));
    const listeners = this.#replyListeners;
    this.#remote = Comlink.wrap<WorkerApi>({
      postMessage: (message: { id: string }, transfer?: Transferable[]) => {
        this.#awaitedIds.add(message.id);
        cage.post(message, transfer);
      },
      addEventListener: (_type, listener) => listeners.add(listener as never),
      removeEventListener: (_type, listener) => listeners.delete(listener as never),
    });
  }

  get isAlive(): boolean {
    return this.#end === undefined;
  }

  /** Ends the cage. The first reason given is the one that counts. */
  kill(end: SessionEnd): void {
    if (this.#end) return;
    this.#end = end;
    clearInterval(this.#heartbeat);
    this.cage.onMessage = undefined;
    this.cage.kill();
    this.#resolveEnded(end);
    for (const { fail } of [...this.#pending]) fail(end);
  }

  /**
   * Calls a method of the cage.
   *
   * @throws {SandboxError} what the cage answered, or `cage-died` when it is gone before it answers.
   */
  async call<M extends ApiMethod>(
    method: M,
    answer: v.GenericSchema<unknown, ApiAnswer<M>>,
    ...args: Parameters<WorkerApi[M]>
  ): Promise<ApiAnswer<M>> {
    const remote = this.#remote[method] as unknown as (...args: unknown[]) => Promise<unknown>;
    const raw = await this.#untilEnd(method, () => remote(...args));
    const reply = parseMessage(replySchema(answer), raw);
    if (!reply.success) {
      const detail = `The answer to "${method}" has the wrong shape: ${toOneLine(reply.issues[0].message)}`;
      this.kill({ cause: "protocol-violation", detail });
      throw new SandboxError(detail, { code: "protocol-violation", hint: NEXT_CAGE });
    }
    if (!reply.output.ok) throw fromWireError(reply.output.error);
    return reply.output.value;
  }

  #untilEnd<T>(method: ApiMethod, start: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (end: SessionEnd) => {
        // A sandbox that was killed opens no other.
        const hint = end.cause === "killed" ? undefined : NEXT_CAGE;
        reject(new SandboxError(`The cage is gone: ${end.detail}`, { code: "cage-died", hint, cause: end }));
      };
      if (this.#end) return fail(this.#end);
      this.cage.hold();
      const pending: PendingCall = { fail, hasDeadline: method === "run" || method === "boot", quietMs: 0 };
      this.#pending.add(pending);
      this.#watch();
      const settle = <A>(how: (value: A) => void) => {
        return (value: A) => {
          this.#pending.delete(pending);
          this.cage.letGo();
          if (this.#pending.size === 0) this.#unwatch();
          how(value);
        };
      };
      start().then(settle(resolve), settle(reject));
    });
  }

  #receive(message: unknown): void {
    const parsed = parseMessage(fromWorkerSchema, message);
    if (!parsed.success) return this.#refuse(parsed.issues[0].message);
    if (parsed.output.channel === "event") return this.#onEvent(parsed.output.event);
    const reply = parseMessage(comlinkReplySchema, parsed.output.message);
    if (!reply.success) return this.#refuse(reply.issues[0].message);
    if (!this.#awaitedIds.delete(reply.output.id)) {
      this.#strayReplies += 1;
      if (this.#strayReplies > MAX_STRAY_REPLIES) this.#refuse("answers that nobody asked for");
      return;
    }
    for (const listener of [...this.#replyListeners]) listener({ data: reply.output });
  }

  #refuse(why: string): void {
    this.kill({
      cause: "protocol-violation",
      detail: `The cage sent a message of the wrong shape: ${toOneLine(why)}`,
    });
  }

  /** A guest that computes for long is slow; a cage whose supervising thread does not answer is dead. */
  #watch(): void {
    if (this.#heartbeat !== undefined) return;
    this.#unansweredPings = 0;
    this.#heartbeat = setInterval(() => {
      if (this.#unansweredPings >= MAX_UNANSWERED_PINGS) {
        const seconds = (MAX_UNANSWERED_PINGS * PING_EVERY_MS) / 1000;
        return this.kill({ cause: "died", detail: `its process did not answer for ${seconds} s` });
      }
      this.#refuseSilence();
      this.#unansweredPings += 1;
      this.cage.ping().then(
        () => {
          this.#unansweredPings = 0;
        },
        () => {},
      );
    }, PING_EVERY_MS);
  }

  /** A worker that is owned can stay alive and answer nothing, after its run has answered. */
  #refuseSilence(): void {
    const calls = [...this.#pending];
    if (calls.some((call) => call.hasDeadline)) return;
    for (const call of calls) call.quietMs += PING_EVERY_MS;
    if (calls.some((call) => call.quietMs >= ANSWER_TIMEOUT_MS)) {
      this.kill({ cause: "died", detail: `its worker did not answer for ${ANSWER_TIMEOUT_MS / 1000} s` });
    }
  }

  #unwatch(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}
