import type { CageClosed } from "../client/cage.ts";
import type { AssetName } from "../protocol/assets.ts";
import type { ControlMessage } from "../protocol/control.ts";
import { MAX_REPORTS, parseMessage, supervisorMessageSchema, toOneLine } from "../protocol/schema.ts";

export interface SupervisorLinkOptions {
  /** Sends to the supervising thread. */
  tell: (message: ControlMessage, transfer?: Transferable[]) => void;
  /** Ends the frame or the process, now. Called once. */
  destroy: () => void;
}

/**
 * The host's side of the conversation with a cage's supervising thread: what both hosts' cages have in common. Parses what
 * comes, settles what waits for it, and ends the cage once, with the first reason there is.
 */
export class SupervisorLink {
  readonly closed: Promise<CageClosed>;
  /** Resolves when the worker listens. */
  readonly ready: Promise<void>;
  canInterrupt = false;
  readonly #options: SupervisorLinkOptions;
  readonly #waiting = new Map<string, () => void>();
  readonly #provided = new Map<AssetName, Promise<void>>();
  #settleClosed: (closed: CageClosed) => void = () => {};
  #requestCount = 0;
  #reports = 0;
  #isEnded = false;

  constructor(options: SupervisorLinkOptions) {
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.ready = this.#waitFor("ready");
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  end(cause: CageClosed["cause"], detail: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.destroy();
    this.#settleClosed({ cause, detail });
  }

  /** Takes one message of the supervising thread, unparsed. */
  receive(payload: unknown): void {
    const message = parseMessage(supervisorMessageSchema, payload);
    if (!message.success) return this.end("protocol-violation", "the cage sent a report of the wrong shape");
    const told = message.output;
    if (told.type === "failed") return this.end("died", toOneLine(told.message));
    this.#reports += 1;
    if (this.#reports > MAX_REPORTS + 2 * this.#requestCount) {
      return this.end("protocol-violation", "reports that nobody asked for");
    }
    if (told.type === "ready") this.canInterrupt = told.canInterrupt;
    const key =
      told.type === "ready" ? "ready" : `${told.type}:${told.type === "pong" ? told.id : told.requestId}`;
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
  }

  ping(): Promise<void> {
    this.#requestCount += 1;
    const pong = this.#waitFor(`pong:${this.#requestCount}`);
    this.#options.tell({ type: "ping", id: this.#requestCount });
    return pong;
  }

  interrupt(): void {
    this.#options.tell({ type: "interrupt" });
  }

  /** Has the assets that are not on their way yet sent by `send`, and waits until the worker has all or the cage is gone. */
  async provide(
    names: readonly AssetName[],
    send: (missing: AssetName[], requestId: number) => void | Promise<void>,
  ): Promise<void> {
    const missing = names.filter((name) => !this.#provided.has(name));
    if (missing.length > 0) {
      this.#requestCount += 1;
      const requestId = this.#requestCount;
      const done = this.#waitFor(`assets-provided:${requestId}`);
      const provided = (async () => {
        await send(missing, requestId);
        await Promise.race([done, this.closed]);
      })();
      for (const name of missing) this.#provided.set(name, provided);
      // What failed is sent again when it is asked for again.
      provided.catch(() => {
        for (const name of missing) this.#provided.delete(name);
      });
    }
    await Promise.all(names.map((name) => this.#provided.get(name)));
  }

  #waitFor(key: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }
}
