import { bindSandbox } from "./client/bind-sandbox.ts";
import { openServerCage } from "./hosts/node/open-cage.ts";

export * from "./index.ts";

/** A place to run code that nobody here wrote: `await Sandbox.create({ language: "python" })`. */
export const Sandbox = bindSandbox(openServerCage);
export type Sandbox = InstanceType<typeof Sandbox>;
