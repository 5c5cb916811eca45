/** What a loan would cost: the figures people ask for first, what each instalment is made of, and every row of the plan. */
import { money } from "@daftari/client";
import type { ReactNode } from "react";

import { BarChart } from "@/charts";
import type { LoanQuoteQuery } from "@/graphql/lending";
import { Card, day, inPercent, LiveMoney, Money, shortDay } from "@/kit";

import { inCurrency } from "../amounts";
import { Sums } from "../Sums";
import styles from "./lending.module.css";

interface QuoteCardProps {
  readonly title: string;
  readonly quote: NonNullable<LoanQuoteQuery["loanQuote"]>;
  readonly currency: string;
  /** Newer figures are on their way. */
  readonly behind: boolean;
}

export function QuoteCard({ title, quote, currency, behind }: QuoteCardProps): ReactNode {
  const rows = quote.schedule.filter((row) => row.kind !== "DISBURSEMENT");
  const fees = rows.some((row) => !money.isZero(row.fee.amount));
  return (
    <Card title={title}>
      <div className="stack" aria-busy={behind}>
        <div className={styles.payment}>
          <span className="muted">To pay each time</span>
          <strong>
            <LiveMoney money={quote.regularPayment} label="To pay each time" />
          </strong>
          <span className="muted">
            {rows.length} times, from {day(rows[0]?.dueOn ?? quote.disbursedOn)} to {day(quote.maturityOn)}
          </span>
        </div>
        <Sums
          sums={[
            ["Paid out", <Money key="" money={quote.principal} />],
            [`Interest, ${inPercent(quote.annualRate)} a year`, <LiveMoney key="" money={quote.totalInterest} />],
            ["Fees", <LiveMoney key="" money={quote.totalFees} />],
            [
              "To pay in all",
              <strong key="">
                <LiveMoney money={quote.totalPayable} label="To pay in all" />
              </strong>,
            ],
            ["Yearly cost with fees", inPercent(quote.apr)],
          ]}
        />
        <BarChart
          title="What each instalment is made of"
          description={`${rows.length} instalments of about ${quote.regularPayment.formatted}, of which less and less is interest.`}
          labels={rows.map((row) => shortDay(row.dueOn))}
          labelHeading="Due"
          series={[
            { name: "Principal", values: rows.map((row) => row.principal.amount) },
            { name: "Interest", values: rows.map((row) => row.interest.amount) },
            ...(fees ? [{ name: "Fees", values: rows.map((row) => row.fee.amount) }] : []),
          ]}
          stacked
          height={170}
          format={inCurrency(currency)}
        />
      </div>
    </Card>
  );
}
