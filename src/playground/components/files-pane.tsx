import { Download, FilePlus, FolderPlus, Upload } from "lucide-react";
import { useRef } from "react";
import { filesFromInput, MAX_FILES } from "../lib/dropped-files.ts";
import { formatBytes, plural } from "../lib/format.ts";
import { languageOf, resolveTyped } from "../lib/paths.ts";
import { session } from "../session.ts";
import { treeRows } from "../store/tree.ts";
import { view } from "../store/view.ts";
import { askForText } from "./ask.tsx";
import { newFile } from "./editor-pane.tsx";
import { FileTree } from "./file-tree.tsx";
import { useProject, useTree } from "./hooks.ts";
import { IconButton } from "./icon-button.tsx";
import { Menu } from "./menu.tsx";
import { openOrPreview } from "./open-file.ts";

/** An attribute every browser knows and React's types do not. */
const PICKS_FOLDERS = { webkitdirectory: "" };

/** The sandbox's files: what the reader put there and what runs left. */
export function FilesPane() {
  const texts = useProject((state) => state.texts);
  const data = useProject((state) => state.data);
  const state = useTree((current) => current);
  const rows = treeRows({ texts, data }, state);
  const files = rows.filter((row) => !row.isDirectory);
  const bytes = files.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
  const filePicker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);

  return (
    <section className="files-pane" aria-label="Files" data-part="files">
      <header className="pane-head">
        <h2 className="pane-head__title">Files</h2>
        <IconButton icon={FilePlus} label="New file" onClick={() => void newFile()} />
        <IconButton icon={FolderPlus} label="New folder" onClick={() => void newFolder()} />
        <Menu
          label="Upload"
          align="end"
          className="menu--icon"
          items={[
            { id: "files", label: "Upload files", onSelect: () => filePicker.current?.click() },
            { id: "folder", label: "Upload a folder", onSelect: () => folderPicker.current?.click() },
          ]}
        >
          <Upload size={16} strokeWidth={1.75} aria-hidden="true" />
        </Menu>
        <IconButton
          icon={Download}
          label="Download all as a ZIP file"
          disabled={files.length === 0}
          onClick={() => void session.downloadZip()}
        />
        {/* Hidden from everybody: the menu above opens them, and a reader with a screen reader would meet two buttons more. */}
        <input
          ref={filePicker}
          type="file"
          multiple
          hidden
          aria-label="Choose files to upload"
          onChange={(event) => takeFiles(event.target)}
        />
        <input
          ref={folderPicker}
          type="file"
          {...PICKS_FOLDERS}
          hidden
          aria-label="Choose a folder to upload"
          onChange={(event) => takeFiles(event.target)}
        />
      </header>
      {state.problem !== null && (
        <p className="files-pane__problem" role="alert">
          {state.problem}
        </p>
      )}
      {rows.length === 0 ? (
        <div className="empty">
          <p>No files yet.</p>
          <p className="empty__more">Drop files or folders anywhere on the page.</p>
        </div>
      ) : (
        <FileTree rows={rows} />
      )}
      <p className="files-pane__foot">
        {plural(files.length, "file")}, {formatBytes(bytes)}
      </p>
    </section>
  );
}

function takeFiles(input: HTMLInputElement): void {
  const files = filesFromInput(input.files ?? []);
  input.value = "";
  void addFiles(files);
}

/** Puts brought files into the sandbox and says how many. */
export async function addFiles(files: readonly { path: string; blob: Blob }[]): Promise<void> {
  if (files.length === 0) return;
  await session.add(files);
  // A module that comes alone is there to be looked at, and run.
  const modules = files.filter(({ path }) => languageOf(path) === "wasi");
  if (modules.length === 1) await openOrPreview(modules[0]!.path);
  view
    .getState()
    .say(
      files.length >= MAX_FILES
        ? `Only the first ${MAX_FILES.toLocaleString("en")} files were taken.`
        : `${plural(files.length, "file")} added.`,
    );
}

async function newFolder(): Promise<void> {
  const typed = await askForText({
    title: "New folder",
    field: {
      label: "Name",
      value: "data",
      check: (value) => {
        const resolved = resolveTyped(value);
        return "problem" in resolved ? resolved.problem : null;
      },
    },
    confirmLabel: "Create",
  });
  const resolved = typed === null ? null : resolveTyped(typed);
  if (resolved !== null && "path" in resolved) await session.makeDir(resolved.path);
}
