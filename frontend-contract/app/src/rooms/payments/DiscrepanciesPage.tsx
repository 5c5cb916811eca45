/** All that does not agree about payments, by state and severity, and money that nobody knows. */
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import {
  DiscrepancyAlertDocument,
  DiscrepancyUpdatedDocument,
  OrphanTransactionsDocument,
  type OrphanTransactionsQuery,
} from "@/graphql/payments";
import type { DiscrepancyStatus, Severity } from "@/graphql/schema";
import { ButtonLink } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Money } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import type { Column } from "@/kit/Table";
import { Time } from "@/kit/Time";

import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { DISCREPANCIES } from "./discrepancies";
import { useDiscrepancies } from "./UrgentDiscrepancies";

type Which = "OPEN" | "RESOLVED";
type Level = Severity | "ANY";

const STATES: Record<Which, DiscrepancyStatus[]> = { OPEN: ["OPEN", "ASSIGNED"], RESOLVED: ["RESOLVED"] };
const WHICH: readonly (readonly [Which, string])[] = [
  ["OPEN", "Open"],
  ["RESOLVED", "Resolved"],
];
const LEVELS: readonly (readonly [Level, string])[] = [
  ["ANY", "Any severity"],
  ["HIGH", "High"],
  ["MEDIUM", "Medium"],
  ["LOW", "Low"],
];

export function DiscrepanciesPage(): ReactNode {
  const [which, setWhich] = useState<Which>("OPEN");
  const [level, setLevel] = useState<Level>("ANY");
  const pages = useGrowing(25);
  const query = useDiscrepancies(
    { statuses: STATES[which], severities: level === "ANY" ? null : [level] },
    pages.first,
  );
  return (
    <Page title="Discrepancies" note="What does not agree about payments, the most urgent first.">
      <div className="row">
        <Segments label="State" value={which} onChange={setWhich} options={WHICH} />
        <Segments label="Severity" value={level} onChange={setLevel} options={LEVELS} />
      </div>
      <Card flush>
        <LongTable
          {...DISCREPANCIES}
          query={query}
          list={({ discrepancies }) => discrepancies}
          pages={pages}
          what="discrepancies"
          empty={which === "OPEN" ? "Everything agrees." : "Nothing was resolved yet."}
        />
      </Card>
      <Orphans />
    </Page>
  );
}

type Orphan = OrphanTransactionsQuery["orphanTransactions"]["nodes"][number];

const ORPHAN_COLUMNS: readonly Column<Orphan>[] = [
  { title: "Receipt", heading: true, cell: ({ receipt }) => receipt },
  { title: "From", cell: ({ payerName, phoneMasked }) => payerName ?? phoneMasked ?? "–" },
  { title: "Reference", cell: ({ reference }) => reference ?? "–" },
  { title: "Amount", numeric: true, cell: ({ netAmount }) => <Money money={netAmount} /> },
  { title: "Seen", cell: ({ firstSeenAt }) => <Time at={firstSeenAt} ago /> },
  {
    title: "What to do",
    quiet: true,
    cell: ({ discrepancyId, receipt }) =>
      discrepancyId && (
        <ButtonLink href={`/payments/discrepancies/${encodeURIComponent(discrepancyId)}`} size="small">
          Look at it<span className="unseen"> ({receipt})</span>
        </ButtonLink>
      ),
  },
];

function Orphans(): ReactNode {
  const pages = useGrowing();
  const query = useQuery(
    OrphanTransactionsDocument,
    { first: pages.first },
    { live: [liveFeed(DiscrepancyAlertDocument, {}), liveFeed(DiscrepancyUpdatedDocument, {})], keepPrevious: true },
  );
  return (
    <Card title="Money that nobody knows" note="It came, and no payment waits for it." flush>
      <LongTable
        query={query}
        list={({ orphanTransactions }) => orphanTransactions}
        pages={pages}
        what="receipts"
        caption="Money that nobody knows"
        rowKey={({ receipt }) => receipt}
        columns={ORPHAN_COLUMNS}
        empty="All money that came is known."
      />
    </Card>
  );
}
