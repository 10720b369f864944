// @ts-check
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * One file that may be served.
 *
 * @typedef {object} Entry
 * @property {string} file Where it is.
 * @property {boolean} isAsset True for what comes from the asset folder.
 * @property {boolean} isImmutable True when the name holds a hash of the content.
 */

/**
 * What is there to serve, by URL path. A request is looked up in this list and never joined to a folder, so no address
 * can leave it.
 */
export class Site {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  #readAtMs = 0;

  /** @param {string} root */
  constructor(root) {
    this.root = root;
    this.#read();
  }

  /**
   * @param {string} path
   * @returns {Entry | undefined}
   */
  find(path) {
    const key = path.endsWith("/") ? `${path}index.html` : path;
    const known = this.#entries.get(key);
    if (known && existsSync(known.file)) return known;
    // A rebuild brings new names; look again, but not for every stray request.
    if (Date.now() - this.#readAtMs < 1000) return undefined;
    this.#read();
    return this.#entries.get(key);
  }

  #read() {
    this.#readAtMs = Date.now();
    this.#entries.clear();
    const playground = join(this.root, "playground");
    for (const name of filesUnder(playground)) {
      const isImmutable = /^(?:assets|page)\/.*[-.](?=[\w-]*[A-Z0-9])[\w-]{8,}\.\w+$/.test(name);
      this.#entries.set(`/${name}`, { file: join(playground, name), isAsset: false, isImmutable });
    }
    const assets = join(this.root, "assets");
    if (!existsSync(assets)) return;
    const hashes = readHashes(join(assets, "manifest.json"));
    for (const name of filesUnder(assets)) {
      const hash = hashes.get(name);
      const isImmutable = hash !== undefined && name.includes(hash.slice(0, 8));
      this.#entries.set(`/assets/${name}`, { file: join(assets, name), isAsset: true, isImmutable });
    }
  }
}

/**
 * Paths of all plain files under a folder, with forward slashes. Symbolic links are not followed.
 *
 * @param {string} folder
 * @param {string} [prefix]
 * @returns {string[]}
 */
function filesUnder(folder, prefix = "") {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return filesUnder(folder, `${name}/`);
    return entry.isFile() ? [name] : [];
  });
}

/**
 * @param {string} manifestFile
 * @returns {Map<string, string>} SHA-256 by file name; empty without a manifest.
 */
function readHashes(manifestFile) {
  if (!existsSync(manifestFile)) return new Map();
  /** @type {{ assets: Record<string, { file: string, sha256: string }> }} */
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
  return new Map(Object.values(manifest.assets).map(({ file, sha256 }) => [file, sha256]));
}
