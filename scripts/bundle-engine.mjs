/**
 * The scripts that run next to the guest, left readable. What every sandbox needs is one file; each language is another,
 * which the cage is given with the language's other files, because reading a script costs time in proportion to its length.
 */
import { join } from "node:path";
import * as rolldown from "rolldown";

/** Written once in front of the parts of the first file. */
const LOADER = `const defined = {}, loaded = {};
  const require = (name) => {
    if (!Object.hasOwn(loaded, name)) {
      const module = { exports: {} };
      loaded[name] = module;
      try {
        defined[name](require, module.exports, module);
      } catch (error) {
        delete loaded[name];
        throw error;
      }
    }
    return loaded[name].exports;
  };
  const defineScript = (name, body) => void (defined["./" + name] = body);`;

/**
 * Where an error is made, V8 wants to know the line of every call on the stack, and reads the script a second time for
 * that. A library makes one as it loads and catches it: 15 ms in a page, where no flag forbids it.
 */
const EVALUATE = `  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  require("./sandbox.worker.js");
  Error.stackTraceLimit = stackTraceLimit;`;

/** Parts of the first file that most sandboxes never use. */
const LATER = ["zip.js", "tar.js", "listing.js"];

/**
 * @param {string} root
 * @param {readonly string[]} languages Names of the parts that become files of their own.
 * @returns {Promise<Record<string, string>>} Text by name: `sandbox.worker.js` is a classic script, each `<language>.js` the
 *   body of a function of (require, exports, module).
 */
export async function bundleEngine(root, languages) {
  const { output } = await rolldown.build({
    input: { "sandbox.worker": join(root, "workers/sandbox.worker.ts") },
    platform: "browser",
    write: false,
    logLevel: "warn",
    // In a classic worker there is no import.meta; libraries that would load a file by it are handed bytes instead.
    transform: { target: "es2022", define: { "import.meta.url": '"about:blank"' } },
    output: {
      format: "cjs",
      codeSplitting: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  });
  const parts = new Map(output.map(({ fileName, code }) => [fileName, code]));
  const alone = languages.map((language) => `${language}.js`);
  const missing = [...alone, ...LATER].filter((name) => !parts.has(name));
  if (missing.length > 0) throw new Error(`the engine has no part ${missing.join(", ")}`);
  const shared = [...parts].filter(([name]) => !alone.includes(name));
  // In parentheses what is called at once is read once, and not a first time only to find its end.
  const define = ([name, code]) => {
    const body = `(require, exports, module) => {\n${code}\n}`;
    return `defined["./${name}"] = ${LATER.includes(name) ? body : `(${body})`};`;
  };
  return {
    "sandbox.worker.js": [
      '(() => {\n  "use strict";',
      `  ${LOADER}`,
      ...shared.map(define),
      EVALUATE,
      "})();\n",
    ].join("\n"),
    ...Object.fromEntries(alone.map((name) => [name, parts.get(name)])),
  };
}
