import { isRecord, loadStored, saveStored } from "../lib/storage.ts";
import { type Project, project, type TextFile } from "./project.ts";

const KEY = "project";
/** Browsers give a page about 5 million UTF-16 units in all; this leaves room for the rest of the origin. */
const KEPT_CHARACTERS = 1_500_000;
const SAVE_AFTER_MS = 400;

/** What a reload brings back: texts, tabs, and which example the rest came from. */
export interface StoredProject {
  exampleId: string | null;
  isEdited: boolean;
  args: string;
  tabs: string[];
  activePath: string | null;
  entryPath: string | null;
  texts: { path: string; content: string }[];
  /** Files that were too large to keep; their names let the page say so. */
  missing: string[];
}

/** Keeps the editor's files in this browser from now on. `onFull` is told when a file could not be kept. */
export function keepProject(onFull: (paths: string[]) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let toldAbout = "";
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const stored = toStored(project.getState());
    const isSaved = saveStored(KEY, stored);
    const lost = isSaved ? stored.missing.filter((path) => path in project.getState().texts) : ["everything"];
    if (lost.length > 0 && lost.join() !== toldAbout) onFull(lost);
    toldAbout = lost.join();
  };
  project.subscribe(() => {
    timer ??= setTimeout(save, SAVE_AFTER_MS);
  });
  // The last edit before a reload must not be lost to the delay.
  addEventListener("pagehide", () => {
    if (timer !== undefined) save();
  });
}

export function loadKeptProject(): StoredProject | null {
  return parseStoredProject(loadStored(KEY));
}

/** Smallest files first, so that one huge file does not push out the program. */
export function toStored(state: Project): StoredProject {
  const texts: { path: string; content: string }[] = [];
  const missing = Object.keys(state.data);
  let characters = 0;
  const own = Object.values(state.texts).filter((file) => file.origin === "reader");
  for (const { path, content } of own.toSorted((a, b) => a.content.length - b.content.length)) {
    characters += content.length;
    if (characters > KEPT_CHARACTERS) missing.push(path);
    else texts.push({ path, content });
  }
  const kept = new Set([...texts.map((file) => file.path), ...Object.keys(state.data)]);
  return {
    exampleId: state.exampleId,
    isEdited: state.isEdited,
    args: state.args,
    tabs: state.tabs.filter((path) => kept.has(path)),
    activePath: state.activePath,
    entryPath: state.entryPath,
    texts,
    missing,
  };
}

/** `null` when there is nothing usable. */
export function parseStoredProject(stored: unknown): StoredProject | null {
  if (!isRecord(stored) || !Array.isArray(stored.texts)) return null;
  const texts = stored.texts.filter(
    (file): file is { path: string; content: string } =>
      isRecord(file) && isPath(file.path) && typeof file.content === "string",
  );
  if (texts.length === 0) return null;
  const paths = (value: unknown) => (Array.isArray(value) ? value.filter(isPath) : []);
  const path = (value: unknown) => (isPath(value) ? value : null);
  return {
    exampleId: typeof stored.exampleId === "string" ? stored.exampleId : null,
    isEdited: stored.isEdited === true,
    args: typeof stored.args === "string" ? stored.args : "",
    tabs: paths(stored.tabs),
    activePath: path(stored.activePath),
    entryPath: path(stored.entryPath),
    texts: texts.map(({ path, content }) => ({ path, content })),
    missing: paths(stored.missing),
  };
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/workspace/") && !value.includes("\0");
}

export function toTexts(files: readonly { path: string; content: string }[]): Record<string, TextFile> {
  return Object.fromEntries(
    files.map(({ path, content }) => [path, { path, content, syncedContent: null, origin: "reader" }]),
  );
}
