/** Discrepancies as rows of a table: how bad, what, since when, and who looks at it; and one as its page has it. */
import { Link } from "wouter";

import type { DiscrepanciesQuery, DiscrepancyQuery } from "@/graphql/payments";
import { Severity, Status } from "@/kit/Badge";
import type { TableProps } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { humanise } from "@/kit/words";

import styles from "./payments.module.css";
import { why } from "./words";

export type Discrepancy = DiscrepanciesQuery["discrepancies"]["nodes"][number];
export type WholeDiscrepancy = NonNullable<DiscrepancyQuery["discrepancy"]>;

/** All of a table of discrepancies but its rows, and what is said where there are none. */
export const DISCREPANCIES: Pick<TableProps<Discrepancy>, "caption" | "rowKey" | "columns"> = {
  caption: "Discrepancies",
  rowKey: ({ id }) => id,
  columns: [
    {
      title: "Discrepancy",
      heading: true,
      cell: ({ id, number, type, message }) => (
        <span className={styles.what}>
          <Link href={`/payments/discrepancies/${encodeURIComponent(id)}`}>{`${number} · ${humanise(type)}`}</Link>
          <span className="muted small">{why(message)}</span>
        </span>
      ),
    },
    { title: "Severity", cell: ({ severity }) => <Severity level={severity} /> },
    { title: "State", cell: ({ status }) => <Status status={status} /> },
    { title: "With", cell: ({ assignedTo }) => assignedTo?.name ?? "Nobody" },
    { title: "Found", cell: ({ foundAt }) => <Time at={foundAt} ago /> },
  ],
};
