/** All branches at a glance, for who answers for the house: the whole portfolio, and how each branch does. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { Ranking } from "@/charts";
import { AdminDashboardDocument, type AdminDashboardQuery, AdminDashboardUpdatedDocument } from "@/graphql/lending";
import { ButtonLink, Card, count, inPercent, Loaded, Page, Table } from "@/kit";

import { inCurrency } from "../amounts";
import {
  Applications,
  PORTFOLIO_COLUMNS,
  PortfolioByAge,
  PortfolioStats,
  ThisMonth,
  WaitsForDecision,
} from "./PortfolioCards";

type Board = AdminDashboardQuery["adminDashboard"];

export function Screen(): ReactNode {
  const board = useQuery(AdminDashboardDocument, {}, { live: [{ document: AdminDashboardUpdatedDocument }] });
  return (
    <Page
      title="All branches"
      note="The loans of the whole house, as they move."
      actions={
        <ButtonLink href="/lending/collections" look="primary">
          Collections
        </ButtonLink>
      }
    >
      <Loaded query={board}>{(data) => <House board={data.adminDashboard} />}</Loaded>
    </Page>
  );
}

function House({ board }: { readonly board: Board }): ReactNode {
  const { figures, branches } = board;
  return (
    <>
      <PortfolioStats figures={figures} />
      <div className="split">
        <div className="stack">
          <PortfolioByAge figures={figures} />
          <ThisMonth figures={figures} />
          <Card title="Outstanding by branch">
            <Ranking
              title="Outstanding by branch"
              hideTitle
              format={inCurrency(figures.currency)}
              empty="No money is out."
              items={branches.map(({ branch, figures: { portfolio } }) => ({
                key: branch.id,
                name: branch.name,
                value: portfolio.outstanding.amount,
                note: `${count(portfolio.loans, "loan")}, ${inPercent(portfolio.par30)} at risk beyond 30 days`,
              }))}
            />
          </Card>
        </div>
        <div className="stack">
          <WaitsForDecision approvals={board.approvals} />
          <Applications applications={board.applications} />
        </div>
      </div>
      <Card title="Branches" note={count(board.recoveryActions, "recovery step")} flush>
        <Table
          caption="How each branch does"
          rows={branches}
          rowKey={({ branch }) => branch.id}
          columns={[
            { title: "Branch", heading: true, cell: ({ branch }) => branch.name },
            { title: "Staff", numeric: true, cell: ({ staff }) => staff },
            ...PORTFOLIO_COLUMNS,
          ]}
        />
      </Card>
    </>
  );
}
