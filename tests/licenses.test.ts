import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ASSET_PACKAGES } from "../scripts/licenses/inside-assets.mjs";
import { isAccepted } from "../scripts/licenses/spdx.mjs";
import { renderLicenses } from "../scripts/licenses.mjs";
import type { AssetManifest } from "../src/protocol/assets.ts";

const root = new URL("../", import.meta.url);
/** Built from our own sources; what they bundle is read from their imports. */
const OUR_ASSETS = [
  "manifest.json",
  "sandbox.worker.js",
  "python.js",
  "javascript.js",
  "wasi.js",
  "cage.html",
  "cage.deno.js",
];

describe("THIRD-PARTY-LICENSES.md", () => {
  it("is what `node scripts/licenses.mjs` writes today", () => {
    expect(readFileSync(new URL("THIRD-PARTY-LICENSES.md", root), "utf8")).toBe(renderLicenses());
  });

  it("knows where every file of the asset folder comes from", () => {
    const manifestFile = new URL("dist/assets/manifest.json", root);
    expect(existsSync(manifestFile), "run `npm run build` first").toBe(true);
    const manifest: AssetManifest = JSON.parse(readFileSync(manifestFile, "utf8"));
    const known = [...OUR_ASSETS, ...Object.values(ASSET_PACKAGES).flat()];
    expect(Object.keys(manifest.assets).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("a licence", () => {
  it.each(["MIT", "MIT OR Apache-2.0", "(MPL-2.0 OR Apache-2.0)", "GPL-3.0-only OR MIT", "MIT AND Zlib"])(
    "is accepted: %s",
    (expression) => expect(isAccepted(expression)).toBe(true),
  );

  it.each([
    "GPL-2.0-only",
    "GPL-3.0-or-later",
    "AGPL-3.0-only",
    "LGPL-2.1-or-later",
    "MIT AND GPL-3.0-only",
    "MIT AND (ISC OR GPL-3.0-only)",
    "SEE LICENSE IN EULA",
    "UNLICENSED",
    "",
  ])("is refused: %j", (expression) => expect(isAccepted(expression)).toBe(false));
});
