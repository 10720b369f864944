import { describe, expect, test, vi } from "vitest";
import type { CageEvent } from "../protocol/api.ts";
import { bootAnswerSchema, bytesSchema, nullSchema } from "../protocol/schema.ts";
import type { Cage, CageClosed } from "./cage.ts";
import { CageSession } from "./cage-session.ts";

interface Request {
  id: string;
  path: string[];
}

/** A cage that says whatever a test wants it to say. */
function createScriptedCage(answer: (request: Request, say: (message: unknown) => void) => void) {
  let close: (closed: CageClosed) => void = () => {};
  const cage: Cage & { isKilled: boolean; close: (closed: CageClosed) => void } = {
    description: "scripted",
    canInterrupt: false,
    onMessage: undefined,
    isKilled: false,
    post: (message) => answer(message as Request, (said) => cage.onMessage?.(said)),
    provide: async () => {},
    hold: () => {},
    letGo: () => {},
    interrupt: () => {},
    ping: async () => {},
    kill: () => {
      cage.isKilled = true;
    },
    closed: new Promise((resolve) => {
      close = resolve;
    }),
    close: (closed) => close(closed),
  };
  return cage;
}

const raw = (request: Request, value: unknown) => ({
  channel: "reply",
  message: { id: request.id, type: "RAW", value },
});

