/** The loans that one may see: applications, running ones and those that are over; found by number or borrower. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import { LoansDocument, type LoansQuery, LoanUpdatedDocument } from "@/graphql/lending";
import type { LoanStatus } from "@/graphql/schema";
import { Badge, Card, Day, LiveMoney, Money, Page } from "@/kit";

import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { LoanLink } from "./LoanLink";
import { APPLICATION_STATUSES, ENDED_STATUSES, LOAN_STATUS, RUNNING_STATUSES } from "./words";

type Row = LoansQuery["loans"]["nodes"][number];
type Stage = "APPLICATIONS" | "RUNNING" | "ENDED";

const STAGES: Record<Stage, readonly LoanStatus[]> = {
  APPLICATIONS: APPLICATION_STATUSES,
  RUNNING: RUNNING_STATUSES,
  ENDED: ENDED_STATUSES,
};

const STAGE_WORDS = [
  ["APPLICATIONS", "Applications"],
  ["RUNNING", "Running"],
  ["ENDED", "Over"],
] as const;

export function Screen(): ReactNode {
  const [stage, setStage] = useState<Stage>("APPLICATIONS");
  const [search, setSearch] = useState("");
  return (
    <Page title="Loans">
      <Filters
        which={{ label: "Which loans", value: stage, onChange: setStage, options: STAGE_WORDS }}
        find={{ by: "Number or borrower", value: search, onChange: setSearch }}
      />
      <LoanList key={stage} stage={stage} search={search} />
    </Page>
  );
}

function LoanList({ stage, search }: { readonly stage: Stage; readonly search: string }): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const filter = { statuses: [...STAGES[stage]], ...(settled !== "" && { search: settled }) };
  const loans = useQuery(
    LoansDocument,
    { filter, first: pages.first },
    { live: [{ document: LoanUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card flush>
      <LongTable
        query={loans}
        list={(data) => data.loans}
        pages={pages}
        what="loans"
        caption="Loans"
        rowKey={({ id }) => id}
        empty={settled === "" ? "There are none." : `No loan is found by “${settled}”.`}
        columns={[
          { title: "Loan", heading: true, cell: (loan) => <LoanLink loan={loan} /> },
          { title: "Borrower", cell: ({ borrowerName }) => borrowerName },
          { title: "Product", cell: ({ productName }) => productName },
          {
            title: "State",
            cell: ({ status }) => <Badge tone={LOAN_STATUS[status].tone}>{LOAN_STATUS[status].word}</Badge>,
          },
          ...(stage === "RUNNING"
            ? [
                { title: "Next", cell: ({ nextDueOn }: Row) => <Day on={nextDueOn} /> },
                {
                  title: "Late",
                  numeric: true,
                  cell: ({ pastDueAmount, pastDueDays }: Row) =>
                    pastDueDays > 0 ? <Money money={pastDueAmount} /> : "–",
                },
                {
                  title: "Outstanding",
                  numeric: true,
                  cell: ({ outstandingAmount }: Row) => <LiveMoney money={outstandingAmount} />,
                },
              ]
            : [
                {
                  title: "Asked for",
                  numeric: true,
                  cell: ({ requestedPrincipal }: Row) => <Money money={requestedPrincipal} />,
                },
              ]),
        ]}
      />
    </Card>
  );
}
