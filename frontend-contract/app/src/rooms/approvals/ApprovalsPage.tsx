/** The approvals centre: what waits for a second pair of eyes, and what became of what was asked before. */
import { Check, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { liveFeed, useQuery } from "@daftari/client/react";

import { ApprovalQueueUpdatedDocument, ApprovalsDocument } from "@/graphql/approvals";
import type { ApprovalStatus } from "@/graphql/schema";
import { Status } from "@/kit/Badge";
import { Button } from "@/kit/Button";
import { Card, Stat, Stats } from "@/kit/Card";
import { SelectField } from "@/kit/Field";
import { LiveNumber, Money } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import type { Column } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { humanise } from "@/kit/words";
import { useLinkTo } from "@/notifications/links";

import { useFocusWhenRowsLeave } from "../focus";
import { LongTable } from "../LongTable";
import roomStyles from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import type { Approval } from "./approval";
import styles from "./approvals.module.css";
import { Decide, type Decision } from "./Decide";
import { useWaiting } from "./WaitingCount";

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
  const pages = useGrowing();
  const variables = { status: which === "ALL" ? null : which, kind: kind || null, first: pages.first };
  const query = useQuery(ApprovalsDocument, variables, {
    live: [liveFeed(ApprovalQueueUpdatedDocument, {})],
    keepPrevious: true,
  });
  const focus = useFocusWhenRowsLeave(query.data);
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
      <div {...focus}>
        <Card flush>
          <LongTable
            query={query}
            list={({ approvals }) => approvals}
            pages={pages}
            what="requests"
            caption="Requests"
            rowKey={({ id }) => id}
            columns={columnsFor(setDecision)}
            empty={EMPTY[which]}
          />
        </Card>
      </div>
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
      cell: (approval) => <What approval={approval} />,
    },
    { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
    { title: "Asked by", cell: ({ requestedBy, branch }) => <Asker name={requestedBy.name} branch={branch?.name} /> },
    { title: "When", cell: ({ requestedAt }) => <Time at={requestedAt} ago /> },
    {
      title: "State",
      cell: (approval) => <Outcome approval={approval} />,
    },
    { title: "Decide", quiet: true, cell: (approval) => <Acts approval={approval} decide={decide} /> },
  ];
}

/** What is asked for, and the way to it where it has a page of its own. */
function What({ approval: { title, kind, subject } }: { approval: Approval }): ReactNode {
  const linkTo = useLinkTo();
  const href = subject ? linkTo(snake(subject.__typename), subject.id) : undefined;
  return (
    <span className={styles.what}>
      {href ? <Link href={href}>{title}</Link> : title}
      <span className="muted small">{humanise(kind)}</span>
    </span>
  );
}

/** Rooms name what they show as events do: a JournalDraft is a journal_draft. */
function snake(typeName: string): string {
  return typeName.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Where it stands, who decided, and what they said. */
function Outcome({ approval: { status, decidedBy, decidedAt, comment } }: { approval: Approval }): ReactNode {
  return (
    <span className={styles.what}>
      <Status status={status} tone={status === "APPROVED" ? "good" : undefined} />
      {decidedBy && (
        <span className="muted small">
          {decidedBy.name}, <Time at={decidedAt} ago />
        </span>
      )}
      {comment && <span className="small">{comment}</span>}
    </span>
  );
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
    <span className={roomStyles.acts}>
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
