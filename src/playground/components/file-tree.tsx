import {
  ChevronDown,
  ChevronRight,
  Ellipsis,
  File,
  FileBraces,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  Folder,
  type LucideIcon,
} from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { formatBytes } from "../lib/format.ts";
import { displayPath, extensionOf, imageTypeOf, languageOf } from "../lib/paths.ts";
import { session } from "../session.ts";
import { type TreeRow, tree } from "../store/tree.ts";
import { view } from "../store/view.ts";
import { confirmWith } from "./ask.tsx";
import { renameFile } from "./editor-pane.tsx";
import { TOUCH, useMediaQuery, useProject, useTree } from "./hooks.ts";
import { Menu } from "./menu.tsx";
import { openOrPreview } from "./open-file.ts";

/** Height of a line, CSS pixels; the same in styles/files.css. */
const ROW_HEIGHT = 28;
const TOUCH_ROW_HEIGHT = 44;
const OVERSCAN = 12;
/** Letters typed within this time of each other are one name. */
const TYPE_AHEAD_MS = 700;

/** The files as a tree, by mouse and by keyboard. Only the lines in view are in the page, so ten thousand are fine. */
export function FileTree({ rows }: { rows: readonly TreeRow[] }) {
  const selectedPath = useTree((state) => state.selectedPath);
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height }, setWindow] = useState({ top: 0, height: 800 });
  const typed = useRef({ text: "", atMs: 0 });
  const rowHeight = useMediaQuery(TOUCH) ? TOUCH_ROW_HEIGHT : ROW_HEIGHT;
  const selectedIndex = Math.max(
    rows.findIndex((row) => row.path === selectedPath),
    0,
  );

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setWindow({ top: element.scrollTop, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const select = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    const element = scroller.current;
    if (row === undefined || element === null) return;
    tree.setState({ selectedPath: row.path });
    const y = rows.indexOf(row) * rowHeight;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = y + rowHeight - element.clientHeight;
    }
    requestAnimationFrame(() => {
      element.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus();
    });
  };

  const setExpanded = (path: string, isExpanded: boolean) => {
    const collapsed = new Set(tree.getState().collapsed);
    if (isExpanded) collapsed.delete(path);
    else collapsed.add(path);
    tree.setState({ collapsed });
  };

  const activate = (row: TreeRow) => {
    tree.setState({ selectedPath: row.path });
    if (row.isDirectory) setExpanded(row.path, !row.isExpanded);
    else void openOrPreview(row.path);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[selectedIndex];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.role !== "treeitem") return;
    const pageRows = Math.floor(height / rowHeight);
    if (event.key === "ArrowDown") select(selectedIndex + 1);
    else if (event.key === "ArrowUp") select(selectedIndex - 1);
    else if (event.key === "Home") select(0);
    else if (event.key === "End") select(rows.length - 1);
    else if (event.key === "PageDown") select(selectedIndex + pageRows);
    else if (event.key === "PageUp") select(selectedIndex - pageRows);
    else if (event.key === "ArrowRight") {
      if (row.isDirectory && !row.isExpanded) setExpanded(row.path, true);
      else if (row.isDirectory) select(selectedIndex + 1);
    } else if (event.key === "ArrowLeft") {
      if (row.isExpanded) setExpanded(row.path, false);
      else select(rows.findLastIndex((other, index) => index < selectedIndex && other.level < row.level));
    } else if (event.key === "Enter") activate(row);
    else if (event.key === " ") view.getState().preview(row.isDirectory ? null : row.path);
    else if (event.key === "F2") void renameFile(row.path);
    else if (event.key === "Delete") void removeWithQuestion(row);
    else if (event.key.length === 1) typeAhead(event.key, event.timeStamp);
    else return;
    event.preventDefault();
  };

  const typeAhead = (letter: string, atMs: number) => {
    const text = atMs - typed.current.atMs < TYPE_AHEAD_MS ? typed.current.text + letter : letter;
    typed.current = { text, atMs };
    const found = rows.findIndex((other) => other.name.toLowerCase().startsWith(text.toLowerCase()));
    if (found >= 0) select(found);
  };

  const first = Math.max(Math.floor(top / rowHeight) - OVERSCAN, 0);
  const last = Math.min(Math.ceil((top + height) / rowHeight) + OVERSCAN, rows.length);
  return (
    <div
      ref={scroller}
      className={`tree${rows.some((row) => row.isDirectory) ? "" : " tree--flat"}`}
      role="tree"
      aria-label="Files in the sandbox"
      onKeyDown={onKeyDown}
      onScroll={(event) =>
        setWindow({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
      }
    >
      <div role="presentation" style={{ height: first * rowHeight }} />
      {rows.slice(first, last).map((row, index) => (
        <TreeLine
          key={row.path}
          row={row}
          isSelected={row.path === selectedPath}
          isTabStop={first + index === selectedIndex}
          onActivate={() => activate(row)}
        />
      ))}
      <div role="presentation" style={{ height: (rows.length - last) * rowHeight }} />
    </div>
  );
}

interface TreeLineProps {
  row: TreeRow;
  isSelected: boolean;
  isTabStop: boolean;
  onActivate: () => void;
}

function TreeLine({ row, isSelected, isTabStop, onActivate }: TreeLineProps) {
  const isOpen = useProject((state) => state.activePath === row.path);
  const Icon = iconFor(row);
  const size = row.bytes === null ? "" : formatBytes(row.bytes);
  const markWord = row.mark === "created" ? "new" : (row.mark ?? "");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's, which knows the neighbours.
    <div
      className={`tree__row${isSelected ? " tree__row--selected" : ""}${isOpen ? " tree__row--open" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isSelected}
      aria-expanded={row.isDirectory ? row.isExpanded : undefined}
      aria-label={[row.name, markWord, size, row.isUnsaved ? "edited" : ""]
        .filter((part) => part !== "")
        .join(" ")}
      tabIndex={isTabStop ? 0 : -1}
      title={`${displayPath(row.path)}${size === "" ? "" : `, ${size}`}`}
      style={{ paddingInlineStart: 8 + (row.level - 1) * 14 }}
      onFocus={(event) => {
        if (event.target === event.currentTarget) tree.setState({ selectedPath: row.path });
      }}
      onClick={onActivate}
    >
      <span className="tree__twist" aria-hidden="true">
        {row.isDirectory && (row.isExpanded ? <ChevronDown size={14} /> : <ChevronRight size={14} />)}
      </span>
      <Icon size={15} strokeWidth={1.6} aria-hidden="true" className="tree__icon" />
      <bdi className="tree__name">{row.name}</bdi>{" "}
      {markWord !== "" && <span className="mark">{markWord} </span>}
      {row.isUnsaved && (
        <span className="tab__dirty" title="Edited; written to the sandbox with the next run" />
      )}
      <span className="tree__size" aria-hidden="true">
        {size}
      </span>
      <RowMenu row={row} />
    </div>
  );
}

function RowMenu({ row }: { row: TreeRow }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps the menu's own presses from opening the file.
    <span
      className="tree__menu"
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Menu
        label={`Actions for ${row.name}`}
        align="end"
        className="menu--icon menu--small"
        items={[
          ...(row.isDirectory
            ? []
            : [{ id: "preview", label: "Preview", onSelect: () => view.getState().preview(row.path) }]),
          {
            id: "download",
            label: row.isDirectory ? "Download as ZIP" : "Download",
            onSelect: () =>
              void (row.isDirectory ? session.downloadZip(row.path) : session.download(row.path)),
          },
          { id: "rename", label: "Rename", onSelect: () => void renameFile(row.path) },
          { id: "delete", label: "Delete", isDangerous: true, onSelect: () => void removeWithQuestion(row) },
        ]}
      >
        <Ellipsis size={15} aria-hidden="true" />
      </Menu>
    </span>
  );
}

async function removeWithQuestion(row: TreeRow): Promise<void> {
  const isSure = await confirmWith({
    title: `Delete ${displayPath(row.path)}?`,
    text: row.isDirectory
      ? "The folder and everything in it leave the sandbox. This cannot be undone."
      : "The file leaves the sandbox. This cannot be undone.",
    confirmLabel: "Delete",
    isDangerous: true,
  });
  if (isSure) await session.remove(row.path);
}

function iconFor(row: TreeRow): LucideIcon {
  if (row.isDirectory) return Folder;
  if (languageOf(row.path) !== null) return FileCode;
  if (imageTypeOf(row.path) !== null || extensionOf(row.path) === ".svg") return FileImage;
  const extension = extensionOf(row.path);
  if (extension === ".json" || extension === ".jsonl") return FileBraces;
  if (extension === ".csv" || extension === ".tsv") return FileSpreadsheet;
  if ([".txt", ".md", ".html", ".htm", ".log", ".xml", ".yaml", ".yml", ".toml"].includes(extension))
    return FileText;
  return File;
}
