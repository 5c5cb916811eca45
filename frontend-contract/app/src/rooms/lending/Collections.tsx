/** What is to be collected: due today, overdue, upcoming; each instalment with its borrower, a payment and a call one press away. */
import { useQuery } from "@daftari/client/react";
import { CalendarClock, CircleAlert, Clock } from "lucide-react";
import { useState, type ReactNode } from "react";

import { StackedBar } from "@/charts";
import {
  CollectionsDocument,
  type CollectionsQuery,
  CollectionStatsDocument,
  type CollectionStatsQuery,
  CollectionsUpdatedDocument,
  LoanUpdatedDocument,
} from "@/graphql/lending";
import type { CollectionBucket } from "@/graphql/schema";
import {
  Badge,
  Button,
  Card,
  count,
  Day,
  LiveMoney,
  Loaded,
  Money,
  Page,
  Segments,
  SelectField,
  Stat,
  Stats,
} from "@/kit";

import { inCurrency } from "../amounts";
import { LongTable } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { LoanLink } from "./LoanLink";
import { LogCall } from "./LogCall";
import { RecordRepayment, type Payable } from "./PayLoan";
import { AGE, BUCKET } from "./words";

type Figures = CollectionStatsQuery["collectionStats"];
type Node = CollectionsQuery["collections"]["nodes"][number];
type Row = Node & { readonly loan: NonNullable<Node["loan"]> };

/** A loan may leave the reader's branch between two pages; nobody can act on what is left of it. */
function withLoan(nodes: readonly Node[]): Row[] {
  return nodes.filter((node): node is Row => node.loan !== null);
}

const HORIZONS = [
  ["7", "Next 7 days"],
  ["30", "Next 30 days"],
  ["90", "Next 90 days"],
] as const;

export function Screen(): ReactNode {
  const [horizon, setHorizon] = useState("30");
  const [bucket, setBucket] = useState<CollectionBucket>("OVERDUE");
  const horizonDays = Number(horizon);
  const stats = useQuery(
    CollectionStatsDocument,
    { horizonDays },
    { live: [{ document: CollectionsUpdatedDocument, variables: { horizonDays } }] },
  );
  return (
    <Page
      title="Collections"
      actions={
        <SelectField
          label={<span className="unseen">Upcoming means</span>}
          options={HORIZONS}
          value={horizon}
          onChange={setHorizon}
        />
      }
    >
      <Loaded query={stats}>{(data) => <CollectionFigures stats={data.collectionStats} />}</Loaded>
      <Card
        flush
        title={BUCKET[bucket]}
        actions={
          <Segments
            label="Which instalments"
            value={bucket}
            onChange={setBucket}
            options={[
              ["DUE_TODAY", "Today"],
              ["OVERDUE", "Overdue"],
              ["UPCOMING", "Upcoming"],
            ]}
          />
        }
      >
        <Instalments
          key={bucket}
          bucket={bucket}
          horizonDays={horizonDays}
          currency={stats.data?.collectionStats.currency}
        />
      </Card>
    </Page>
  );
}

function CollectionFigures({ stats }: { readonly stats: Figures }): ReactNode {
  return (
    <>
      <Stats label="What is to be collected">
        <Stat
          label="Due today"
          icon={<Clock aria-hidden />}
          tone={stats.dueToday.count > 0 ? "warn" : undefined}
          note={count(stats.dueToday.count, "instalment")}
        >
          <LiveMoney money={stats.dueToday.amount} label="Due today" />
        </Stat>
        <Stat
          label="Overdue"
          icon={<CircleAlert aria-hidden />}
          tone={stats.overdue.count > 0 ? "bad" : undefined}
          note={count(stats.overdue.count, "instalment")}
        >
          <LiveMoney money={stats.overdue.amount} label="Overdue" />
        </Stat>
        <Stat
          label="Upcoming"
          icon={<CalendarClock aria-hidden />}
          note={
            <>
              {count(stats.upcoming.count, "instalment")} until <Day on={stats.horizonOn} />
            </>
          }
        >
          <LiveMoney money={stats.upcoming.amount} label="Upcoming" />
        </Stat>
      </Stats>
      {stats.overdue.count > 0 && (
        <Card title="Overdue by age">
          <StackedBar
            title="Overdue by age"
            hideTitle
            format={inCurrency(stats.currency)}
            parts={stats.overdueByAge
              .filter((age) => age.count > 0)
              .map(({ bucket, amount, count: instalments }) => ({
                name: `${AGE[bucket].word} (${instalments})`,
                value: amount.amount,
                note: amount.formatted,
                colour: AGE[bucket].colour,
              }))}
          />
        </Card>
      )}
    </>
  );
}

interface InstalmentsProps {
  readonly bucket: CollectionBucket;
  readonly horizonDays: number;
  readonly currency: string | undefined;
}

function Instalments({ bucket, horizonDays, currency }: InstalmentsProps): ReactNode {
  const pages = useGrowing();
  const [paying, setPaying] = useState<Payable | null>(null);
  const [calling, setCalling] = useState<Row["loan"] | null>(null);
  const rows = useQuery(
    CollectionsDocument,
    { bucket, horizonDays, first: pages.first },
    { live: [{ document: LoanUpdatedDocument }], keepPrevious: true },
  );
  const pay = ({ loan, instalment }: Row): void => setPaying({ ...loan, due: instalment.unpaid });
  return (
    <>
      <LongTable
        query={rows}
        list={({ collections: { nodes, pageInfo } }) => ({ nodes: withLoan(nodes), pageInfo })}
        pages={pages}
        what="instalments"
        caption={`Instalments: ${BUCKET[bucket]}`}
        rowKey={({ instalment }) => instalment.id}
        empty={EMPTY[bucket]}
        columns={[
          { title: "Borrower", heading: true, cell: ({ loan }) => loan.borrowerName },
          { title: "Loan", cell: ({ loan }) => <LoanLink loan={loan} /> },
          { title: "Due", cell: ({ instalment }) => <Day on={instalment.dueOn} /> },
          {
            title: "Late",
            cell: ({ pastDueDays }) =>
              pastDueDays > 0 ? (
                <Badge tone={pastDueDays > 30 ? "bad" : "high"}>{count(pastDueDays, "day")}</Badge>
              ) : (
                "–"
              ),
          },
          { title: "Unpaid", numeric: true, cell: ({ instalment }) => <LiveMoney money={instalment.unpaid} /> },
          { title: "Loan owes", numeric: true, cell: ({ loan }) => <Money money={loan.outstandingAmount} /> },
          {
            title: "Acts",
            quiet: true,
            cell: (row) => (
              <span className={rooms.acts}>
                <Button size="small" look="primary" onClick={() => pay(row)}>
                  Payment<span className="unseen"> of {row.loan.borrowerName}</span>
                </Button>
                <Button size="small" onClick={() => setCalling(row.loan)}>
                  Call<span className="unseen"> with {row.loan.borrowerName}</span>
                </Button>
              </span>
            ),
          },
        ]}
      />
      {paying && <RecordRepayment loan={paying} onClose={() => setPaying(null)} />}
      {calling && <LogCall loan={calling} currency={currency ?? "KES"} onClose={() => setCalling(null)} />}
    </>
  );
}

const EMPTY: Record<CollectionBucket, string> = {
  DUE_TODAY: "Nothing is due today.",
  OVERDUE: "Nothing is overdue.",
  UPCOMING: "Nothing falls due in this time.",
};
