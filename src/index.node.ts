import type { SandboxHost } from "./client/host.ts";
import { SandboxCore } from "./client/sandbox.ts";
import { openServerCage } from "./hosts/node/open-cage.ts";
import { spareTime } from "./hosts/node/spare-time.ts";

export * from "./index.ts";

/** A place to run code that nobody here wrote: `await Sandbox.create({ language: "python" })`. */
export class Sandbox extends SandboxCore {
  /** @internal */
  static override readonly host: SandboxHost = { openCage: openServerCage, spareTime };
}
