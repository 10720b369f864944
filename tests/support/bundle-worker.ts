import { join } from "node:path";
import * as rolldown from "rolldown";

const ROOT = join(import.meta.dirname, "../..");

/** A worker of the tests as the engine is: one classic script, with what it imports of ours. */
export async function bundleWorker(path: string): Promise<Buffer> {
  const { output } = await rolldown.build({
    input: join(ROOT, path),
    platform: "browser",
    write: false,
    logLevel: "warn",
    output: { format: "iife", codeSplitting: false },
  });
  return Buffer.from(output[0].code);
}
