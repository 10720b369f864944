import { Entries } from "./entries.ts";
import type { Ino, TreeDelta, TreeEntry } from "./filesystem.ts";
import { type Inode, mtimeOf, type NameRef, namesOf } from "./inode.ts";
import { pathIn } from "./inode-table.ts";
import type { View } from "./layers.ts";
import { joinPath } from "./names.ts";

/** Paths of one state that may differ in the other, with the inode each leads to. */
type Candidates = Map<string, Ino>;

/**
 * What differs between two states of one inode table. Looks only at inodes written in between, at the entries of
 * directories among them, and at what hangs below a name that leads elsewhere now.
 *
 * A path that differs lies at or under the first place where the two walks to it part: either an entry of a directory
 * that was written (then the whole of both subtrees are candidates) or its own inode was written (then all its names
 * are). So every such path is among the candidates of each state it exists in.
 */
export function compareStates(
  then: View<Inode>,
  now: View<Inode>,
  written: Iterable<Ino>,
  root: Ino,
): TreeDelta {
  const old: Candidates = new Map();
  const present: Candidates = new Map();
  /** A hard link elsewhere is listed by the path of its first name, so all names of such a file go together. */
  const addAllNames = (ino: Ino) => {
    if (ino === root) return;
    addNames(old, then, ino);
    addNames(present, now, ino);
  };
  for (const ino of written) {
    addAllNames(ino);
    const before = then(ino);
    const after = now(ino);
    const oldEntries = entriesOf(before);
    const newEntries = entriesOf(after);
    for (const name of oldEntries.namesToCompare(newEntries)) {
      const oldChild = oldEntries.get(name);
      const newChild = newEntries.get(name);
      if (oldChild === newChild) continue;
      const place = { parent: ino, name };
      if (oldChild !== undefined) addSubtree(old, then, place, oldChild, addAllNames);
      if (newChild !== undefined) addSubtree(present, now, place, newChild, addAllNames);
    }
  }

  const removed = [...old.keys()].filter((path) => !present.has(path)).sort();
  const oldFirst = firstPaths(then, old);
  const newFirst = firstPaths(now, present);
  const changed = new Map<string, TreeEntry>();
  for (const [path, ino] of present) {
    const inode = now(ino)!;
    const before = old.get(path);
    const entry = toEntry(path, inode, newFirst.get(ino));
    if (before !== undefined && isSame(then(before)!, inode)) {
      const was = oldFirst.get(before);
      if (linkOf(path, was) === entry.linkTo) continue;
    }
    changed.set(path, entry);
    // A list is read by itself: the first name of a file stands in it beside the others.
    const first = entry.linkTo;
    if (first !== undefined && !changed.has(first)) changed.set(first, toEntry(first, inode, first));
  }
  return { removed, entries: sortEntries([...changed.values()]) };
}

/** One inode as a tree entry under one of its paths. `firstPath` is given for files with several names. */
export function toEntry(path: string, inode: Inode, firstPath?: string): TreeEntry {
  const entry: TreeEntry = { path, type: inode.type, mode: inode.mode, mtimeNs: mtimeOf(inode) };
  const linkTo = linkOf(path, firstPath);
  if (linkTo !== undefined) entry.linkTo = linkTo;
  else if (inode.type === "file") entry.bytes = inode.content.toShared();
  else if (inode.type === "symlink") entry.target = inode.target;
  return entry;
}

/** Sorts a list of entries by path, in place. */
export function sortEntries(entries: TreeEntry[]): TreeEntry[] {
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function linkOf(path: string, firstPath: string | undefined): string | undefined {
  return firstPath === undefined || firstPath === path ? undefined : firstPath;
}

function entriesOf(inode: Inode | undefined): Entries {
  return inode?.type === "directory" ? inode.entries : NO_ENTRIES;
}

const NO_ENTRIES = new Entries();

function addNames(candidates: Candidates, view: View<Inode>, ino: Ino): void {
  const inode = view(ino);
  if (inode === undefined) return;
  for (const { parent, name } of namesOf(inode)) candidates.set(pathIn(view, parent, name), ino);
}

function addSubtree(
  candidates: Candidates,
  view: View<Inode>,
  top: NameRef,
  topIno: Ino,
  addAllNames: (ino: Ino) => void,
): void {
  const pending: [path: string, ino: Ino][] = [[pathIn(view, top.parent, top.name), topIno]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [path, ino] = next;
    candidates.set(path, ino);
    const inode = view(ino)!;
    if (inode.type !== "directory") {
      if (inode.nlink > 1) addAllNames(ino);
      continue;
    }
    for (const [name, child] of inode.entries) pending.push([joinPath(path, name), child]);
  }
}

/** The first path, in list order, of every candidate with several names. All their names are candidates. */
function firstPaths(view: View<Inode>, candidates: Candidates): Map<Ino, string> {
  const first = new Map<Ino, string>();
  for (const [path, ino] of candidates) {
    if (view(ino)!.moreNames === undefined) continue;
    const known = first.get(ino);
    if (known === undefined || path < known) first.set(ino, path);
  }
  return first;
}

/** Whether an entry made of either would read the same, its path and `linkTo` aside. */
function isSame(before: Inode, after: Inode): boolean {
  if (before.mode !== after.mode || mtimeOf(before) !== mtimeOf(after)) return false;
  if (before.type === "file") return after.type === "file" && before.content.equals(after.content);
  if (before.type === "symlink") return after.type === "symlink" && before.target === after.target;
  return after.type === "directory";
}
