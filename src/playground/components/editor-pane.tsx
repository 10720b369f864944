import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { displayPath, freePath, resolveTyped, WORKSPACE } from "../lib/paths.ts";
import { session } from "../session.ts";
import { isDirty, isTaken, project } from "../store/project.ts";
import { askForText } from "./ask.tsx";
import { CodeEditor } from "./code-editor.tsx";
import { useProject } from "./hooks.ts";
import { IconButton } from "./icon-button.tsx";
import { ModuleView } from "./module-view.tsx";

/** Tabs and the editor under them. */
export function EditorPane() {
  const activePath = useProject((state) => state.activePath);
  const isText = useProject((state) => activePath !== null && activePath in state.texts);
  return (
    <section className="editor-pane" aria-label="Editor" data-part="editor">
      <EditorTabs />
      <div
        className="editor-pane__body"
        id="editor-panel"
        role="tabpanel"
        aria-label={activePath ? displayPath(activePath) : "No file"}
      >
        {activePath === null ? (
          <NoFile />
        ) : isText ? (
          <CodeEditor path={activePath} />
        ) : (
          <ModuleView path={activePath} />
        )}
      </div>
      <Arguments />
    </section>
  );
}

/** What the program finds after its name in its argv. */
function Arguments() {
  const args = useProject((state) => state.args);
  const setArgs = useProject((state) => state.setArgs);
  return (
    <label className="arguments">
      <span className="arguments__label">Arguments</span>
      <input
        className="arguments__field"
        value={args}
        placeholder="none"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => setArgs(event.target.value)}
      />
    </label>
  );
}

function EditorTabs() {
  const tabs = useProject((state) => state.tabs);
  const activePath = useProject((state) => state.activePath);
  const list = useRef<HTMLDivElement>(null);

  const go = (index: number) => {
    const path = tabs[(index + tabs.length) % tabs.length];
    if (path === undefined) return;
    project.getState().open(path);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[tabs.indexOf(path)]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, path: string) => {
    const index = tabs.indexOf(path);
    if (event.key === "ArrowRight") go(index + 1);
    else if (event.key === "ArrowLeft") go(index - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(tabs.length - 1);
    else if (event.key === "F2") void renameFile(path);
    else if (event.key === "Delete") project.getState().closeTab(path);
    else return;
    event.preventDefault();
  };

  return (
    <div className="tabs">
      <div className="tabs__list" role="tablist" aria-label="Open files" ref={list}>
        {tabs.map((path) => (
          <EditorTab key={path} path={path} isActive={path === activePath} onKeyDown={onKeyDown} />
        ))}
      </div>
      <IconButton icon={Plus} label="New file" onClick={() => void newFile()} />
    </div>
  );
}

interface EditorTabProps {
  path: string;
  isActive: boolean;
  onKeyDown: (event: KeyboardEvent, path: string) => void;
}

function EditorTab({ path, isActive, onKeyDown }: EditorTabProps) {
  // Before the first sync every file is new; a mark on all of them would say nothing.
  const isMarked = useProject((state) => {
    const file = state.texts[path];
    return file !== undefined && file.syncedContent !== null && isDirty(file);
  });
  const name = displayPath(path);
  const close = () => project.getState().closeTab(path);
  return (
    <button
      type="button"
      role="tab"
      className={`tab${isActive ? " tab--active" : ""}`}
      aria-selected={isActive}
      aria-controls="editor-panel"
      aria-keyshortcuts="Delete F2"
      tabIndex={isActive ? 0 : -1}
      title={`${name}${isMarked ? " (edited since the last run)" : ""}. Double-click to rename.`}
      onClick={() => project.getState().open(path)}
      onDoubleClick={() => void renameFile(path)}
      onAuxClick={(event) => event.button === 1 && close()}
      onKeyDown={(event) => onKeyDown(event, path)}
    >
      <bdi className="tab__name">{name}</bdi>
      {isMarked && (
        <span className="tab__dirty">
          <span className="visually-hidden"> (edited)</span>
        </span>
      )}
      {/* A tab may hold no second button; Delete does this by keyboard. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as said. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as said. */}
      <span
        className="tab__close"
        title="Close the tab; the file stays (Delete)"
        onClick={(event) => {
          event.stopPropagation();
          close();
        }}
      >
        <X size={13} strokeWidth={2} aria-hidden="true" />
      </span>
    </button>
  );
}

function NoFile() {
  return (
    <div className="empty">
      <p>No file is open.</p>
      <button type="button" className="button" onClick={() => void newFile()}>
        New file
      </button>
    </div>
  );
}

/** Asks for a name and opens a new, empty file. */
export async function newFile(folder = WORKSPACE): Promise<void> {
  const state = project.getState();
  const start = freePath(`${folder}/untitled.py`, (path) => isTaken(state, path));
  const typed = await askForText({
    title: "New file",
    field: { label: "Name, with its ending", value: displayPath(start), check: (value) => checkNew(value) },
    confirmLabel: "Create",
  });
  const resolved = typed === null ? null : resolveTyped(typed);
  if (resolved === null || "problem" in resolved) return;
  project.getState().put([{ path: resolved.path, content: "", syncedContent: null, origin: "reader" }]);
  project.getState().open(resolved.path);
}

/** Asks for a new name. */
export async function renameFile(path: string): Promise<void> {
  const typed = await askForText({
    title: `Rename ${displayPath(path)}`,
    field: { label: "New name", value: displayPath(path), check: (value) => checkNew(value, path) },
    confirmLabel: "Rename",
  });
  const resolved = typed === null ? null : resolveTyped(typed);
  if (resolved !== null && "path" in resolved && resolved.path !== path)
    await session.rename(path, resolved.path);
}

function checkNew(value: string, except?: string): string | null {
  const resolved = resolveTyped(value);
  if ("problem" in resolved) return resolved.problem;
  if (resolved.path !== except && isTaken(project.getState(), resolved.path)) {
    return `There is already a file named ${displayPath(resolved.path)}.`;
  }
  return null;
}
