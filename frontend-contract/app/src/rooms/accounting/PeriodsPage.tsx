/** Fiscal years and their periods: what is closed takes no entries any more, until it is opened again. */
import { liveFeed, useQuery } from "@daftari/client/react";
import { Lock, LockOpen, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import {
  FiscalPeriodChangedDocument,
  FiscalPeriodsDocument,
  type FiscalPeriodsQuery,
  FiscalYearsDocument,
  type FiscalYearsQuery,
} from "@/graphql/accounting";
import { Badge, Button, Card, type Column, day, Empty, Loaded, month, Page, Status, Table, Time, today } from "@/kit";
import { usePerson } from "@/session/person";

import roomStyles from "../rooms.module.css";
import { Closing, type Closable, NewYear } from "./PeriodActs";

type Year = FiscalYearsQuery["fiscalYears"]["nodes"][number];
type Period = FiscalPeriodsQuery["fiscalPeriods"]["nodes"][number];

export function PeriodsPage(): ReactNode {
  const [creating, setCreating] = useState(false);
  const [closing, setClosing] = useState<Closable | null>(null);
  const mayManage = usePerson().permissions.includes("FISCAL_PERIODS_MANAGE");
  const query = useQuery(FiscalYearsDocument, { first: 20 }, { live: [liveFeed(FiscalPeriodChangedDocument, {})] });
  return (
    <Page
      title="Fiscal periods"
      note="What is closed takes no entries any more, until it is opened again."
      actions={
        mayManage && (
          <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
            New fiscal year
          </Button>
        )
      }
    >
      <Loaded query={query} lines={8}>
        {({ fiscalYears: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty>No fiscal year was set up yet. Until then entries of any day are taken.</Empty>
          ) : (
            nodes.map((year) => <YearCard key={year.id} year={year} act={mayManage ? setClosing : undefined} />)
          )
        }
      </Loaded>
      {creating && <NewYear latest={query.data?.fiscalYears.nodes[0]} onClose={() => setCreating(false)} />}
      {closing && <Closing {...closing} onClose={() => setClosing(null)} />}
    </Page>
  );
}

interface YearProps {
  readonly year: Year;
  /** What closes and opens; none for who may only look. */
  readonly act: ((closable: Closable) => void) | undefined;
}

function YearCard({ year, act }: YearProps): ReactNode {
  const query = useQuery(
    FiscalPeriodsDocument,
    { yearId: year.id },
    { live: [liveFeed(FiscalPeriodChangedDocument, {})] },
  );
  const over = year.endsOn < today();
  return (
    <Card
      title={`Fiscal year ${year.name}`}
      note={`${day(year.startsOn)} to ${day(year.endsOn)}`}
      flush
      actions={
        <>
          {year.results.map(({ currency, formatted }) => (
            <Badge key={currency}>Result {formatted}</Badge>
          ))}
          <Status status={year.state} tone={toneOf(year.state)} />
          {act && (over || year.state === "CLOSED") && <Act what="year" of={year} act={act} />}
        </>
      }
    >
      <Loaded query={query} lines={6}>
        {({ fiscalPeriods: { nodes } }) => (
          <Table
            caption={`Periods of ${year.name}`}
            rows={nodes}
            rowKey={({ id }) => id}
            columns={year.state === "OPEN" && act ? [...COLUMNS, actColumn(act)] : COLUMNS}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** Open is how it ought to be, closed is what was done: neither warns of anything. */
function toneOf(state: Period["state"]): "good" | "plain" {
  return state === "OPEN" ? "good" : "plain";
}

const COLUMNS: readonly Column<Period>[] = [
  { title: "Period", heading: true, cell: ({ startsOn }) => month(startsOn) },
  {
    title: "State",
    cell: ({ state, closedAt }) => (
      <span className="row">
        <Status status={state} tone={toneOf(state)} />
        {closedAt && (
          <span className="muted small">
            <Time at={closedAt} />
          </span>
        )}
      </span>
    ),
  },
];

function actColumn(act: (closable: Closable) => void): Column<Period> {
  return {
    title: "Close or open",
    quiet: true,
    cell: (period) => (
      <span className={roomStyles.acts}>
        <Act what="period" of={period} act={act} />
      </span>
    ),
  };
}

interface ActProps {
  readonly what: Closable["what"];
  readonly of: Closable["of"];
  readonly act: (closable: Closable) => void;
}

function Act({ what, of, act }: ActProps): ReactNode {
  const open = of.state === "OPEN";
  return (
    <Button
      size="small"
      icon={open ? <Lock aria-hidden /> : <LockOpen aria-hidden />}
      onClick={() => act({ what, of })}
    >
      {open ? "Close" : "Open again"}
      <span className="unseen"> {of.name}</span>
    </Button>
  );
}
