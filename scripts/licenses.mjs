#!/usr/bin/env node
// @ts-check
/**
 * Writes THIRD-PARTY-LICENSES.md: everything of others that we ship, with its licence. What is shipped is read from the
 * sources' own imports, never from a list kept by hand.
 *
 *   node scripts/licenses.mjs           writes the file
 *   node scripts/licenses.mjs --check   exits 1 when the file is out of date
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { isTestFile } from "./imports/is-test-file.mjs";
import { readReferences } from "./imports/read-references.mjs";
import { ASSET_PACKAGES, PARTS } from "./licenses/inside-assets.mjs";
import { isAccepted } from "./licenses/spdx.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUTPUT = join(ROOT, "THIRD-PARTY-LICENSES.md");

/** The folders whose imports end up in each thing we ship. */
const CAGE_FOLDERS = ["workers", "src/engine", "src/runtimes", "src/vfs", "src/protocol", "src/policy"];
const PAGE_FOLDERS = ["src/playground", "src/embed"];
const LIBRARY_FOLDERS = ["src/client", "src/hosts", "src/protocol", "src/policy", "src/cli"];

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {string} source
 * @property {string} text The licence's own words, empty where its package holds none.
 */

/**
 * The file's content.
 *
 * @returns {string}
 * @throws {Error} When something shipped has a licence that is not accepted, or none.
 */
export function renderLicenses() {
  /** @type {{ dependencies: Record<string, string>, optionalDependencies: Record<string, string> }} */
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const installed = withDependencies(Object.keys(own.dependencies));
  const optional = Object.keys(own.optionalDependencies).map(readPackage);
  const undeclared = importedPackages(LIBRARY_FOLDERS).filter(
    (name) => !Object.hasOwn(own.dependencies, name),
  );
  if (undeclared.length > 0) {
    throw new Error(
      `The library imports ${undeclared.join(", ")}, which package.json does not list as a dependency.`,
    );
  }
  const assetPackages = Object.keys(ASSET_PACKAGES);
  const inCage = withDependencies(
    importedPackages(CAGE_FOLDERS).filter((name) => !assetPackages.includes(name)),
  );
  const copied = assetPackages.map(readPackage);
  const inPage = withDependencies(importedPackages(PAGE_FOLDERS));

  const all = unique([...installed, ...optional, ...inCage, ...copied, ...inPage]);
  const refused = [...all, ...PARTS].filter(({ license }) => !isAccepted(license));
  if (refused.length > 0) {
    const names = refused.map(({ name, license }) => `${name} (${license || "no licence"})`).join(", ");
    throw new Error(`We cannot ship these under their licence: ${names}.`);
  }
  return [
    "# Licences of what Sandglass is made with",
    "",
    "Sandglass itself is Apache-2.0 (`LICENSE`). Written by `node scripts/licenses.mjs`; do not edit by hand.",
    "",
    "## Installed with the library",
    "",
    table(installed),
    "",
    "Optional, the server's cage:",
    "",
    table(optional),
    "",
    "## In the asset folder",
    "",
    "Files copied from these packages:",
    "",
    table(copied),
    "",
    "and compiled into those files by their makers:",
    "",
    "| part | in | licence | source | copyright |",
    "|---|---|---|---|---|",
    ...PARTS.map(
      (part) => `| ${part.name} | ${part.inside} | ${part.license} | ${part.source} | ${part.notice} |`,
    ),
    "",
    "Bundled into the engine:",
    "",
    table(inCage),
    "",
    "## Bundled into the playground page",
    "",
    "Not in the npm package; served by `npm start`.",
    "",
    table(inPage),
    "",
    "## The licences' own words",
    "",
    ...texts(all),
  ].join("\n");
}

/**
 * Names of the packages that a folder's product code imports for more than their types, sorted.
 *
 * @param {readonly string[]} folders
 * @returns {string[]}
 */
function importedPackages(folders) {
  /** @type {Set<string>} */
  const names = new Set();
  for (const file of folders.flatMap(filesUnder)) {
    for (const specifier of specifiersOf(file)) {
      const name = /^(@[^/]+\/[^/]+|[^/@.][^/]*)/.exec(specifier)?.[1];
      const isOurs = name === undefined || specifier.includes(":") || specifier.startsWith("/");
      if (!isOurs && !builtinModules.includes(name)) names.add(name);
    }
  }
  return [...names].sort();
}

/**
 * @param {string} file
 * @returns {string[]}
 */
