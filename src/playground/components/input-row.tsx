import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { InputRequest } from "../store/run.ts";

/** Where the reader answers a program that waits: Enter sends the line, Ctrl+D ends the input. */
export function InputRow({ request }: { request: InputRequest }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    // The program waits for this and nothing else, unless the reader is typing somewhere.
    const active = document.activeElement;
    const isTyping =
      active instanceof HTMLElement && active.matches("textarea, input, [contenteditable=true]");
    if (!isTyping) field.current?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      request.submit(`${text}\n`);
    } else if (event.key.toLowerCase() === "d" && event.ctrlKey) {
      event.preventDefault();
      // As in a terminal: what is on the line is sent without its end; on an empty line the input ends.
      request.submit(text === "" ? null : text);
    }
  };

  return (
    <form className="input-row" onSubmit={(event) => event.preventDefault()}>
      <span className="stream__mark" aria-hidden="true">
        in
      </span>
      <input
        ref={field}
        className="input-row__field"
        aria-label="Input for the program"
        placeholder="The program waits for input"
        value={text}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" className="button button--small" onClick={() => request.submit(`${text}\n`)}>
        Send
      </button>
      <button
        type="button"
        className="button button--small"
        title="End the input (Ctrl D)"
        onClick={() => request.submit(null)}
      >
        End input
      </button>
    </form>
  );
}
