/** What a student was charged and paid over a time, in the order of the books, and what is owed at its end. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import { LineChart } from "@/charts";
import {
  FeeUpdatedDocument,
  StudentStatementDocument,
  type StudentStatementQuery,
  WardUpdatedDocument,
} from "@/graphql/school";
import { Button, Card, Day, LiveMoney, Loaded, Money, SelectField, shortDay, Table, today } from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { Receipt } from "./Receipt";

type Book = NonNullable<StudentStatementQuery["studentStatement"]>;

/** This year, and the two before it. */
function years(): readonly (readonly [string, string])[] {
  const now = Number(today().slice(0, 4));
  return [0, 1, 2].map((back) => [`${now - back}`, `${now - back}`] as const);
}

export function Statement({ studentId }: { readonly studentId: string }): ReactNode {
  const [year, setYear] = useState(() => today().slice(0, 4));
  const staff = usePerson().permissions.includes("FEES_READ");
  const current = year === today().slice(0, 4);
  const time = current ? {} : { from: `${year}-01-01`, to: `${year}-12-31` };
  const query = useQuery(
    StudentStatementDocument,
    { studentId, ...time },
    {
      live: [staff ? { document: FeeUpdatedDocument } : { document: WardUpdatedDocument, variables: { studentId } }],
      keepPrevious: true,
    },
  );
  return (
    <Card
      title="Statement"
      flush
      actions={
        <SelectField
          label={<span className="unseen">Year of the statement</span>}
          options={years()}
          value={year}
          onChange={setYear}
        />
      }
    >
      <Loaded query={query}>{({ studentStatement }) => studentStatement && <Lines book={studentStatement} />}</Loaded>
    </Card>
  );
}

function Lines({ book }: { readonly book: Book }): ReactNode {
  const [receipt, setReceipt] = useState<string | null>(null);
  return (
    <>
      {book.lines.length > 1 && (
        <div className={rooms.inset}>
          <LineChart
            title="What was owed over the time"
            hideTitle
            description={`${book.broughtForward.formatted} was owed before, and ${book.closing.formatted} is owed at the end.`}
            labels={book.lines.map(({ date }) => shortDay(date))}
            labelHeading="Day"
            series={[{ name: "Owed", values: book.lines.map(({ balance }) => balance.amount) }]}
            area
            height={140}
            format={inCurrency(book.currency)}
          />
        </div>
      )}
      <Table
        caption="What was charged and paid"
        rows={book.lines}
        rowKey={({ kind, date, reference, text, balance }) => `${kind} ${date} ${reference} ${text} ${balance.amount}`}
        empty="Nothing was charged or paid in this time."
        columns={[
          { title: "What", heading: true, cell: ({ text }) => text },
          { title: "Day", cell: ({ date }) => <Day on={date} /> },
          { title: "Charged", numeric: true, cell: ({ charged }) => amountOr(charged) },
          { title: "Paid", numeric: true, cell: ({ paid }) => amountOr(paid) },
          { title: "Owed", numeric: true, cell: ({ balance }) => <Money money={balance} /> },
          {
            title: "Receipt",
            quiet: true,
            cell: ({ receiptNumber }) =>
              receiptNumber && (
                <Button size="small" onClick={() => setReceipt(receiptNumber)}>
                  Receipt<span className="unseen"> {receiptNumber}</span>
                </Button>
              ),
          },
        ]}
      />
      <div className={rooms.inset}>
        <Sums
          sums={[
            ["Owed before", <Money key="" money={book.broughtForward} />],
            ["Charged", <Money key="" money={book.charged} />],
            ["Paid", <Money key="" money={book.paid} />],
            [
              "Owed at the end",
              <strong key="">
                <LiveMoney money={book.closing} label="Owed at the end" />
              </strong>,
            ],
          ]}
        />
      </div>
      {receipt && <Receipt number={receipt} onClose={() => setReceipt(null)} />}
    </>
  );
}

function amountOr(money: Book["charged"]): ReactNode {
  return Number(money.amount) === 0 ? "–" : <Money money={money} />;
}
