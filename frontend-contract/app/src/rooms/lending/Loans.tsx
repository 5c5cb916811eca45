/** The loans that one may see: applications, running ones and those that are over; found by number or borrower. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { LoansDocument, type LoansQuery, LoanUpdatedDocument } from "@/graphql/lending";
import type { LoanStatus } from "@/graphql/schema";
import { Badge, Card, Day, LiveMoney, Loaded, Money, Page, Segments, Table, TextField } from "@/kit";

import { More } from "../More";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { APPLICATION_STATUSES, ENDED_STATUSES, LOAN_STATUS, RUNNING_STATUSES } from "./words";

type Row = LoansQuery["loans"]["nodes"][number];
type Stage = "APPLICATIONS" | "RUNNING" | "ENDED";

const STAGES: Record<Stage, readonly LoanStatus[]> = {
  APPLICATIONS: APPLICATION_STATUSES,
  RUNNING: RUNNING_STATUSES,
  ENDED: ENDED_STATUSES,
};

export function Screen(): ReactNode {
  const [stage, setStage] = useState<Stage>("APPLICATIONS");
  const [search, setSearch] = useState("");
  return (
    <Page title="Loans">
      <div className={rooms.filters}>
        <Segments
          label="Which loans"
          value={stage}
          onChange={setStage}
          options={[
            ["APPLICATIONS", "Applications"],
            ["RUNNING", "Running"],
            ["ENDED", "Over"],
          ]}
        />
        <TextField label="Find" type="search" placeholder="Number or borrower" value={search} onChange={setSearch} />
      </div>
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
      <Loaded query={loans}>
        {({ loans: { nodes, pageInfo } }) => (
          <>
            <Table
              caption="Loans"
              rows={nodes}
              rowKey={({ id }) => id}
              empty={settled === "" ? "There are none." : `No loan is found by “${settled}”.`}
              columns={[
                {
                  title: "Loan",
                  heading: true,
                  cell: ({ id, number }) => <Link href={`/lending/loans/${encodeURIComponent(id)}`}>{number}</Link>,
                },
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
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={loans.loading} what="loans" />
          </>
        )}
      </Loaded>
    </Card>
  );
}
