import { bindSandbox } from "./client/bind-sandbox.ts";
import { openBrowserCage } from "./hosts/browser/open-cage.ts";

export * from "./index.ts";

/** A place to run code that nobody here wrote: `await Sandbox.create({ language: "python" })`. */
export const Sandbox = bindSandbox(openBrowserCage);
export type Sandbox = InstanceType<typeof Sandbox>;
