import { afterEach, describe, expect, test } from "vitest";
import type { Cage, CageRequest } from "./cage.ts";

export interface CageContractOptions {
  /** Opens a cage whose engine is tests/fixtures/cage/fixture-worker.js. */
  open: (request?: Partial<CageRequest>) => Promise<Cage>;
  /** An address on loopback that answers, and how often it was asked. */
  probe: () => Promise<{ url: string; hits: () => Promise<number> }>;
}

/** What every cage must do, whatever it is made of. */
export function cageContract(name: string, { open, probe }: CageContractOptions): void {
  describe(`cage: ${name}`, () => {
    const cages: Cage[] = [];
    afterEach(() => {
      for (const cage of cages.splice(0)) cage.kill();
    });
    async function openCage() {
      const cage = await open();
      cages.push(cage);
      const received: unknown[] = [];
      let wake = () => {};
      cage.onMessage = (message) => {
        received.push(message);
        wake();
      };
      const receive = async (count: number) => {
        while (received.length < count) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        return received.splice(0, count);
      };
      return { cage, receive };
    }

    test("starts and answers with the data it was sent", async () => {
      const { cage, receive } = await openCage();
      const value = { text: "é 𝄞", big: 2n ** 62n, bytes: new Uint8Array([0, 255]), nested: [{ a: null }] };
      cage.post({ do: "echo", value });
      expect(await receive(1)).toEqual([{ echo: value }]);
    });

    test("streams messages in order", async () => {
      const { cage, receive } = await openCage();
      cage.post({ do: "stream", count: 500 });
      expect(await receive(500)).toEqual(Array.from({ length: 500 }, (_, index) => ({ index })));
    });

    test("is given assets as bytes, each once", async () => {
      const { cage, receive } = await openCage();
      await cage.provide(["quickjs.wasm"]);
      await cage.provide(["quickjs.wasm", "strip-types.wasm"]);
      cage.post({ do: "list-assets" });
      expect(await receive(1)).toEqual([{ assets: ["quickjs.wasm", "strip-types.wasm"] }]);
    });

    test("is killed in the middle of a busy loop, and says so once", async () => {
      const { cage, receive } = await openCage();
      cage.post({ do: "busy" });
      expect(await receive(1)).toEqual([{ busy: true }]);
      cage.kill();
      cage.kill();
      expect(await cage.closed).toEqual({ cause: "killed", detail: "the cage was killed" });
    });

    test("answers a ping while the guest is busy: slow is told apart from dead", async () => {
      const { cage, receive } = await openCage();
      cage.post({ do: "busy" });
      await receive(1);
      await cage.ping();
      await cage.ping();
    });

    test("interrupts a computing guest where memory can be shared", async () => {
      const { cage, receive } = await openCage();
      if (!cage.canInterrupt) return;
      cage.post({ do: "busy-until-interrupted" });
      expect(await receive(1)).toEqual([{ busy: true }]);
      cage.interrupt();
      expect(await receive(1)).toEqual([{ interrupted: true }]);
    });

    test("a worker that fails ends the cage with its words", async () => {
      const { cage } = await openCage();
      cage.post({ do: "throw" });
      const closed = await cage.closed;
      expect(closed.cause).toBe("died");
      expect(closed.detail).toContain("the fixture threw");
    });

    test("a worker cannot speak as the supervisor", async () => {
      const { cage, receive } = await openCage();
      const { canInterrupt } = cage;
      cage.post({ do: "forge" });
      expect(await receive(1)).toEqual([{ forged: true }]);
      await cage.ping();
      expect(cage.canInterrupt).toBe(canInterrupt);
    });

    test("the worker reaches no network, file, process or environment", async () => {
      const { url, hits } = await probe();
      // The mirror: from out here the address answers.
      await fetch(url);
      expect(await hits()).toBe(1);
      const { cage, receive } = await openCage();
      cage.post({ do: "reach", url });
      expect(await receive(1)).toEqual([{ reached: [] }]);
      expect(await hits()).toBe(1);
    });
  });
}
