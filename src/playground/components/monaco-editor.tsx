import { Editor, loader } from "@monaco-editor/react";
import type { editor } from "monaco-editor/editor.js";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { setUpMonaco } from "../monaco-setup.ts";
import { resolveTheme } from "../theme.ts";
import { useSettings } from "./hooks.ts";
import type { EditorPlace } from "./plain-editor.tsx";

// From our own bundle; without this line the wrapper would fetch a copy from a public CDN.
const monaco = setUpMonaco();
loader.config({ monaco });

interface MonacoEditorProps {
  path: string;
  content: string;
  onEdit: (text: string) => void;
  /** Where the plain editor was; "busy" while it composes a character, `null` when there is none. */
  takeOver: () => EditorPlace | "busy" | null;
  onMounted: () => void;
}

/** Monaco with one model per file, so that undo history and scroll position belong to the file. */
export default function MonacoEditor({ path, content, onEdit, takeOver, onMounted }: MonacoEditorProps) {
  const theme = useSettings((state) => state.theme);
  const isSystemDark = useSyncExternalStore(subscribeToSystem, () => resolveTheme("system") === "dark");
  const isDark = theme === "dark" || (theme === "system" && isSystemDark);
  const onEditRef = useRef(onEdit);
  useEffect(() => {
    onEditRef.current = onEdit;
  });

  return (
    <Editor
      path={`file://${encodeURI(path)}`}
      value={content}
      theme={isDark ? "sandglass-dark" : "sandglass-light"}
      onChange={(value) => onEditRef.current(value ?? "")}
      onMount={(editor) => {
        const settle = () => {
          const place = takeOver();
          if (place === "busy") {
            setTimeout(settle, 100);
            return;
          }
          const model = editor.getModel();
          if (place !== null && model !== null) {
            const start = model.getPositionAt(place.selectionStart);
            const end = model.getPositionAt(place.selectionEnd);
            editor.setSelection(monaco.Range.fromPositions(start, end));
            editor.setScrollTop(place.scrollTop);
            if (place.hasFocus) editor.focus();
          }
          onMounted();
        };
        settle();
      }}
      loading={null}
      options={OPTIONS}
    />
  );
}

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  ariaLabel: "Code",
  automaticLayout: true,
  colorDecorators: false,
  contextmenu: true,
  cursorSurroundingLines: 3,
  fixedOverflowWidgets: true,
  folding: true,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontLigatures: false,
  fontSize: 13.5,
  guides: { indentation: true },
  lineHeight: 21,
  links: false,
  lineNumbersMinChars: 3,
  minimap: { enabled: false },
  occurrencesHighlight: "off",
  overviewRulerBorder: false,
  padding: { top: 12, bottom: 12 },
  quickSuggestions: { other: true, comments: false, strings: false },
  renderLineHighlight: "line",
  scrollBeyondLastLine: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  smoothScrolling: false,
  stickyScroll: { enabled: false },
  tabSize: 4,
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true },
  wordBasedSuggestions: "currentDocument",
};

function subscribeToSystem(listener: () => void): () => void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
