import { ArrowDown, ArrowUp, Copy } from "lucide-react";
import { useMemo, useState } from "react";
import { plural } from "../lib/format.ts";
import { copyText } from "../lib/save-file.ts";
import { cellText, type SortOrder, sortRows, type Table, toCsv } from "../lib/tables.ts";
import { view } from "../store/view.ts";

/** Rows in the page at once; "Show more" adds as many again. */
const PAGE_ROWS = 200;

/** An array of records: head that stays, columns that sort, numbers to the right, a copy as CSV. */
export function TableView({ table, name }: { table: Table; name: string }) {
  const [order, setOrder] = useState<SortOrder | null>(null);
  const [shownRows, setShownRows] = useState(PAGE_ROWS);
  const rows = useMemo(() => sortRows(table, order), [table, order]);

  const sortBy = (column: string) => {
    if (order?.column !== column) setOrder({ column, direction: "ascending" });
    else setOrder(order.direction === "ascending" ? { column, direction: "descending" } : null);
  };

  return (
    <div className="table-view">
      <section
        className="table-view__scroll"
        aria-label={`${name}, table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard.
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              {table.columns.map((column) => {
                const direction = order?.column === column.name ? order.direction : "none";
                return (
                  <th
                    key={column.name}
                    scope="col"
                    aria-sort={direction}
                    className={column.isNumeric ? "is-numeric" : undefined}
                  >
                    <button type="button" className="table-view__sort" onClick={() => sortBy(column.name)}>
                      {column.name}
                      {direction === "ascending" && <ArrowUp size={12} aria-hidden="true" />}
                      {direction === "descending" && <ArrowDown size={12} aria-hidden="true" />}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shownRows).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: records have no identity of their own.
              <tr key={index}>
                {table.columns.map((column) => (
                  <td key={column.name} className={column.isNumeric ? "is-numeric" : undefined}>
                    {cellText(row[column.name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="table-view__foot">
        <span>{plural(rows.length, "row")}</span>
        {shownRows < rows.length && (
          <button type="button" className="link" onClick={() => setShownRows(shownRows + PAGE_ROWS)}>
            Show more ({(rows.length - shownRows).toLocaleString("en")} left)
          </button>
        )}
        <button
          type="button"
          className="button button--small"
          onClick={async () => {
            const isCopied = await copyText(toCsv(table.columns, rows));
            view
              .getState()
              .say(
                isCopied
                  ? `${plural(rows.length, "row")} copied as CSV.`
                  : "The browser refused the clipboard.",
              );
          }}
        >
          <Copy size={12} aria-hidden="true" /> Copy as CSV
        </button>
      </div>
    </div>
  );
}
