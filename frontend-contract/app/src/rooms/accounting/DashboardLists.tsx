/** Under the figures: what waits for somebody, and the entries that came into the books last. */
import type { ReactNode } from "react";
import { Link } from "wouter";

import type { VoucherKind } from "@/graphql/schema";
import { Badge } from "@/kit/Badge";
import { ButtonLink } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { type Column, Table } from "@/kit/Table";
import { Day, Time } from "@/kit/Time";
import { count, humanise } from "@/kit/words";
import { usePerson } from "@/session/person";

import type { Dashboard } from "./dashboard";
import { PATHS } from "./paths";
import { type Kind, KINDS } from "./vouchers/kinds";

const KIND_OF: Readonly<Record<VoucherKind, Kind>> = {
  EXPENSE: "Expense",
  REVENUE: "Revenue",
  TRANSFER: "Transfer",
  JOURNAL_ENTRY: "JournalDraft",
};

type Entry = Dashboard["recentEntries"][number];

export function Waiting({ dashboard }: { dashboard: Dashboard }): ReactNode {
  const { waiting } = dashboard;
  if (waiting.length === 0) return null;
  return (
    <div className="row">
      <h2>What waits</h2>
      <ul className="row" role="list">
        {waiting.map(({ kind, state, count: waits }) => (
          <li key={kind + state}>
            <WaitingLink kind={KIND_OF[kind]} toApprove={state === "PENDING_APPROVAL"} waits={waits} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface WaitingLinkProps {
  readonly kind: Kind;
  readonly toApprove: boolean;
  readonly waits: number;
}

function WaitingLink({ kind, toApprove, waits }: WaitingLinkProps): ReactNode {
  const { one, title } = KINDS[kind];
  return (
    <Link href={PATHS[kind]}>
      <Badge tone={toApprove ? "warn" : "plain"}>
        {count(waits, one, title.toLowerCase())} {toApprove ? "to approve" : "in draft"}
      </Badge>
    </Link>
  );
}

const COLUMNS: readonly Column<Entry>[] = [
  { title: "Entry", heading: true, cell: ({ number, description }) => `${number} · ${description}` },
  { title: "Kind", cell: ({ kind }) => humanise(kind) },
  { title: "Of the day", cell: ({ effectiveOn }) => <Day on={effectiveOn} /> },
  { title: "Recorded", cell: ({ recordedAt }) => <Time at={recordedAt} ago /> },
];

export function RecentEntries({ entries }: { entries: readonly Entry[] }): ReactNode {
  // Whoever may not read the journal is shown none of it.
  if (!usePerson().permissions.includes("LEDGER_READ")) return null;
  return (
    <Card
      title="Latest entries"
      flush
      actions={
        <ButtonLink href="/accounting/entries" size="small" look="quiet">
          All entries
        </ButtonLink>
      }
    >
      <Table
        caption="Latest entries"
        rows={entries}
        rowKey={({ id }) => id}
        columns={COLUMNS}
        empty="Nothing was posted yet."
      />
    </Card>
  );
}
