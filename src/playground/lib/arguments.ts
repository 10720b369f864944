/**
 * Splits what a person typed into arguments as a shell would: spaces part, quotes keep together, a backslash keeps the
 * next character. Nothing is expanded.
 */
export function splitArguments(text: string): string[] {
  const found: string[] = [];
  let current: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "\\" && quote !== "'" && index + 1 < text.length) {
      index++;
      current = (current ?? "") + text[index];
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else current += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      current ??= "";
    } else if (/\s/.test(character)) {
      if (current !== null) found.push(current);
      current = null;
    } else current = (current ?? "") + character;
  }
  if (current !== null) found.push(current);
  return found;
}
