import type { ImportNeed, InspectedKind, ModuleInspection } from "../../index.ts";
import { formatBytes, plural } from "./format.ts";

/** What a module that runs here is. */
const KINDS: Partial<Record<InspectedKind, string>> = {
  command: "a program for WASI preview 1",
};

/** `Runs here: a program for WASI preview 1.`, or why not, as sentences: what is so, then what to do. */
export function verdictWords(found: ModuleInspection): { words: string; hint: string | null } {
  if (found.runsHere) return { words: `Runs here: ${KINDS[found.kind] ?? found.kind}.`, hint: null };
  return {
    words: `Does not run here: ${found.reason ?? ""}.`,
    hint: found.hint?.replace("limits.memoryBytes", "the memory limit under Allowed") ?? null,
  };
}

/** `cut.wasm does not run here: it ends too early.`; `null` for a module that runs. */
export function refusalWords(name: string, found: ModuleInspection): string | null {
  return found.runsHere ? null : `${name} does not run here: ${found.reason ?? "its form is not known"}.`;
}

/** What each need means on this page, in the order a reader cares. */
const NEEDS: readonly { need: ImportNeed; name: string; given: string }[] = [
  { need: "files", name: "Files", given: "this workspace, and what it reads and prints" },
  { need: "network", name: "Network", given: "asks for it, and is told that there is none" },
  { need: "clock", name: "Clock", given: "the time, and waiting" },
  { need: "random", name: "Randomness", given: "random bytes" },
  { need: "arguments", name: "Arguments", given: "what stands under Arguments" },
  { need: "process", name: "Ending itself", given: "its exit code" },
];

export interface NeedRow {
  name: string;
  isAsked: boolean;
  /** It asks for what nobody here gives. */
  isMissing?: boolean;
  words: string;
}

/** Of what could not be read nobody can say that it asks for nothing. */
export function knowsNeeds({ kind }: ModuleInspection): boolean {
  return kind !== "damaged" && kind !== "component" && kind !== "not-wasm";
}

/** Every need, asked for or not: that a module asks for no network is worth a line. */
export function needRows({ needs, imports }: ModuleInspection): NeedRow[] {
  const rows = NEEDS.map(({ need, name, given }) => {
    const isAsked = needs.includes(need);
    return { name, isAsked, words: isAsked ? given : "none" };
  });
  if (!needs.includes("unknown")) return rows;
  const hosts = [...new Set(imports.filter((one) => one.need === "unknown").map((one) => one.module))];
  const shown = hosts.slice(0, 4).join(", ");
  return [
    ...rows,
    {
      name: "Another host",
      isAsked: true,
      isMissing: true,
      words: `${shown}${hosts.length > 4 ? " and more" : ""}; not here`,
    },
  ];
}

/** Label and text of each fact. The hash is apart: it can be copied. */
export function factRows(found: ModuleInspection): [label: string, text: string][] {
  const rows: [string, string][] = [["Size", formatBytes(found.bytes)]];
  if (found.name !== undefined) rows.push(["Name", found.name]);
  if (found.memory !== undefined) {
    const { minBytes, maxBytes, isImported, isShared } = found.memory;
    const most = maxBytes === undefined ? "then up to the limit" : `at most ${formatBytes(maxBytes)}`;
    const kind = `${isImported ? "imported, " : ""}${isShared ? "shared between threads, " : ""}`;
    rows.push(["Memory", `${kind}${formatBytes(minBytes)} at the start, ${most}`]);
  }
  if (found.functionCount > 0) {
    const named = found.namedFunctionCount;
    const names =
      named === 0
        ? "without names"
        : named < found.functionCount
          ? `${named.toLocaleString("en")} named`
          : "all named";
    rows.push(["Code", `${plural(found.functionCount, "function")}, ${names}`]);
  }
  if (found.tables.length > 0) {
    const sizes = found.tables.slice(0, 8).map(({ min }) => plural(min, "element"));
    rows.push([found.tables.length === 1 ? "Table" : "Tables", sizes.join(", ")]);
  }
  if (found.startFunction !== undefined) {
    rows.push(["Start", `function ${found.startFunction} runs by itself, before the program`]);
  }
  if (found.producers.length > 0) {
    rows.push([
      "Made by",
      found.producers.map(({ name, version }) => `${name} ${version}`.trim()).join(", "),
    ]);
  }
  if (found.proposals.length > 0) rows.push(["Uses", found.proposals.join(", ")]);
  return rows;
}
