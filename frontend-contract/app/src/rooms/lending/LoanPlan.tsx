/** The plan of a loan, as a picture and row by row. */
import type { ReactNode } from "react";

import { BarChart } from "@/charts";
import { Badge, Card, count, Day, Money, shortDay, Table } from "@/kit";

import { inCurrency } from "../amounts";
import rooms from "../rooms.module.css";
import type { LoanFull } from "./oneLoan";

export function Plan({ loan }: { readonly loan: LoanFull }): ReactNode {
  const rows = loan.schedule.filter(({ kind }) => kind !== "DISBURSEMENT");
  const paid = rows.filter(({ completedOn }) => completedOn !== null).length;
  return (
    <Card title="Plan" note={`${paid} of ${count(rows.length, "instalment")} paid`} flush>
      <div className={rooms.inset}>
        <BarChart
          title="What is paid and what is left of each instalment"
          hideTitle
          description={`${paid} of ${rows.length} instalments are paid.`}
          labels={rows.map(({ dueOn }) => shortDay(dueOn))}
          labelHeading="Due"
          series={[
            { name: "Paid", values: rows.map((row) => row.paid.amount) },
            { name: "Unpaid", values: rows.map((row) => row.unpaid.amount), colour: 2 },
          ]}
          stacked
          height={160}
          format={inCurrency(loan.currency)}
        />
      </div>
      <Table
        caption="Plan of the loan"
        rows={loan.schedule}
        rowKey={({ id }) => id}
        columns={[
          { title: "Due", heading: true, cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: "Principal", numeric: true, cell: (row) => <Money money={row.principal} /> },
          { title: "Interest", numeric: true, cell: (row) => <Money money={row.interest} /> },
          { title: "In all", numeric: true, cell: (row) => <Money money={row.due} /> },
          { title: "State", cell: (row) => <InstalmentState row={row} /> },
        ]}
      />
    </Card>
  );
}

function InstalmentState({ row }: { readonly row: LoanFull["schedule"][number] }): ReactNode {
  if (row.completedOn) return <Badge tone="good">Paid</Badge>;
  if (row.pastDueDays > 0) return <Badge tone="bad">{count(row.pastDueDays, "day")} late</Badge>;
  return row.paid.amount === "0.00" ? <Badge>To come</Badge> : <Badge tone="info">In part</Badge>;
}
