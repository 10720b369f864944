import { isRecord } from "./storage.ts";

/** A table as the page shows it: what a program gave as an array of records. */
export interface Table {
  columns: Column[];
  rows: readonly Record<string, unknown>[];
}

export interface Column {
  name: string;
  /** Numbers align right; everything else left. */
  isNumeric: boolean;
}

/** Records further down may name further columns; beyond this many rows they are not looked for. */
const ROWS_LOOKED_AT = 1000;

/** An array of at least one record and nothing else; `null` for any other value. */
export function tableOf(value: unknown): Table | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return null;
  const rows: Record<string, unknown>[] = value;
  const names = new Set<string>();
  for (const row of rows.slice(0, ROWS_LOOKED_AT)) for (const name of Object.keys(row)) names.add(name);
  if (names.size === 0) return null;
  const columns = [...names].map((name) => {
    const values = rows
      .slice(0, ROWS_LOOKED_AT)
      .map((row) => row[name])
      .filter((cell) => cell !== null && cell !== undefined);
    return { name, isNumeric: values.length > 0 && values.every((cell) => typeof cell === "number") };
  });
  return { columns, rows };
}

/** A cell as text: nothing for null, JSON for what is nested. */
export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

export interface SortOrder {
  column: string;
  direction: "ascending" | "descending";
}

/** A sorted copy: numbers by size, text as a reader expects (`a2` before `a10`), empty cells last in both directions. */
export function sortRows(table: Table, order: SortOrder | null): readonly Record<string, unknown>[] {
  if (order === null) return table.rows;
  const sign = order.direction === "ascending" ? 1 : -1;
  return table.rows.toSorted((left, right) => {
    const a = left[order.column];
    const b = right[order.column];
    const isAEmpty = a === null || a === undefined;
    const isBEmpty = b === null || b === undefined;
    if (isAEmpty || isBEmpty) return Number(isAEmpty) - Number(isBEmpty);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * COLLATOR.compare(cellText(a), cellText(b));
  });
}

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** RFC 4180 text, in the order shown. */
export function toCsv(columns: readonly Column[], rows: readonly Record<string, unknown>[]): string {
  const lines = [columns.map((column) => csvCell(column.name))];
  for (const row of rows) lines.push(columns.map((column) => csvCell(cellText(row[column.name]))));
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
