import { createStore } from "zustand/vanilla";
import type { Language } from "../../policy/languages.ts";
import { freePath, languageOf, WORKSPACE } from "../lib/paths.ts";

/** A text file as the editor has it. What the sandbox has is `syncedContent`. */
export interface TextFile {
  path: string;
  content: string;
  /** Last content known to be in the sandbox; `null` before it was ever written there. */
  syncedContent: string | null;
  /** `guest`: a run made it and the reader only looked. It becomes the reader's with the first edit. */
  origin: "reader" | "guest";
}

/** A file that is not text, or too large to edit: kept as a blob so that a reset can bring it back. */
export interface DataFile {
  path: string;
  blob: Blob;
  isSynced: boolean;
}

/** Everything the reader brought: what a fresh sandbox starts with. */
export interface Project {
  texts: Readonly<Record<string, TextFile>>;
  data: Readonly<Record<string, DataFile>>;
  /** Open tabs, left to right. */
  tabs: readonly string[];
  activePath: string | null;
  /** The program Run runs: the last runnable file that was in front. */
  entryPath: string | null;
  /** What follows the program's name in its argv, as typed. */
  args: string;
  exampleId: string | null;
  /** False while everything is as the example had it. */
  isEdited: boolean;
}

export interface ProjectStore extends Project {
  replace(project: Pick<Project, "texts" | "data" | "tabs" | "exampleId"> & Partial<Project>): void;
  open(path: string): void;
  closeTab(path: string): void;
  edit(path: string, content: string): void;
  /** Adds or replaces files the reader brought. */
  put(files: readonly (TextFile | DataFile)[]): void;
  /** Opens content a run left behind. */
  openGuestFile(path: string, content: string): void;
  rename(from: string, to: string): void;
  /** Removes a file, or a directory with what is in it. */
  remove(path: string): void;
  markSynced(contents: ReadonlyMap<string, string>, dataPaths: readonly string[]): void;
  /** A fresh sandbox has nothing of ours yet. */
  markUnsynced(): void;
  setArgs(args: string): void;
}

const EMPTY: Project = {
  texts: {},
  data: {},
  tabs: [],
  activePath: null,
  entryPath: null,
  args: "",
  exampleId: null,
  isEdited: false,
};

