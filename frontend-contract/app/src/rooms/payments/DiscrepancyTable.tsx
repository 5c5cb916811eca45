/** Discrepancies as rows: how bad, what, since when, and who looks at it. */
import type { ReactNode } from "react";
import { Link } from "wouter";

import type { DiscrepanciesQuery } from "@/graphql/payments";
import { Severity, Status } from "@/kit/Badge";
import { type Column, Table } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { humanise } from "@/kit/words";

import { sentence } from "../forms";
import styles from "./payments.module.css";

export type Discrepancy = DiscrepanciesQuery["discrepancies"]["nodes"][number];

const COLUMNS: readonly Column<Discrepancy>[] = [
  {
    title: "Discrepancy",
    heading: true,
    cell: ({ id, number, type, message }) => (
      <span className={styles.what}>
        <Link href={`/payments/discrepancies/${encodeURIComponent(id)}`}>{`${number} · ${humanise(type)}`}</Link>
        <span className="muted small">{sentence(message)}</span>
      </span>
    ),
  },
  { title: "Severity", cell: ({ severity }) => <Severity level={severity} /> },
  { title: "State", cell: ({ status }) => <Status status={status} /> },
  { title: "With", cell: ({ assignedTo }) => assignedTo?.name ?? "Nobody" },
  { title: "Found", cell: ({ foundAt }) => <Time at={foundAt} ago /> },
];

export function DiscrepancyTable({ rows, empty }: { rows: readonly Discrepancy[]; empty: string }): ReactNode {
  return <Table caption="Discrepancies" rows={rows} rowKey={({ id }) => id} columns={COLUMNS} empty={empty} />;
}
