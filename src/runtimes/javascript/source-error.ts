/** Guest source that does not parse, or an import in it that leads nowhere: where, and why. */
export class SourceError extends Error {
  override readonly name: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  constructor(message: string, file: string, line: number, column: number, name = "SyntaxError") {
    super(message);
    this.name = name;
    this.file = file;
    this.line = line;
    this.column = column;
  }
}
