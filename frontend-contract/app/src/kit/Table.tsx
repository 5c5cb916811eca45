/** Rows of one kind. Where there is no room for columns each row becomes a small list of names and values. */
import type { ReactNode } from "react";

import { Empty } from "./Empty";
import styles from "./Table.module.css";
import { useColumnsFit } from "./useColumnsFit";

export interface Column<Row> {
  /** Its heading; also the name beside the value on narrow screens. */
  title: string;
  cell: (row: Row) => ReactNode;
  /** Amounts and counts stand to the end, in figures of one width. */
  numeric?: boolean;
  /** The cell that names the row: it heads the row on narrow screens and is its header for screen readers. */
  heading?: boolean;
  /** The heading is only for those who cannot see, as over buttons. */
  quiet?: boolean;
}

export interface TableProps<Row> {
  /** What the table is about, for who does not see the heading above it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  empty?: ReactNode;
}

export function Table<Row>({ empty, ...table }: TableProps<Row>): ReactNode {
  return table.rows.length === 0 ? <Empty>{empty ?? "Nothing here yet."}</Empty> : <Rows {...table} />;
}

// A table whose cells are laid out as blocks loses its meaning for screen readers unless the roles are said.
function Rows<Row>({ caption, columns, rows, rowKey }: Omit<TableProps<Row>, "empty">): ReactNode {
  const { room, fits } = useColumnsFit(columns.length);
  return (
    <div ref={room}>
      <table
        className={fits ? styles.table : `${styles.table} ${styles.listed}`}
        role="table"
        data-columns={fits || undefined}
      >
        <caption className="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.title}
                role="columnheader"
                scope="col"
                className={column.numeric ? styles.numeric : undefined}
              >
                {column.quiet ? <span className="unseen">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <Cell key={column.title} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }): ReactNode {
  const classes =
    [column.numeric && styles.numeric, column.heading && styles.heading].filter(Boolean).join(" ") || undefined;
  const name = column.quiet || column.heading ? undefined : column.title;
  if (column.heading) {
    return (
      <th role="rowheader" scope="row" className={classes}>
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" className={classes} data-name={name}>
      {column.cell(row)}
    </td>
  );
}
