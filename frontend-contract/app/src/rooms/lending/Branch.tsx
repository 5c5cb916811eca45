/** A branch as its manager sees it: the portfolio, what waits for a decision, and how each officer does. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { Ranking } from "@/charts";
import {
  BranchManagerDashboardDocument,
  BranchManagerDashboardUpdatedDocument,
  type BranchManagerDashboardQuery,
} from "@/graphql/lending";
import { ButtonLink, Card, count, Loaded, Page, Table } from "@/kit";

import { inCurrency } from "../amounts";
import {
  Applications,
  PORTFOLIO_COLUMNS,
  PortfolioByAge,
  PortfolioStats,
  ThisMonth,
  WaitsForDecision,
} from "./PortfolioCards";
import { AGE } from "./words";

type Board = BranchManagerDashboardQuery["branchManagerDashboard"];

export function Screen(): ReactNode {
  const board = useQuery(
    BranchManagerDashboardDocument,
    {},
    { live: [{ document: BranchManagerDashboardUpdatedDocument }] },
  );
  return (
    <Page
      title={board.data?.branchManagerDashboard.branch?.name ?? "My branch"}
      note="The branch's loans, as they move."
      actions={
        <ButtonLink href="/lending/collections" look="primary">
          Collections
        </ButtonLink>
      }
    >
      <Loaded query={board}>{(data) => <Branch board={data.branchManagerDashboard} />}</Loaded>
    </Page>
  );
}

function Branch({ board }: { readonly board: Board }): ReactNode {
  const { figures } = board;
  return (
    <>
      <PortfolioStats figures={figures} />
      <div className="split">
        <div className="stack">
          <PortfolioByAge figures={figures} />
          <ThisMonth figures={figures} />
        </div>
        <div className="stack">
          <WaitsForDecision approvals={board.approvals} />
          <Applications applications={board.applications} />
          <Card title="Overdue by age" note={count(board.recoveryActions, "recovery action")}>
            <Ranking
              title="Overdue by age"
              hideTitle
              colour={2}
              format={inCurrency(figures.currency)}
              empty="Nothing is overdue."
              items={figures.collections.overdueByAge
                .filter((age) => age.count > 0)
                .map(({ bucket, amount, count: instalments }) => ({
                  key: bucket,
                  name: `${AGE[bucket].word} (${instalments})`,
                  value: amount.amount,
                }))}
            />
          </Card>
        </div>
      </div>
      <Officers officers={board.officers} />
    </>
  );
}

function Officers({ officers }: { readonly officers: Board["officers"] }): ReactNode {
  return (
    <Card title="Officers" flush>
      <Table
        caption="How each officer of the branch does"
        rows={officers}
        rowKey={({ officerId }) => officerId ?? "nobody"}
        columns={[
          { title: "Officer", heading: true, cell: ({ officer }) => officer?.name ?? "Nobody yet" },
          ...PORTFOLIO_COLUMNS,
        ]}
      />
    </Card>
  );
}
