// @ts-check
/**
 * What each part may weigh, in KB of 1,024 bytes; `gzip` is what a server sends. A figure here is a decision: who needs
 * more raises it and says why.
 *
 * @typedef {{ what: string, gzipKb: number, files: "initial" | RegExp, folder: "page" | "assets" }} FileBudget
 */

/**
 * A file of the page belongs to the first line that fits it; one that fits none has the last line's budget.
 *
 * @type {readonly FileBudget[]}
 */
export const FILE_BUDGETS = [
  // All that stands between an empty tab and Run: the page, React and the library's client.
  { what: "the page's initial JavaScript", gzipKb: 250, files: "initial", folder: "page" },
  { what: "Monaco", gzipKb: 1050, files: /^monaco-editor$/, folder: "page" },
  { what: "Monaco's worker", gzipKb: 110, files: /^editor\.worker$/, folder: "page" },
  { what: "Markdown", gzipKb: 45, files: /^markdown-view$/, folder: "page" },
  { what: "the sales report's data", gzipKb: 150, files: /^movies$/, folder: "page" },
  { what: "a language's colours, or an example", gzipKb: 12, files: /^/, folder: "page" },
  // What every cage reads, then what a language adds. Left readable, so mostly words.
  { what: "sandbox.worker.js", gzipKb: 66, files: /^sandbox\.worker\.\w+\.js$/, folder: "assets" },
  { what: "javascript.js", gzipKb: 130, files: /^javascript\.\w+\.js$/, folder: "assets" },
  { what: "python.js", gzipKb: 24, files: /^python\.\w+\.js$/, folder: "assets" },
  { what: "wasi.js", gzipKb: 26, files: /^wasi\.\w+\.js$/, folder: "assets" },
  { what: "cage.html", gzipKb: 6, files: /^cage\.\w+\.html$/, folder: "assets" },
];

/** The packed package, without what npm installs beside it. */
export const PACKAGE_KB = 20 * 1024;
