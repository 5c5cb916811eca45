/** The approvals centre: what waits for a second pair of eyes, and what became of what was asked before. */
import { Check, X } from "lucide-react";
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import { ApprovalQueueUpdatedDocument, ApprovalsDocument, type ApprovalsQuery } from "@/graphql/approvals";
import type { ApprovalStatus } from "@/graphql/schema";
import { Status } from "@/kit/Badge";
import { Button } from "@/kit/Button";
import { Card, Stat, Stats } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { SelectField } from "@/kit/Field";
import { LiveNumber, Money } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import { type Column, Table } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { humanise } from "@/kit/words";

import styles from "./approvals.module.css";
import { Decide, type Decision } from "./Decide";
import { useWaiting } from "./WaitingCount";

export type Approval = ApprovalsQuery["approvals"]["nodes"][number];
type Which = ApprovalStatus | "ALL";

const WHICH: readonly (readonly [Which, string])[] = [
  ["PENDING", "Waiting"],
  ["APPROVED", "Approved"],
  ["REJECTED", "Rejected"],
  ["ALL", "All"],
];
const EMPTY: Record<Which, string> = {
  PENDING: "Nothing waits for you.",
  APPROVED: "Nothing was approved yet.",
  REJECTED: "Nothing was rejected yet.",
  WITHDRAWN: "Nothing was withdrawn yet.",
  ALL: "Nobody asked for anything yet.",
};

export function ApprovalsPage(): ReactNode {
  const [which, setWhich] = useState<Which>("PENDING");
  const [kind, setKind] = useState("");
  const [decision, setDecision] = useState<Decision | null>(null);
  const variables = { status: which === "ALL" ? null : which, kind: kind || null, first: 50 };
  const query = useQuery(ApprovalsDocument, variables, {
    live: [liveFeed(ApprovalQueueUpdatedDocument, {})],
    keepPrevious: true,
  });
  const counts = useWaiting().data?.approvalCounts ?? [];
  return (
    <Page title="Approvals centre" note="Whoever asks never decides: each request waits for somebody else.">
      <Waiting counts={counts} />
      <div className="row row-between">
        <Segments label="Which requests" value={which} onChange={setWhich} options={WHICH} />
        <SelectField
          label="Kind"
          className={styles.kind}
          value={kind}
          onChange={setKind}
          options={[["", "Of any kind"], ...counts.map((count) => [count.kind, humanise(count.kind)] as const)]}
        />
      </div>
      <Card flush>
        <Loaded query={query}>
          {({ approvals }) => (
            <Table
              caption="Requests"
              rows={approvals.nodes}
              rowKey={({ id }) => id}
              columns={columnsFor(setDecision)}
              empty={EMPTY[which]}
            />
          )}
        </Loaded>
      </Card>
      {decision && <Decide {...decision} onClose={() => setDecision(null)} />}
    </Page>
  );
}

function Waiting({
  counts,
}: {
  counts: readonly { kind: string; pending: number; oldestAt: string | null }[];
}): ReactNode {
  const waiting = counts.filter(({ pending }) => pending > 0);
  if (waiting.length === 0) return null;
  return (
    <Stats label="What waits, by kind">
      {waiting.map(({ kind, pending, oldestAt }) => (
        <Stat
          key={kind}
          label={humanise(kind)}
          note={
            <>
              the oldest since <Time at={oldestAt} />
            </>
          }
        >
          <LiveNumber value={pending} label={`${humanise(kind)} waiting`} />
        </Stat>
      ))}
    </Stats>
  );
}

function columnsFor(decide: (decision: Decision) => void): Column<Approval>[] {
  return [
    {
      title: "What",
      heading: true,
      cell: ({ title, kind }) => (
        <span className={styles.what}>
          {title}
          <span className="muted small">{humanise(kind)}</span>
        </span>
      ),
    },
    { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
    { title: "Asked by", cell: ({ requestedBy, branch }) => <Asker name={requestedBy.name} branch={branch?.name} /> },
    { title: "When", cell: ({ requestedAt }) => <Time at={requestedAt} ago /> },
    {
      title: "State",
      cell: ({ status }) => <Status status={status} tone={status === "APPROVED" ? "good" : undefined} />,
    },
    { title: "Decide", quiet: true, cell: (approval) => <Acts approval={approval} decide={decide} /> },
  ];
}

function Asker({ name, branch }: { name: string; branch: string | undefined }): ReactNode {
  return (
    <span className={styles.what}>
      {name}
      {branch && <span className="muted small">{branch}</span>}
    </span>
  );
}

function Acts({ approval, decide }: { approval: Approval; decide: (decision: Decision) => void }): ReactNode {
  if (approval.status !== "PENDING") return null;
  if (!approval.decidable) return <span className="muted small">Somebody else decides</span>;
  return (
    <span className={styles.acts}>
      <Button
        size="small"
        look="primary"
        icon={<Check aria-hidden />}
        onClick={() => decide({ approval, verdict: "approve" })}
      >
        Approve<span className="unseen"> {approval.title}</span>
      </Button>
      <Button size="small" icon={<X aria-hidden />} onClick={() => decide({ approval, verdict: "reject" })}>
        Reject<span className="unseen"> {approval.title}</span>
      </Button>
    </span>
  );
}
