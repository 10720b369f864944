// @ts-check
/** Makes what JavaScript starts from: the engine's binary, stamped, and the memory of an engine that has started. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as rolldown from "rolldown";

const require = createRequire(import.meta.url);
const SOURCES = "src/runtimes/javascript";

/**
 * @param {string} root
 * @returns {Promise<Record<string, Uint8Array>>} `quickjs.wasm` and `javascript-snapshot.bin`.
 */
export async function buildJavaScript(root) {
  const { exportTable, stampBinary } = await importSource(root, "engine-binary");
  const engine = exportTable(readFileSync(require.resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
  const stamped = stampBinary(engine, createHash("sha256").update(engine).digest());
  const { buildContextImage } = await importSource(root, "build-image");
  // The engine's C library takes note of the language of whoever starts it.
  Reflect.deleteProperty(globalThis, "navigator");
  return { "quickjs.wasm": stamped, "javascript-snapshot.bin": await buildContextImage(stamped) };
}

/**
 * A source of the engine's, for this process: Node at its oldest reads no types.
 *
 * @param {string} root
 * @param {string} name
 */
async function importSource(root, name) {
  const { output } = await rolldown.build({
    input: join(root, SOURCES, `${name}.ts`),
    platform: "browser",
    write: false,
    logLevel: "warn",
    transform: { target: "es2022", define: { "import.meta.url": '"about:blank"' } },
    output: { format: "es", codeSplitting: false },
  });
  const folder = join(root, ".cache/javascript");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, output[0].code);
  return import(`${pathToFileURL(file).href}?${createHash("sha256").update(output[0].code).digest("hex")}`);
}
