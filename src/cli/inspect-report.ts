import type { ImportNeed, ModuleInspection } from "../index.ts";
import { oneLine, wrap } from "./terminal.ts";
import { formatBytes } from "./units.ts";

const WIDTH = 80;
/** Names of one list that are shown; `--json` has the rest. */
const MAX_NAMES = 40;
const MAX_NAME = 60;

const NEEDS: readonly ImportNeed[] = ["arguments", "clock", "files", "network", "process", "random"];

/** What kind of file it is, in words that follow its name. */
const KINDS: Readonly<Record<string, string>> = {
  command: "a command of WASI preview 1",
  reactor: "a library (reactor) of WASI preview 1",
  library: "a WebAssembly module",
  component: "a WebAssembly component",
  damaged: "a damaged WebAssembly module",
};

/** An inspection for a person, at most 80 columns wide where names allow it. */
export function inspectReport(file: string, found: ModuleInspection): string {
  const parts = [verdict(file, found), facts(found)];
  if (found.imports.length > 0) parts.push(imports(found));
  if (found.exports.length > 0) parts.push(exportsOf(found));
  if (found.sections.length > 0) parts.push(sections(found));
  return parts.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function verdict(file: string, found: ModuleInspection): string[] {
  const name = shown(file);
  if (found.runsHere) return wrap(`${name} runs here: ${KINDS[found.kind] ?? found.kind}.`, WIDTH);
  return [
    ...wrap(`${name} does not run here: ${oneLine(found.reason ?? "")}.`, WIDTH),
    ...wrap(oneLine(found.hint ?? ""), WIDTH, "  "),
  ];
}

function facts(found: ModuleInspection): string[] {
  const rows: [label: string, text: string][] = [
    ["Size", formatBytes(found.bytes)],
    ["SHA-256", found.sha256],
  ];
  if (found.name !== undefined) rows.push(["Name", shown(found.name)]);
  if (found.memory !== undefined) rows.push(["Memory", memory(found.memory)]);
  if (found.functionCount > 0) {
    const named = found.namedFunctionCount;
    const all = named < found.functionCount ? `${named.toLocaleString("en-US")} of them named` : "all named";
    const names = named === 0 ? "without names for a traceback" : all;
    rows.push(["Code", `${count(found.functionCount, "function")}, ${names}`]);
  }
  for (const { min, max, isImported } of found.tables.slice(0, MAX_NAMES)) {
    const most = max === undefined ? "" : `, at most ${max.toLocaleString("en-US")}`;
    rows.push(["Table", `${isImported ? "imported, " : ""}${count(min, "element")}${most}`]);
  }
  if (found.startFunction !== undefined) {
    rows.push(["Start", `function ${found.startFunction} runs by itself, before _start`]);
  }
  if (found.producers.length > 0) {
    rows.push([
      "Made by",
      found.producers.map(({ name, version }) => shown(`${name} ${version}`.trim())).join(", "),
    ]);
  }
  if (found.proposals.length > 0) {
    const missing = found.missingProposals;
    const note =
      missing.length === 0
        ? ""
        : `. This Node.js lacks ${missing.join(", ")}; the sandbox's engine is another`;
    rows.push(["Uses", `${found.proposals.map(shown).join(", ")}${note}`]);
  }
  if (found.imports.length > 0) rows.push(["Asks for", asksFor(found)]);
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.flatMap(([label, text]) => {
    const [first = "", ...rest] = wrap(text, WIDTH - width);
    return [`${label.padEnd(width)}${first}`, ...rest.map((line) => " ".repeat(width) + line)];
  });
}

function memory({
  minBytes,
  maxBytes,
  isImported,
  isShared,
}: NonNullable<ModuleInspection["memory"]>): string {
  const most = maxBytes === undefined ? "then up to the sandbox's limit" : `at most ${formatBytes(maxBytes)}`;
  const kind = [isImported ? "imported" : "", isShared ? "shared between threads" : ""].filter(Boolean);
  return [...kind, `${formatBytes(minBytes)} at the start`, most].join(", ");
}

/** Both what it asks for and what it does not: that there is no network in it is worth a word. */
function asksFor({ needs }: ModuleInspection): string {
  const asked: string[] = needs.map((need) => (need === "unknown" ? "things of another host" : need));
  const spared = NEEDS.filter((need) => !needs.includes(need));
  const network = needs.includes("network") ? " (of which there is none here)" : "";
  const rest = spared.length === 0 ? "" : `; not for ${spared.join(", ")}`;
  return `${asked.join(", ").replace("network", `network${network}`)}${rest}`;
}

/** By module, and there by what each asks for. */
function imports(found: ModuleInspection): string[] {
  const modules = new Map<string, Map<string, string[]>>();
  for (const one of found.imports) {
    const groups = modules.get(one.module) ?? new Map<string, string[]>();
    modules.set(one.module, groups);
    const group = one.isProvided ? one.need : "not here";
    groups.set(group, [...(groups.get(group) ?? []), one.name]);
  }
  const lines = [`Imports (${found.importCount.toLocaleString("en-US")})`];
  const listed = [...modules].slice(0, MAX_NAMES);
  for (const [module, groups] of listed) {
    lines.push(`  ${shown(module)}`);
    for (const [group, names] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [first = "", ...rest] = wrap(list(names), WIDTH - 15);
      lines.push(`    ${group.padEnd(11)}${first}`, ...rest.map((line) => " ".repeat(15) + line));
    }
  }
  if (modules.size > listed.length) lines.push(`  … and ${modules.size - listed.length} more`);
  return lines;
}

function exportsOf(found: ModuleInspection): string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of found.exports) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  return [
    `Exports (${found.exportCount.toLocaleString("en-US")})`,
    ...[...kinds].flatMap(([kind, names]) => {
      const [first = "", ...rest] = wrap(list(names), WIDTH - 15);
      return [`    ${kind.padEnd(11)}${first}`, ...rest.map((line) => " ".repeat(15) + line)];
    }),
  ];
}

function sections(found: ModuleInspection): string[] {
  const rows = found.sections.slice(0, MAX_NAMES);
  const lines = rows.map(({ name, isCustom, offset, bytes }) => {
    const size = bytes.toLocaleString("en-US").padStart(13);
    return `  ${offset.toString().padStart(10)} ${size}  ${shown(name)}${isCustom ? " (custom)" : ""}`;
  });
  if (found.sectionCount > rows.length)
    lines.push(`  … and ${(found.sectionCount - rows.length).toLocaleString("en-US")} more`);
  return [
    `Sections (${found.sectionCount.toLocaleString("en-US")})`,
    "      offset         bytes  name",
    ...lines,
  ];
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).map(shown).join(", ")}${more > 0 ? ` … and ${more.toLocaleString("en-US")} more` : ""}`;
}

/** A name of the file's own choosing: cut, and without what could rewrite the terminal. */
function shown(name: string): string {
  return oneLine(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name);
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en-US")} ${what}${number === 1 ? "" : "s"}`;
}
