import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { ASSETS_DIR, replaceEngine } from "../support/assets.ts";

/** A copy of the built asset folder whose engine is hostile-engine.js; removed after the tests. */
export function hostileAssets(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandglass-hostile-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const engine = readFileSync(join(import.meta.dirname, "hostile-engine.js"));
  cpSync(ASSETS_DIR, folder, { recursive: true });
  replaceEngine(folder, engine);
  return folder;
}
