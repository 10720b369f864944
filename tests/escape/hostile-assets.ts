import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A copy of the built asset folder whose engine is hostile-engine.js; removed after the tests. */
export function hostileAssets(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandglass-hostile-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const engine = readFileSync(join(import.meta.dirname, "hostile-engine.js"));
  cpSync(join(import.meta.dirname, "../../dist/assets"), folder, { recursive: true });
  writeFileSync(join(folder, "sandbox.worker.js"), engine);
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  manifest.assets["sandbox.worker.js"].sha256 = createHash("sha256").update(engine).digest("hex");
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}
