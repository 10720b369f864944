// @ts-check
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants as zlib } from "node:zlib";

/** Quality 5 packs the 9.6 MB Python module in well under a second; 11 takes half a minute for a tenth less. */
const BROTLI_QUALITY = 5;

/** Brotli copies of files, made once per content when the server is quiet and kept beside the build. */
export class CompressedCopies {
  /** @type {Map<string, { source: string }>} Copies still to make. */
  #wanted = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #isWorking = false;
  #isStopped = false;

  /**
   * @param {string} folder Where the copies are kept.
   * @param {number} quietMs Compression starts after this long without a request for an uncompressed file, so that it
   *   never competes with a page that is loading.
   */
  constructor(folder, quietMs) {
    this.folder = folder;
    this.quietMs = quietMs;
  }

  /**
   * The copy of a file, or undefined while there is none; asking for one gets it made.
   *
   * @param {string} source
   * @param {number} size
   * @param {number} mtimeMs
   */
  get(source, size, mtimeMs) {
    const key = createHash("sha256").update(`${source}\0${size}\0${mtimeMs}`).digest("hex").slice(0, 32);
    const copy = join(this.folder, `${key}.br`);
    if (existsSync(copy)) return copy;
    this.#wanted.set(copy, { source });
    this.#schedule();
    return undefined;
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule() {
    if (this.#isStopped || this.#isWorking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#makeAll(), this.quietMs).unref();
  }

  async #makeAll() {
    this.#isWorking = true;
    try {
      await mkdir(this.folder, { recursive: true });
      for (const [copy, { source }] of this.#wanted) {
        if (this.#isStopped) return;
        this.#wanted.delete(copy);
        const bytes = await promisify(brotliCompress)(await readFile(source), {
          params: { [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
        });
        // Renamed into place: a reader never sees half a copy.
        await writeFile(`${copy}.${process.pid}`, bytes);
        await rename(`${copy}.${process.pid}`, copy);
      }
    } catch {
      // Serving goes on without the copies.
    } finally {
      this.#isWorking = false;
    }
  }
}
