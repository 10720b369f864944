import { afterEach } from "vitest";
import type { SandboxError } from "../errors.ts";
import type { Cage, CageRequest } from "./cage.ts";
import type { CreateOptions } from "./options.ts";
import type { SandboxCore } from "./sandbox.ts";

/** For contract suites: sandboxes of one host that end with their test, and hosts whose cages are counted. */
export function sandboxKit(Sandbox: typeof SandboxCore, base: CreateOptions) {
  const sandboxes: SandboxCore[] = [];
  const hosts: (() => void)[] = [];
  afterEach(async () => {
    await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.kill()));
    for (const close of hosts.splice(0)) close();
  });
  async function create(options: CreateOptions = {}) {
    return track(await Sandbox.create({ language: "javascript", ...base, ...options }));
  }
  function track<T extends SandboxCore>(sandbox: T): T {
    sandboxes.push(sandbox);
    return sandbox;
  }
  /** The same host, its cages counted, and when it keeps spares in the test's hands. */
  function counting({ isBusy = false, hasMemory = true } = {}) {
    const cages: Cage[] = [];
    let tell: (mayKeep: boolean) => void = () => {};
    const host = {
      ...Sandbox.host,
      failure: undefined as SandboxError | undefined,
      asked: 0,
      allow: (mayKeep: boolean) => tell(mayKeep),
      async openCage(request: CageRequest) {
        host.asked += 1;
        if (host.failure) throw host.failure;
        const cage = await Sandbox.host.openCage(request);
        cages.push(cage);
        return cage;
      },
      spareTime: {
        whenIdle(callback: () => void) {
          if (isBusy) return () => {};
          const timer = setTimeout(callback);
          return () => clearTimeout(timer);
        },
        hasMemory: () => hasMemory,
        watch(onChange: (mayKeep: boolean) => void) {
          tell = onChange;
          return () => {};
        },
      },
    };
    hosts.push(() => {
      host.allow(false);
      for (const cage of cages) cage.kill();
    });
    class Counting extends Sandbox {
      static override readonly host = host;
    }
    return { Counting, cages, host };
  }
  return { create, track, counting };
}