function specifiersOf(file) {
  const source = readFileSync(join(ROOT, file), "utf8");
  if (file.endsWith(".css")) {
    return [...source.matchAll(/@import\s+(?:url\()?["']([^"']+)["']/g)].map((match) => match[1] ?? "");
  }
  return readReferences(file, source)
    .filter(({ kind }) => kind === "import")
    .map(({ specifier }) => specifier);
}

/**
 * Paths of product sources under a folder, from the project's root.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    })
    .filter((path) => /\.(tsx?|css)$/.test(path) && !isTestFile(path));
}

/**
 * Packages together with everything they depend on, sorted by name.
 *
 * @param {readonly string[]} names
 * @returns {Package[]}
 */
function withDependencies(names) {
  /** @type {Map<string, Package>} */
  const found = new Map();
  /** @type {(name: string, from: string) => void} */
  const add = (name, from) => {
    const folder = folderOf(name, from);
    // Declarations leave nothing behind in what is shipped.
    if (found.has(folder) || name.startsWith("@types/")) return;
    found.set(folder, readPackageIn(folder));
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies)) add(dependency, folder);
  };
  for (const name of names) add(name, ROOT);
  return unique([...found.values()]);
}

/**
 * @param {string} name
 * @returns {Package}
 */
function readPackage(name) {
  return readPackageIn(folderOf(name, ROOT));
}

/**
 * Where a package lies, seen from a folder: npm puts a second version deeper.
 *
 * @param {string} name
 * @param {string} from
 * @returns {string}
 */
function folderOf(name, from) {
  const nested = join(from, "node_modules", name);
  if (existsSync(join(nested, "package.json"))) return nested;
  const top = join(ROOT, "node_modules", name);
  if (existsSync(join(top, "package.json"))) return top;
  throw new Error(`${name} is not installed: run \`npm install\` first.`);
}

/**
 * @param {string} folder
 * @returns {Package}
 */
function readPackageIn(folder) {
  const { name, version, license, repository, homepage } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  const url = typeof repository === "string" ? repository : (repository?.url ?? homepage ?? "");
  const files = readdirSync(folder)
    .sort()
    .filter((entry) => /^(licen[cs]e|copying|notice|third-?party-?notices)(\.(md|txt))?$/i.test(entry));
  return {
    name,
    version,
    license: typeof license === "string" ? license : "",
    source: tidyUrl(url),
    text: files
      .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim())
      .join("\n\n"),
  };
}

/** @param {string} url */
function tidyUrl(url) {
  const plain = url
    .replace(/^git\+/, "")
    .replace(/^git:/, "https:")
    .replace(/^ssh:\/\/git@/, "https://")
    .replace(/\.git$/, "");
  if (/^(github:)?[\w.-]+\/[\w.-]+$/.test(plain))
    return `https://github.com/${plain.replace(/^github:/, "")}`;
  return plain;
}

/**
 * @param {readonly Package[]} packages
 * @returns {Package[]}
 */
function unique(packages) {
  const byId = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  return [...byId.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** @param {readonly Package[]} packages */
function table(packages) {
  if (packages.length === 0) return "Nothing.";
  return [
    "| package | version | licence | source |",
    "|---|---|---|---|",
    ...packages.map(
      ({ name, version, license, source }) => `| ${name} | ${version} | ${license} | ${source} |`,
    ),
  ].join("\n");
}

/**
 * Each licence text once, under the names of all packages that come with the very same words.
 *
 * @param {readonly Package[]} packages
 * @returns {string[]}
 */
function texts(packages) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  for (const { name, text, license } of packages) {
    const words = text || missingText(license);
    names.set(words, [...(names.get(words) ?? []), name]);
  }
  return [...names].flatMap(([words, of]) => [`### ${of.join(", ")}`, "", "```text", words, "```", ""]);
}

/** @param {string} license */
function missingText(license) {
  const links = license
    .split(/ OR | AND /)
    .map((id) => `https://spdx.org/licenses/${id.replace(/[()]/g, "")}.html`);
  return `The package holds no licence text of its own. Its licence is ${license}: ${links.join(", ")}`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const text = renderLicenses();
  if (!process.argv.includes("--check")) writeFileSync(OUTPUT, text);
  else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, "utf8") !== text) {
    console.error("THIRD-PARTY-LICENSES.md is out of date: run `node scripts/licenses.mjs`.");
    process.exitCode = 1;
  }
}
