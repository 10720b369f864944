/**
 * The part of Monaco the page uses: the editor with its usual features, and colours for the languages that turn up
 * here. Imported only by the lazily loaded editor.
 */
import * as monaco from "monaco-editor/editor.js";
import "monaco-editor/features/register.all.js";
import "monaco-editor/languages/definitions/cpp/register.js";
import "monaco-editor/languages/definitions/css/register.js";
import "monaco-editor/languages/definitions/html/register.js";
import "monaco-editor/languages/definitions/ini/register.js";
import "monaco-editor/languages/definitions/javascript/register.js";
import "monaco-editor/languages/definitions/markdown/register.js";
import "monaco-editor/languages/definitions/python/register.js";
import "monaco-editor/languages/definitions/rust/register.js";
import "monaco-editor/languages/definitions/shell/register.js";
import "monaco-editor/languages/definitions/sql/register.js";
import "monaco-editor/languages/definitions/typescript/register.js";
import "monaco-editor/languages/definitions/xml/register.js";
import "monaco-editor/languages/definitions/yaml/register.js";
import EditorWorker from "monaco-editor/editor/editor.worker.js?worker";

/** Gives Monaco its worker and the page's colours; called once, before the first editor. */
export function setUpMonaco(): typeof monaco {
  self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
  defineTheme("light", "#ffffff", "#f6f4f0", "#f0dfba", "#6d665c");
  defineTheme("dark", "#1a1917", "#211f1c", "#4a3d22", "#9c9588");
  return monaco;
}

/** Colours come from the page's tokens (styles/tokens.css), in the form Monaco wants them. */
const INK = {
  light: {
    text: "1f1d1a",
    comment: "766f65",
    keyword: "8a3b12",
    string: "2f6b3a",
    number: "7a4a9e",
    type: "1d5f86",
  },
  dark: {
    text: "ece8e1",
    comment: "8f887c",
    keyword: "e59a6b",
    string: "9dc78f",
    number: "c9a6e4",
    type: "86bfe0",
  },
} as const;

function defineTheme(
  name: "light" | "dark",
  surface: string,
  line: string,
  selection: string,
  muted: string,
) {
  const ink = INK[name];
  monaco.editor.defineTheme(`sandglass-${name}`, {
    base: name === "light" ? "vs" : "vs-dark",
    inherit: true,
    rules: [
      { token: "", foreground: ink.text },
      { token: "comment", foreground: ink.comment },
      { token: "keyword", foreground: ink.keyword },
      { token: "string", foreground: ink.string },
      { token: "string.escape", foreground: ink.number },
      { token: "number", foreground: ink.number },
      { token: "type", foreground: ink.type },
      { token: "tag", foreground: ink.keyword },
      { token: "attribute.name", foreground: ink.type },
      { token: "attribute.value", foreground: ink.string },
      { token: "delimiter", foreground: ink.text },
    ],
    colors: {
      "editor.background": surface,
      "editor.foreground": `#${ink.text}`,
      "editor.lineHighlightBackground": line,
      "editor.lineHighlightBorder": "#00000000",
      "editor.selectionBackground": selection,
      "editorLineNumber.foreground": muted,
      "editorLineNumber.activeForeground": `#${ink.text}`,
      ...Object.fromEntries(
        // Brackets are told apart by their place, not by six colours.
        [1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, `#${ink.text}`]),
      ),
      "editorCursor.foreground": name === "light" ? "#8a5a0b" : "#e3b04b",
      "editorIndentGuide.background1": line,
      "editorWidget.background": name === "light" ? "#ffffff" : "#24221f",
      "scrollbar.shadow": "#00000000",
      focusBorder: name === "light" ? "#8a5a0b" : "#e3b04b",
    },
  });
}