export const project = createStore<ProjectStore>((set) => ({
  ...EMPTY,

  setArgs: (args) => set({ args }),

  replace: (next) =>
    set(() => {
      const activePath = next.activePath ?? next.tabs[0] ?? null;
      return { ...EMPTY, ...next, activePath, entryPath: next.entryPath ?? entryAfter(null, activePath) };
    }),

  open: (path) =>
    set((state) => ({
      tabs: state.tabs.includes(path) ? state.tabs : [...state.tabs, path],
      activePath: path,
      entryPath: entryAfter(state.entryPath, path),
    })),

  closeTab: (path) =>
    set((state) => {
      const index = state.tabs.indexOf(path);
      const tabs = state.tabs.filter((tab) => tab !== path);
      const activePath =
        state.activePath === path ? (tabs[Math.min(index, tabs.length - 1)] ?? null) : state.activePath;
      // A file of the guest's that was only looked at does not become the reader's by being closed.
      const texts = state.texts[path]?.origin === "guest" ? without(state.texts, path) : state.texts;
      return { tabs, activePath, texts, entryPath: entryAfter(state.entryPath, activePath) };
    }),

  edit: (path, content) =>
    set((state) => {
      const file = state.texts[path];
      if (file === undefined || file.content === content) return state;
      return {
        texts: { ...state.texts, [path]: { ...file, content, origin: "reader" } },
        isEdited: true,
      };
    }),

  put: (files) =>
    set((state) => {
      const texts = { ...state.texts };
      const data = { ...state.data };
      for (const file of files) {
        if ("content" in file) {
          texts[file.path] = file;
          delete data[file.path];
        } else {
          data[file.path] = file;
          delete texts[file.path];
        }
      }
      const tabs = state.tabs.filter((path) => path in texts || path in data);
      return { texts, data, tabs, isEdited: true };
    }),

  openGuestFile: (path, content) =>
    set((state) => ({
      texts: { ...state.texts, [path]: { path, content, syncedContent: content, origin: "guest" } },
      tabs: state.tabs.includes(path) ? state.tabs : [...state.tabs, path],
      activePath: path,
      entryPath: entryAfter(state.entryPath, path),
    })),

  rename: (from, to) =>
    set((state) => {
      const move = (path: string) =>
        path === from ? to : path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
      const moveKeys = <T extends { path: string }>(files: Readonly<Record<string, T>>) =>
        Object.fromEntries(
          Object.values(files).map((file) => [move(file.path), { ...file, path: move(file.path) }]),
        );
      const activePath = state.activePath === null ? null : move(state.activePath);
      const entryPath = state.entryPath === null ? null : move(state.entryPath);
      return {
        texts: moveKeys(state.texts),
        data: moveKeys(state.data),
        tabs: state.tabs.map(move),
        activePath,
        entryPath: entryPath !== null && languageOf(entryPath) ? entryPath : entryAfter(null, activePath),
        isEdited: true,
      };
    }),

  remove: (path) =>
    set((state) => {
      const isGone = (candidate: string) => candidate === path || candidate.startsWith(`${path}/`);
      const keep = <T extends { path: string }>(files: Readonly<Record<string, T>>) =>
        Object.fromEntries(Object.entries(files).filter(([candidate]) => !isGone(candidate)));
      const tabs = state.tabs.filter((tab) => !isGone(tab));
      const activePath =
        state.activePath !== null && isGone(state.activePath) ? (tabs.at(-1) ?? null) : state.activePath;
      const entryPath = state.entryPath !== null && isGone(state.entryPath) ? null : state.entryPath;
      return {
        texts: keep(state.texts),
        data: keep(state.data),
        tabs,
        activePath,
        entryPath: entryAfter(entryPath, activePath) ?? tabs.find((tab) => languageOf(tab) !== null) ?? null,
        isEdited: true,
      };
    }),

  markSynced: (contents, dataPaths) =>
    set((state) => {
      const texts = { ...state.texts };
      for (const [path, content] of contents) {
        const file = texts[path];
        if (file !== undefined) texts[path] = { ...file, syncedContent: content };
      }
      const data = { ...state.data };
      for (const path of dataPaths) {
        const file = data[path];
        if (file !== undefined) data[path] = { ...file, isSynced: true };
      }
      return { texts, data };
    }),

  markUnsynced: () =>
    set((state) => {
      const texts = Object.fromEntries(
        Object.entries(state.texts)
          .filter(([, file]) => file.origin === "reader")
          .map(([path, file]) => [path, { ...file, syncedContent: null }]),
      );
      const data = Object.fromEntries(
        Object.entries(state.data).map(([path, file]) => [path, { ...file, isSynced: false }]),
      );
      const tabs = state.tabs.filter((tab) => tab in texts || tab in data);
      const activePath =
        state.activePath !== null && tabs.includes(state.activePath) ? state.activePath : (tabs[0] ?? null);
      return { texts, data, tabs, activePath, entryPath: entryAfter(state.entryPath, activePath) };
    }),
}));

/** Edited since it was last written to the sandbox. */
export function isDirty(file: TextFile): boolean {
  return file.syncedContent !== file.content;
}

export function isTaken(state: Project, path: string): boolean {
  return path in state.texts || path in state.data;
}

/** What a new file of each language starts with. */
const STARTERS: Readonly<Record<Exclude<Language, "wasi">, { name: string; content: string }>> = {
  python: { name: "main.py", content: 'print("Hello from Python")\n' },
  javascript: { name: "main.js", content: 'console.log("Hello from JavaScript");\n' },
  typescript: {
    name: "main.ts",
    content: 'const greeting: string = "Hello from TypeScript";\nconsole.log(greeting);\n',
  },
};

/** Brings a program of this language to the front: one that is there, or a new one. False when only the reader can (wasi). */
export function chooseLanguage(language: Language): boolean {
  const state = project.getState();
  const present = [...state.tabs, ...Object.keys(state.texts), ...Object.keys(state.data)].find(
    (path) => languageOf(path) === language,
  );
  if (present !== undefined) {
    state.open(present);
    return true;
  }
  if (language === "wasi") return false;
  const starter = STARTERS[language];
  const path = freePath(`${WORKSPACE}/${starter.name}`, (candidate) => isTaken(state, candidate));
  state.put([{ path, content: starter.content, syncedContent: null, origin: "reader" }]);
  state.open(path);
  return true;
}

function entryAfter(entryPath: string | null, activePath: string | null): string | null {
  return activePath !== null && languageOf(activePath) !== null ? activePath : entryPath;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
