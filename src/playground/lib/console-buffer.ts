/** Where a piece of console text came from. `input` is what the reader typed into the running program. */
export type ConsoleStream = "stdout" | "stderr" | "input";

/** One entry of the console, in the order things happened. Entries never change once a later one exists. */
export type ConsoleItem =
  | { kind: "text"; id: number; stream: ConsoleStream; text: string }
  | { kind: "result"; id: number; index: number };

/** Long output is cut into blocks of this size, so that the page lays out only the blocks in view. */
const BLOCK_CHARACTERS = 8192;
/** What stays on the page. The whole output is in `execution.logs`; a page with more text than this stops scrolling well. */
const SHOWN_CHARACTERS = 2 * 2 ** 20;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal control sequences begin with ESC.
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence whose end has not arrived yet.
const OPEN_SEQUENCE = /\x1b(?:\[[0-9:;<=>?]*[ -/]*|\][^\x07\x1b]{0,256})?$/;

/**
 * Collects output for the console: joins small pieces, cuts long ones, applies carriage returns (progress bars) and
 * drops terminal colours. Holds plain text only; nothing in it is ever parsed as markup.
 */
export class ConsoleBuffer {
  #items: ConsoleItem[] = [];
  #nextId = 1;
  #characters = 0;
  #droppedCharacters = 0;
  /** The end of a stream's last piece that means nothing until more arrives: a lone CR or an unfinished sequence. */
  #pending: Partial<Record<ConsoleStream, string>> = {};

  /** A new array whenever something changed since the last call. */
  get items(): readonly ConsoleItem[] {
    return this.#items;
  }

  /** Characters that had to leave the page from the top. */
  get droppedCharacters(): number {
    return this.#droppedCharacters;
  }

  append(stream: ConsoleStream, piece: string): void {
    let text = (this.#pending[stream] ?? "") + piece;
    delete this.#pending[stream];
    const open = text.endsWith("\r") ? "\r" : (OPEN_SEQUENCE.exec(text)?.[0] ?? "");
    if (open !== "") {
      this.#pending[stream] = open;
      text = text.slice(0, -open.length);
    }
    text = text.replace(ESCAPE_SEQUENCE, "").replaceAll("\r\n", "\n");
    if (text === "") return;
    this.#items = [...this.#items];
    const segments = text.split("\r");
    this.#add(stream, segments[0] ?? "");
    for (const segment of segments.slice(1)) {
      this.#rewindLine(stream);
      this.#add(stream, segment);
    }
    this.#trim();
  }

  addResult(index: number): void {
    this.#items = [...this.#items, { kind: "result", id: this.#nextId++, index }];
  }

  clear(): void {
    this.#items = [];
    this.#characters = 0;
    this.#droppedCharacters = 0;
    this.#pending = {};
  }

  #add(stream: ConsoleStream, text: string): void {
    this.#characters += text.length;
    let rest = text;
    const last = this.#items.at(-1);
    if (last?.kind === "text" && last.stream === stream && last.text.length < BLOCK_CHARACTERS) {
      const length = cutAt(rest, BLOCK_CHARACTERS - last.text.length);
      this.#items[this.#items.length - 1] = { ...last, text: last.text + rest.slice(0, length) };
      rest = rest.slice(length);
    }
    while (rest !== "") {
      const length = cutAt(rest, BLOCK_CHARACTERS);
      this.#items.push({ kind: "text", id: this.#nextId++, stream, text: rest.slice(0, length) });
      rest = rest.slice(length);
    }
  }

  /** A carriage return: what follows replaces the line that is still open. */
  #rewindLine(stream: ConsoleStream): void {
    const last = this.#items.at(-1);
    if (last?.kind !== "text" || last.stream !== stream) return;
    const kept = last.text.slice(0, last.text.lastIndexOf("\n") + 1);
    this.#characters -= last.text.length - kept.length;
    if (kept === "") this.#items.pop();
    else this.#items[this.#items.length - 1] = { ...last, text: kept };
  }

  #trim(): void {
    let drop = 0;
    while (this.#characters > SHOWN_CHARACTERS && drop < this.#items.length - 1) {
      const item = this.#items[drop++];
      if (item?.kind !== "text") continue;
      this.#characters -= item.text.length;
      this.#droppedCharacters += item.text.length;
    }
    if (drop > 0) {
      // Results in the dropped part stay reachable in the Results tab.
      this.#items = this.#items.slice(drop);
    }
  }
}

/** Ends a block after a line end when there is one near, and never inside a surrogate pair. */
function cutAt(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const lineEnd = text.lastIndexOf("\n", limit - 1);
  if (lineEnd >= 0) return lineEnd + 1;
  // A line longer than a block: the next block continues it, which only the layout sees.
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff ? Math.max(limit - 1, 1) : limit;
}
