import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { ASSETS_DIR, replaceEngine } from "../support/assets.ts";
import { bundleWorker } from "../support/bundle-worker.ts";

/** A copy of the built asset folder whose engine is hostile-engine.js; removed after the tests. */
export async function hostileAssets(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sandglass-hostile-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const engine = await bundleWorker("tests/escape/hostile-engine.js");
  cpSync(ASSETS_DIR, folder, { recursive: true });
  replaceEngine(folder, engine);
  return folder;
}