describe("a conversation with a cage", () => {
  test("returns what a plain answer carries", async () => {
    const cage = createScriptedCage((request, say) =>
      say(raw(request, { ok: true, value: new Uint8Array([1, 2]) })),
    );
    const session = new CageSession(cage, () => {});
    expect(await session.call("readFile", bytesSchema, "/a")).toEqual(new Uint8Array([1, 2]));
    expect(cage.isKilled).toBe(false);
  });

  test("throws the error that the cage reports, with its code, hint and cause", async () => {
    const error = {
      code: "not-found",
      message: "nothing",
      hint: "look",
      cause: { code: "internal", message: "why" },
    };
    const cage = createScriptedCage((request, say) => say(raw(request, { ok: false, error })));
    const session = new CageSession(cage, () => {});
    await expect(session.call("readFile", bytesSchema, "/a")).rejects.toMatchObject({
      name: "SandboxError",
      code: "not-found",
      message: "nothing",
      hint: "look",
      cause: { code: "internal", message: "why" },
    });
  });

  const hostile: Record<string, (request: Request) => unknown> = {
    "a comlink proxy": ({ id }) => ({
      channel: "reply",
      message: { id, type: "HANDLER", name: "proxy", value: new MessageChannel().port1 },
    }),
    "a comlink throw": ({ id }) => ({
      channel: "reply",
      message: { id, type: "HANDLER", name: "throw", value: { isError: true, value: { message: "x" } } },
    }),
    "a reply that is no reply": () => ({ channel: "reply", message: "hello" }),
    "an unknown channel": () => ({ channel: "host", message: {} }),
    "an unknown event": () => ({ channel: "event", event: { type: "eval", code: "1" } }),
    "an event with more than its fields": () => ({
      channel: "event",
      event: { type: "progress", message: "x", extra: 1 },
    }),
    "output that is no bytes": () => ({
      channel: "event",
      event: { type: "output", runId: 1, stream: "stdout", bytes: [1] },
    }),
    "nothing at all": () => undefined,
    "a request of its own": ({ id }) => ({ id, type: "APPLY", path: ["constructor"], argumentList: [] }),
    "an answer of the wrong shape": (request) => raw(request, { ok: true, value: "text" }),
    "an error with an unknown code": (request) =>
      raw(request, { ok: false, error: { code: "root", message: "" } }),
  };
  for (const [name, make] of Object.entries(hostile)) {
    test(`${name} ends the cage and settles the call`, async () => {
      const cage = createScriptedCage((request, say) => say(make(request)));
      const session = new CageSession(cage, () => {});
      await expect(session.call("readFile", bytesSchema, "/a")).rejects.toMatchObject({
        code: expect.stringMatching(/^(protocol-violation|cage-died)$/),
      });
      expect(cage.isKilled).toBe(true);
      expect((await session.ended).cause).toBe("protocol-violation");
    });
  }

  test("an event is passed on once it is parsed", () => {
    const events: CageEvent[] = [];
    const cage = createScriptedCage(() => {});
    new CageSession(cage, (event) => events.push(event));
    cage.onMessage?.({ channel: "event", event: { type: "progress", message: "Compiling" } });
    expect(events).toEqual([{ type: "progress", message: "Compiling" }]);
  });

  test("every call settles when the cage dies, and later ones are refused at once", async () => {
    const cage = createScriptedCage(() => {});
    const session = new CageSession(cage, () => {});
    const calls = [session.call("stopRun", nullSchema, 1), session.call("readFile", bytesSchema, "/a")];
    cage.close({ cause: "out-of-memory", detail: "its process ran out of memory" });
    const message = "The cage is gone: its process ran out of memory";
    const hint = "Try again: the next call opens another cage, with the files of the last completed work.";
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "cage-died", message, hint });
    await expect(session.call("stopRun", nullSchema, 1)).rejects.toMatchObject({ code: "cage-died" });
    expect(await session.ended).toEqual({ cause: "out-of-memory", detail: "its process ran out of memory" });
  });

  test("nobody is told to try again in a sandbox that was killed", async () => {
    const cage = createScriptedCage(() => {});
    const session = new CageSession(cage, () => {});
    session.kill({ cause: "killed", detail: "the caller asked for it" });
    await expect(session.call("readFile", bytesSchema, "/a")).rejects.toMatchObject({
      code: "cage-died",
      hint: undefined,
    });
  });

  test("an answer that was not asked for, or comes twice, changes nothing", async () => {
    const cage = createScriptedCage((request, say) => {
      say(raw({ ...request, id: "somebody-else" }, { ok: true, value: null }));
      say(raw(request, { ok: true, value: new Uint8Array([7]) }));
      say(raw(request, { ok: true, value: new Uint8Array([8]) }));
    });
    const session = new CageSession(cage, () => {});
    expect(await session.call("readFile", bytesSchema, "/a")).toEqual(new Uint8Array([7]));
    expect(session.isAlive).toBe(true);
  });

  test("a flood of answers that nobody asked for ends the cage", async () => {
    const cage = createScriptedCage(() => {});
    const session = new CageSession(cage, () => {});
    for (let i = 0; i <= 100; i += 1) cage.onMessage?.(raw({ id: `stray-${i}`, path: [] }, null));
    expect(await session.ended).toEqual({
      cause: "protocol-violation",
      detail: "The cage sent a message of the wrong shape: answers that nobody asked for",
    });
  });

  test("a cage whose supervisor stops answering is dead after five pings; one that answers is only slow", async () => {
    vi.useFakeTimers();
    try {
      const slow = createScriptedCage(() => {});
      const slowSession = new CageSession(slow, () => {});
      slowSession.call("stopRun", nullSchema, 1).catch(() => {});
      const dead = createScriptedCage(() => {});
      dead.ping = () => new Promise(() => {});
      const deadSession = new CageSession(dead, () => {});
      const call = expect(deadSession.call("stopRun", nullSchema, 1)).rejects.toMatchObject({
        code: "cage-died",
      });
      await vi.advanceTimersByTimeAsync(30_000);
      await call;
      expect(await deadSession.ended).toEqual({
        cause: "died",
        detail: "its process did not answer for 5 s",
      });
      expect(slowSession.isAlive).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a worker that answers nothing is ended after a minute, but not while a run has a deadline of its own", async () => {
    vi.useFakeTimers();
    try {
      const silent = new CageSession(
        createScriptedCage(() => {}),
        () => {},
      );
      const call = expect(silent.call("readFile", bytesSchema, "/a")).rejects.toMatchObject({
        code: "cage-died",
      });
      const running = new CageSession(
        createScriptedCage(() => {}),
        () => {},
      );
      running.call("boot", bootAnswerSchema, "python", []).catch(() => {});
      running.call("readFile", bytesSchema, "/a").catch(() => {});
      await vi.advanceTimersByTimeAsync(60_000);
      await call;
      expect(await silent.ended).toEqual({ cause: "died", detail: "its worker did not answer for 60 s" });
      await vi.advanceTimersByTimeAsync(600_000);
      expect(running.isAlive).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
