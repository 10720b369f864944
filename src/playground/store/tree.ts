import { createStore } from "zustand/vanilla";
import type { FileInfo } from "../../index.ts";
import { baseName, parentPath, WORKSPACE } from "../lib/paths.ts";
import type { Project } from "./project.ts";

/** What the last run did to a file. */
export type Mark = "created" | "changed";

export interface TreeStore {
  /** What the sandbox has below the workspace; `null` before there is a sandbox. */
  listed: readonly FileInfo[] | null;
  /** Bytes stored in the sandbox, where a run or a listing has said. */
  storedBytes: number | null;
  marks: ReadonlyMap<string, Mark>;
  collapsed: ReadonlySet<string>;
  selectedPath: string | null;
  problem: string | null;
}

export const tree = createStore<TreeStore>(() => ({
  listed: null,
  storedBytes: null,
  marks: new Map(),
  collapsed: new Set(),
  selectedPath: null,
  problem: null,
}));

/** One visible line of the file tree. */
export interface TreeRow {
  path: string;
  name: string;
  isDirectory: boolean;
  isExpanded: boolean;
  level: number;
  /** Position among its siblings, for assistive technology. */
  position: number;
  siblings: number;
  bytes: number | null;
  mark: Mark | null;
  /** In the editor, not yet in the sandbox (or newer here). */
  isUnsaved: boolean;
}

interface Node {
  path: string;
  isDirectory: boolean;
  bytes: number | null;
  isUnsaved: boolean;
}

/** Lines of the tree from top to bottom: folders first, then names as a reader sorts them. */
export function treeRows(project: Pick<Project, "texts" | "data">, state: TreeStore): TreeRow[] {
  const nodes = new Map<string, Node>();
  const add = (node: Node) => {
    for (let parent = parentPath(node.path); parent.length > WORKSPACE.length; parent = parentPath(parent)) {
      if (nodes.has(parent)) break;
      nodes.set(parent, { path: parent, isDirectory: true, bytes: null, isUnsaved: false });
    }
    nodes.set(node.path, node);
  };
  for (const info of state.listed ?? []) {
    if (!info.path.startsWith(`${WORKSPACE}/`)) continue;
    const isDirectory = info.type === "directory";
    add({ path: info.path, isDirectory, bytes: isDirectory ? null : info.bytes, isUnsaved: false });
  }
  for (const file of Object.values(project.texts)) {
    const isUnsaved = file.content !== file.syncedContent;
    const bytes = isUnsaved || !nodes.has(file.path) ? utf8Length(file.content) : nodes.get(file.path)!.bytes;
    add({ path: file.path, isDirectory: false, bytes, isUnsaved: isUnsaved && state.listed !== null });
  }
  for (const file of Object.values(project.data)) {
    if (!nodes.has(file.path))
      add({ path: file.path, isDirectory: false, bytes: file.blob.size, isUnsaved: false });
  }
  const children = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const parent = parentPath(node.path);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [node]);
    else siblings.push(node);
  }
  const rows: TreeRow[] = [];
  const walk = (parent: string, level: number) => {
    const sorted = (children.get(parent) ?? []).toSorted(
      (a, b) => Number(b.isDirectory) - Number(a.isDirectory) || NAMES.compare(a.path, b.path),
    );
    for (const [index, node] of sorted.entries()) {
      const isExpanded = node.isDirectory && !state.collapsed.has(node.path);
      rows.push({
        ...node,
        name: baseName(node.path),
        isExpanded,
        level,
        position: index + 1,
        siblings: sorted.length,
        mark: state.marks.get(node.path) ?? null,
      });
      if (isExpanded) walk(node.path, level + 1);
    }
  };
  walk(WORKSPACE, 1);
  return rows;
}

const NAMES = new Intl.Collator("en", { numeric: true });
const ENCODER = new TextEncoder();
const LENGTHS = new Map<string, number>();

/** Remembered for the few texts a page has open, so that a tree redraw does not encode them again. */
function utf8Length(text: string): number {
  if (text.length < 1024) return ENCODER.encode(text).length;
  let length = LENGTHS.get(text);
  if (length === undefined) {
    if (LENGTHS.size > 64) LENGTHS.clear();
    length = ENCODER.encode(text).length;
    LENGTHS.set(text, length);
  }
  return length;
}

/** Every file the page knows of: so that what a run makes can be told from what it changes. */
export function knownPaths(project: Pick<Project, "texts" | "data">, state: TreeStore): string[] {
  const listed = (state.listed ?? []).map((info) => info.path);
  return [...Object.keys(project.texts), ...Object.keys(project.data), ...listed];
}
