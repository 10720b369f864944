import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef } from "react";

/** What the next editor needs to go on where this one was. */
export interface EditorPlace {
  hasFocus: boolean;
  selectionStart: number;
  selectionEnd: number;
  scrollTop: number;
}

export interface PlainEditorHandle {
  /** `null` while an input method composes a character: ask again later. */
  handOver(): EditorPlace | "busy" | null;
}

interface PlainEditorProps {
  label: string;
  content: string;
  onEdit: (text: string) => void;
  ref?: Ref<PlainEditorHandle>;
}

const INDENT = "    ";

/**
 * A text field with line numbers: the editor on phones, and everywhere until Monaco has arrived. Tab indents; Escape
 * first lets Tab move on.
 */
export function PlainEditor({ label, content, onEdit, ref }: PlainEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const isComposing = useRef(false);
  const letsTabLeave = useRef(false);
  const lineCount = useMemo(() => content.split("\n").length, [content]);

  useImperativeHandle(ref, () => ({
    handOver: () => {
      const element = field.current;
      if (element === null) return null;
      if (isComposing.current) return "busy";
      const { selectionStart, selectionEnd, scrollTop } = element;
      return { hasFocus: document.activeElement === element, selectionStart, selectionEnd, scrollTop };
    },
  }));

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") {
      letsTabLeave.current = true;
      return;
    }
    const isLeaving = letsTabLeave.current;
    if (event.key !== "Shift") letsTabLeave.current = false;
    if (event.key === "Tab" && !isLeaving && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      insert(event.currentTarget, INDENT);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing) {
      const { value, selectionStart } = event.currentTarget;
      const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
      const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
      const deeper = /[:{([]\s*$/.test(line) ? INDENT : "";
      if (indent + deeper === "") return;
      event.preventDefault();
      insert(event.currentTarget, `\n${indent}${deeper}`);
    }
  };

  return (
    <div className="plain-editor">
      <div className="plain-editor__numbers" ref={numbers} aria-hidden="true">
        {Array.from({ length: lineCount }, (_, index) => index + 1).join("\n")}
      </div>
      <textarea
        ref={field}
        className="plain-editor__field"
        aria-label={label}
        value={content}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        onChange={(event) => onEdit(event.target.value)}
        onKeyDown={onKeyDown}
        onCompositionStart={() => {
          isComposing.current = true;
        }}
        onCompositionEnd={() => {
          isComposing.current = false;
        }}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

/** As if it were typed: keeps the browser's undo history, which setting the value would lose. */
function insert(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  // Deprecated, and still the only way into a text field's undo history.
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
