/** How stderr may look: only a terminal gets colour, and only when nobody said no. */
export interface Style {
  error(text: string): string;
  quiet(text: string): string;
}

const PLAIN: Style = { error: (text) => text, quiet: (text) => text };
const COLOURED: Style = {
  error: (text) => `\u001b[1;31m${text}\u001b[0m`,
  quiet: (text) => `\u001b[2m${text}\u001b[0m`,
};

/** @see https://no-color.org */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const refused = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return isTerminal && !refused ? COLOURED : PLAIN;
}

/**
 * Characters a guest (or a file name) could use to rewrite the reader's terminal, or to have it show letters in another
 * order than they stand in, made visible.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === "\n") return " ";
    const digits = character.charCodeAt(0).toString(16).padStart(2, "0");
    return digits.length === 2 ? `\\x${digits}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/** `sandglass: message`, and the hint on a line of its own. */
export function errorLines(message: string, hint: string | undefined, style: Style): string {
  const first = `${style.error("sandglass:")} ${oneLine(message)}\n`;
  return hint === undefined ? first : `${first}${style.quiet(`  ${oneLine(hint)}`)}\n`;
}

/** Words in lines of at most `width` columns; a word that is longer stands alone. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? `${indent}${word}` : `${line} ${word}`;
    if (line !== "" && longer.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  if (line.trim() !== "") lines.push(line);
  return lines;
}
