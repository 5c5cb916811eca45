/** An item over a stretch of days: how its level went, and each movement with what there was after it. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import { LineChart } from "@/charts";
import { StockStatementDocument, type StockStatementQuery, StockUpdatedDocument } from "@/graphql/milling";
import { Card, count, daysAfter, Loaded, Money, Segments, shortDay, Table, Time, today } from "@/kit";

import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { levelsByDay } from "./levels";
import { MOVEMENT, quantity } from "./words";

type StatementFull = StockStatementQuery["stockStatement"];
type Days = "7" | "30" | "90";

/** No list gives more at once. */
const MOST = 100;

export function Statement({ itemId }: { readonly itemId: string }): ReactNode {
  const [days, setDays] = useState<Days>("30");
  const range = { first: daysAfter(today(), 1 - Number(days)), last: today() };
  const statement = useQuery(
    StockStatementDocument,
    { itemId, from: `${range.first}T00:00:00Z`, to: `${daysAfter(range.last, 1)}T00:00:00Z`, first: MOST },
    { live: [{ document: StockUpdatedDocument, variables: { itemId } }], keepPrevious: true },
  );
  return (
    <Card
      title="In and out"
      note={`The last ${days} days`}
      actions={
        <Segments
          label="How many days"
          value={days}
          onChange={setDays}
          options={[
            ["7", "7 days"],
            ["30", "30 days"],
            ["90", "90 days"],
          ]}
        />
      }
      flush
    >
      <Loaded query={statement}>
        {({ stockStatement }) => (
          <>
            <div className={`${rooms.inset} split`}>
              <Level statement={stockStatement} {...range} />
              <Totals statement={stockStatement} />
            </div>
            <Movements statement={stockStatement} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

interface LevelProps {
  readonly statement: StatementFull;
  readonly first: string;
  readonly last: string;
}

function Level({ statement: { item, opening, closing, lines }, first, last }: LevelProps): ReactNode {
  const movements = lines.nodes.map(({ movement, after }) => ({ at: movement.effectiveAt, left: after.quantity }));
  const levels = levelsByDay(opening.quantity, first, last, movements);
  return (
    <LineChart
      title="How much there was at the end of each day"
      hideTitle
      area
      height={160}
      description={`From ${quantity(opening.quantity, item.baseUnit)} to ${quantity(closing.quantity, item.baseUnit)}.`}
      labels={levels.map(({ day }) => shortDay(day))}
      labelHeading="Day"
      series={[{ name: "There was", values: levels.map(({ left }) => left) }]}
      format={(value) => quantity(value, item.baseUnit)}
    />
  );
}

function Totals({ statement: { item, opening, received, issued, closing } }: Pick<LevelProps, "statement">): ReactNode {
  const said = (name: string, { quantity: much, value }: typeof opening | typeof issued) =>
    [
      name,
      <>
        {quantity(much, item.baseUnit)} <span className="muted">for</span> <Money money={value} />
      </>,
    ] as const;
  return (
    <Sums
      sums={[
        said("There was", opening),
        said("Came in", received),
        said("Went out", issued),
        said("There is", closing),
      ]}
    />
  );
}

/** The latest first. */
function Movements({ statement: { item, lines } }: Pick<LevelProps, "statement">): ReactNode {
  return (
    <>
      <Table
        caption="Movements of the item"
        rows={[...lines.nodes].reverse()}
        rowKey={({ movement }) => movement.id}
        empty="Nothing moved in these days."
        columns={[
          { title: "What", heading: true, cell: ({ movement }) => MOVEMENT[movement.kind] },
          { title: "By", cell: ({ movement }) => <span className="number">{movement.documentNumber}</span> },
          { title: "When", cell: ({ movement }) => <Time at={movement.effectiveAt} /> },
          {
            title: "How much",
            numeric: true,
            cell: ({ movement }) => quantity(movement.quantity, item.baseUnit),
          },
          { title: "Worth", numeric: true, cell: ({ movement }) => <Money money={movement.value} /> },
          { title: "Then there was", numeric: true, cell: ({ after }) => quantity(after.quantity, item.baseUnit) },
        ]}
      />
      {lines.pageInfo.hasNextPage && (
        <p className={`${rooms.inset} muted small`}>
          These are the first {count(MOST, "movement")} of these days. Fewer days show the rest.
        </p>
      )}
    </>
  );
}
