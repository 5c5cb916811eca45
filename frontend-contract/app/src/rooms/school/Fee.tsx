/** One fee: what it asks for by instalment, what came for it, and what the books have of it. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { BarChart } from "@/charts";
import { FeeUpdatedDocument, SchoolFeeDocument } from "@/graphql/school";
import {
  Badge,
  Button,
  Card,
  Day,
  Empty,
  Facts,
  humanise,
  LiveMoney,
  Money,
  Notice,
  shortDay,
  Stat,
  Stats,
  Table,
} from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import { PaidStat } from "../PaidStat";
import rooms from "../rooms.module.css";
import { ThingPage, useIdInPath } from "../ThingPage";
import { FeeActs } from "./FeeActs";
import { instalmentsOf } from "./instalments";
import type { FeeFull } from "./oneStudent";
import { studentPath } from "./paths";
import { Receipt } from "./Receipt";
import { FEE_STATUS, METHOD } from "./words";

export function Screen(): ReactNode {
  const id = useIdInPath();
  const query = useQuery(
    SchoolFeeDocument,
    { id },
    { live: [{ document: FeeUpdatedDocument, variables: { feeId: id } }] },
  );
  const staff = usePerson().permissions.includes("FEES_READ");
  return (
    <ThingPage
      what="fee"
      back={staff ? { href: "/school/fees", title: "School fees" } : { href: "/school/children", title: "My children" }}
      query={query}
      thing={({ schoolFee }) => schoolFee}
      title={({ title }) => title}
      note={({ number, studentName }) => `${number} · ${studentName}`}
      actions={(fee) => <FeeActs fee={fee} />}
    >
      {(fee) => <FeeBody fee={fee} />}
    </ThingPage>
  );
}

function FeeBody({ fee }: { readonly fee: FeeFull }): ReactNode {
  return (
    <>
      {fee.deletedAt && <Notice tone="warn">This fee was deleted. What was paid for it was given back.</Notice>}
      <Stats label="How the fee stands">
        <Stat label="Asked for" note={<Badge tone={FEE_STATUS[fee.status].tone}>{FEE_STATUS[fee.status].word}</Badge>}>
          <LiveMoney money={fee.amountDue} label="Asked for" />
        </Stat>
        <PaidStat label="Paid" paid={fee.amountPaid} left={fee.outstanding} />
        <Stat label="Outstanding" note={fee.arrearsAlerted ? "High arrears" : undefined} tone={toneOf(fee)}>
          <LiveMoney money={fee.outstanding} label="Outstanding" />
        </Stat>
      </Stats>
      <div className="split">
        <div className="stack">
          <Asked fee={fee} />
          <Came payments={fee.payments} />
        </div>
        <div className="stack">
          <Card title="The fee">
            <Facts
              facts={[
                [
                  "Student",
                  <Link key="" href={studentPath(fee.studentId)}>
                    {fee.studentName}
                  </Link>,
                ],
                ["Number", fee.number],
                ["Due", <Day key="" on={fee.dueOn} />],
                ["Plan", fee.planKind ? humanise(fee.planKind) : "–"],
                ["Given back", <Money key="" money={fee.amountRefunded} />],
                ["Credit", <Money key="" money={fee.credit} />],
                ["In the books", fee.financialTransaction?.reference ?? "Nothing"],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}

function toneOf({ arrearsAlerted, status }: FeeFull): "bad" | "good" | undefined {
  return arrearsAlerted ? "bad" : status === "PAID" ? "good" : undefined;
}

function Asked({ fee }: { readonly fee: FeeFull }): ReactNode {
  const instalments = instalmentsOf(fee.lines);
  const write = inCurrency(fee.outstanding.currency);
  const amount = (value: string): ReactNode => <LiveMoney money={{ formatted: write(value) }} />;
  return (
    <Card title="What it asks for" flush>
      {instalments.length > 1 && (
        <div className={rooms.inset}>
          <BarChart
            title="What is paid and what is left of each instalment"
            hideTitle
            description={`${fee.amountPaid.formatted} of ${fee.amountDue.formatted} is paid.`}
            labels={instalments.map(({ dueOn }) => shortDay(dueOn))}
            labelHeading="Due"
            series={[
              { name: "Paid", values: instalments.map(({ paid }) => paid) },
              { name: "Unpaid", values: instalments.map(({ unpaid }) => unpaid), colour: 2 },
            ]}
            stacked
            height={150}
            format={write}
          />
        </div>
      )}
      <Table
        caption="What the fee asks for"
        rows={instalments}
        rowKey={({ number }) => `${number}`}
        empty="It asks for nothing in particular."
        columns={[
          { title: "Due", heading: true, cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: "What for", cell: ({ what }) => what },
          { title: "Amount", numeric: true, cell: (instalment) => amount(instalment.amount) },
          { title: "Unpaid", numeric: true, cell: ({ unpaid }) => amount(unpaid) },
        ]}
      />
    </Card>
  );
}

function Came({ payments }: { readonly payments: FeeFull["payments"] }): ReactNode {
  const [receipt, setReceipt] = useState<string | null>(null);
  return (
    <Card title="What came for it" flush>
      {payments.length === 0 ? (
        <Empty>Nothing was paid yet.</Empty>
      ) : (
        <Table
          caption="What came for the fee"
          rows={payments}
          rowKey={({ id }) => id}
          columns={[
            { title: "Day", heading: true, cell: ({ paidOn }) => <Day on={paidOn} /> },
            { title: "What", cell: ({ kind, note }) => `${humanise(kind)}${note ? `: ${note}` : ""}` },
            {
              title: "By",
              cell: ({ method, reference }) => `${METHOD[method]}${reference ? ` · ${reference}` : ""}`,
            },
            { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
            {
              title: "Receipt",
              quiet: true,
              cell: ({ receipt: given }) =>
                given && (
                  <Button size="small" onClick={() => setReceipt(given.number)}>
                    Receipt<span className="unseen"> {given.number}</span>
                  </Button>
                ),
            },
          ]}
        />
      )}
      {receipt && <Receipt number={receipt} onClose={() => setReceipt(null)} />}
    </Card>
  );
}
