import { readFile, stat } from "node:fs/promises";
import { inspectModule } from "../index.node.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import type { CliHost } from "./host.ts";
import { cannotRead } from "./host-tree.ts";
import type { InspectArguments } from "./inspect-args.ts";
import { inspectReport } from "./inspect-report.ts";
import { limitsOf, withFlags } from "./limits.ts";
import { createByteSink } from "./output.ts";
import { formatBytes } from "./units.ts";
import { usage } from "./usage.ts";

/** Engines take no larger module: https://webassembly.github.io/spec/js-api/#limits */
const MAX_MODULE_BYTES = 2 ** 30;

/**
 * `sandglass inspect`: what a module is, without running it.
 *
 * @returns 0 when it runs here, 1 when it does not.
 * @throws {CliError} exit code 2: a file that cannot be read or is no file, or a limit out of range.
 */
export async function inspectFile(args: InspectArguments, host: CliHost): Promise<number> {
  const { memoryBytes } = limitsOf(args.memoryBytes === undefined ? {} : { memoryBytes: args.memoryBytes });
  const bytes = args.path === "-" ? await readStdin(host) : await readModuleFile(args.path);
  const inspection = await inspectModule(bytes, { memoryBytes });
  const { hint } = inspection;
  const found = hint === undefined ? inspection : { ...inspection, hint: withFlags(hint) };
  let hasReader = true;
  const out = createByteSink(host.stdout, () => {
    hasReader = false;
  });
  out.write(
    args.json
      ? `${JSON.stringify(found)}\n`
      : inspectReport(args.path === "-" ? "Standard input" : args.path, found),
  );
  await out.drained();
  if (!hasReader) return EXIT_CODES.brokenPipe;
  return found.runsHere ? EXIT_CODES.ok : EXIT_CODES.doesNotRun;
}

async function readModuleFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw usage(`${path} is a folder, not a module`);
    // A pipe or a device has no size and may have no end.
    if (!info.isFile()) throw usage(`${path} is not a file`, "Give - to read standard input.");
    if (info.size > MAX_MODULE_BYTES) throw tooLarge(path, info.size);
    return await readFile(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function readStdin(host: CliHost): Promise<Uint8Array> {
  if (host.isStdinTerminal) {
    throw usage("standard input is a terminal", "Pipe a module in: sandglass inspect - < app.wasm");
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of host.openStdin()) {
    length += chunk.length;
    if (length > MAX_MODULE_BYTES) throw tooLarge("standard input", length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string, bytes: number) {
  return usage(
    `${name} has ${formatBytes(bytes)}; engines take modules up to ${formatBytes(MAX_MODULE_BYTES)}`,
  );
}
