import { readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError } from "../../errors.ts";
import type { AssetManifest, AssetName } from "../../protocol/assets.ts";
import { OPTIONAL_ASSETS } from "../../protocol/assets.ts";

/** dist/assets, from a file below dist/lib: the library is many files, the command one. */
const HERE = fileURLToPath(import.meta.url);
const DEFAULT_ASSETS_DIR = join(HERE.slice(0, HERE.lastIndexOf(`${sep}lib${sep}`)), "assets");

export interface AssetFolder {
  dir: string;
  /** File names of assets by asset name, and those this build lacks. @throws `asset-unavailable` for one that is needed. */
  find(names: readonly AssetName[]): { files: Record<string, string>; absent: AssetName[] };
}

export function openAssetFolder(assetsUrl: string | URL | undefined): AssetFolder {
  const wanted = assetsUrl === undefined ? DEFAULT_ASSETS_DIR : toPath(assetsUrl);
  let manifest: AssetManifest;
  let dir: string;
  try {
    // At once: a small file, and the whole command waits for it.
    dir = realpathSync(wanted);
    manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as AssetManifest;
  } catch (cause) {
    throw new SandboxError(`"${wanted}" is not an asset folder: its manifest.json cannot be read`, {
      code: "asset-unavailable",
      hint: "Run the build, or name the package's dist/assets folder as assetsUrl.",
      cause,
    });
  }
  return {
    dir,
    find(names) {
      const files: Record<string, string> = {};
      const absent: AssetName[] = [];
      for (const name of names) {
        const asset = manifest.assets[name];
        if (asset) files[name] = asset.file;
        else if (OPTIONAL_ASSETS.includes(name)) absent.push(name);
        else {
          throw new SandboxError(`The asset folder "${dir}" has no "${name}"`, {
            code: "asset-unavailable",
            hint: "Build it again.",
          });
        }
      }
      return { files, absent };
    },
  };
}

function toPath(assetsUrl: string | URL): string {
  const text = String(assetsUrl);
  return text.startsWith("file:") ? fileURLToPath(text) : text;
}
