import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AssetManifest } from "../../src/protocol/assets.ts";

/** Where the build puts what a cage is given. */
export const ASSETS_DIR = join(import.meta.dirname, "../../dist/assets");

export function readManifest(folder: string = ASSETS_DIR): AssetManifest {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
}

/** Path of a built asset: its file has the hash of its content in its name. */
export function assetFile(name: string, folder: string = ASSETS_DIR): string {
  const asset = readManifest(folder).assets[name];
  if (!asset) throw new Error(`${folder} has no ${name}: run \`npm run build\``);
  return join(folder, asset.file);
}

/** Puts another engine into a copy of the asset folder. */
export function replaceEngine(folder: string, engine: Uint8Array): void {
  const manifest = readManifest(folder);
  const asset = manifest.assets["sandbox.worker.js"]!;
  writeFileSync(join(folder, asset.file), engine);
  asset.bytes = engine.length;
  asset.sha256 = createHash("sha256").update(engine).digest("hex");
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}
