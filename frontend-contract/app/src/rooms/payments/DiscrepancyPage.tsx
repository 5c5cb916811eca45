/** One discrepancy with all that was said of its money, and what can be done about it. */
import { type ReactNode, useState } from "react";
import { useParams } from "wouter";

import { liveFeed, useClient, useQuery } from "@daftari/client/react";

import {
  AssignDiscrepancyDocument,
  DiscrepancyDocument,
  DiscrepancyUpdatedDocument,
} from "@/graphql/payments";
import { Severity, Status } from "@/kit/Badge";
import { Button } from "@/kit/Button";
import { Card, Facts } from "@/kit/Card";
import { Empty, Loaded } from "@/kit/Empty";
import { Money } from "@/kit/LiveNumber";
import { Page } from "@/kit/Page";
import { type Column, Table } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { humanise } from "@/kit/words";
import { attempt } from "@/session/attempt";
import { usePerson } from "@/session/person";

import { useFocusWhenRowsLeave } from "../focus";
import type { WholeDiscrepancy } from "./discrepancies";
import { Resolve } from "./Resolve";
import { evidenceInWords, why } from "./words";

type Evidence = WholeDiscrepancy["evidence"][number];

const BACK = { href: "/payments/discrepancies", title: "Discrepancies" };

export function DiscrepancyPage(): ReactNode {
  const { id = "" } = useParams<{ id: string }>();
  const query = useQuery(
    DiscrepancyDocument,
    { id: decodeURIComponent(id) },
    { live: [liveFeed(DiscrepancyUpdatedDocument, {})] },
  );
  const found = query.data?.discrepancy;
  const focus = useFocusWhenRowsLeave(query.data);
  return (
    <div {...focus}>
      <Page
        title={found ? `${found.number}: ${humanise(found.type)}` : "Discrepancy"}
        back={BACK}
        note={found && why(found.message)}
        actions={found && found.status !== "RESOLVED" && <Acts discrepancy={found} refetch={query.refetch} />}
      >
        <Loaded query={query} lines={6}>
          {({ discrepancy }) =>
            discrepancy ? <Shown discrepancy={discrepancy} /> : <Empty>There is no such discrepancy.</Empty>
          }
        </Loaded>
      </Page>
    </div>
  );
}

function Acts({ discrepancy, refetch }: { discrepancy: WholeDiscrepancy; refetch: () => Promise<void> }): ReactNode {
  const client = useClient();
  const me = usePerson();
  const [resolving, setResolving] = useState(false);
  const take = async (): Promise<void> => {
    const input = { discrepancyId: discrepancy.id, assigneeId: me.id };
    if (await attempt(() => client.mutate(AssignDiscrepancyDocument, { input }), "It is yours to look at"))
      await refetch();
  };
  return (
    <>
      {discrepancy.assignedTo?.id !== me.id && <Button onClick={() => void take()}>Take it</Button>}
      <Button look="primary" onClick={() => setResolving(true)}>
        Resolve
      </Button>
      {resolving && (
        <Resolve
          discrepancy={discrepancy}
          onClose={() => {
            setResolving(false);
            void refetch();
          }}
        />
      )}
    </>
  );
}

function Shown({ discrepancy }: { discrepancy: WholeDiscrepancy }): ReactNode {
  const {
    severity,
    status,
    expected,
    received,
    receipt,
    waiting,
    assignedTo,
    foundAt,
    resolution,
    note,
    resolvedBy,
    resolvedAt,
  } = discrepancy;
  return (
    <>
      <div className="split split-even">
        <Card title="What does not agree">
          <Facts
            facts={[
              ["Severity", <Severity key="severity" level={severity} />],
              ["State", <Status key="status" status={status} />],
              ["Expected", evidenceInWords(expected)],
              ["Received", evidenceInWords(received)],
              ["Receipt", receipt],
              ["Money that waits", <Money key="waiting" money={waiting} />],
              ["Found", <Time key="found" at={foundAt} />],
              ["With", assignedTo?.name ?? "Nobody"],
              ...(resolution
                ? ([
                    ["Resolved", humanise(resolution)],
                    ["By", resolvedBy?.name ?? "Daftari"],
                    ["When", <Time key="resolved" at={resolvedAt} />],
                    ["Note", note],
                  ] as const)
                : []),
            ]}
          />
        </Card>
        <Session session={discrepancy.session} />
      </div>
      <Card title="What was said of the money" note="Each channel's own word, the earliest first" flush>
        <Table
          caption="Evidence"
          rows={discrepancy.evidence}
          rowKey={evidenceKey}
          columns={EVIDENCE}
          empty="Nobody has said anything of it."
        />
      </Card>
    </>
  );
}

function Session({ session }: { session: WholeDiscrepancy["session"] }): ReactNode {
  return (
    <Card title="The payment">
      {session ? (
        <Facts
          facts={[
            ["Payment", session.number],
            ["For", session.title],
            ["Amount", <Money key="amount" money={session.amount} />],
            ["Of", session.clientName],
            ["To", session.payeeName],
            ["Telephone", session.phoneMasked],
            ["State", <Status key="status" status={session.status} />],
            ["Transaction", session.transactionId],
          ]}
        />
      ) : (
        <Empty>No payment is known for this money.</Empty>
      )}
    </Card>
  );
}

function evidenceKey({ messageId, channel, receivedAt }: Evidence): string {
  return `${messageId ?? ""}${channel}${receivedAt}`;
}

const EVIDENCE: readonly Column<Evidence>[] = [
  { title: "By way of", heading: true, cell: ({ channel }) => humanise(channel) },
  { title: "It says", cell: ({ outcome }) => <Status status={outcome} /> },
  { title: "Receipt", cell: ({ receipt }) => receipt ?? "–" },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
  { title: "Payer", cell: ({ payerName, sender }) => payerName ?? sender ?? "–" },
  { title: "Came", cell: ({ receivedAt }) => <Time at={receivedAt} /> },
];
