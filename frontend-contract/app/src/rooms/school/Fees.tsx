/** School fees as the bursar sees them: charged and collected, who owes too much, every fee, and taking money. */
import { useQuery } from "@daftari/client/react";
import { Coins, HandCoins, Receipt, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { BarChart } from "@/charts";
import type { FeeStatus } from "@/graphql/schema";
import {
  ArrearsAlertDocument,
  ArrearsAlertsDocument,
  FeeStatsDocument,
  type FeeStatsQuery,
  FeeStatsUpdatedDocument,
  FeeUpdatedDocument,
  SchoolFeesDocument,
  type SchoolFeesQuery,
} from "@/graphql/school";
import {
  Badge,
  Button,
  Card,
  Day,
  Empty,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  month,
  Page,
  Severity,
  Stat,
  Stats,
  Time,
} from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import { Filters } from "../Filters";
import { LongTable } from "../LongTable";
import { PaidStat } from "../PaidStat";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { isOwed } from "./feePossible";
import { feePath, studentPath } from "./paths";
import { PayFee } from "./PayFee";
import { FEE_STATUS } from "./words";

type Fee = SchoolFeesQuery["schoolFees"]["nodes"][number];
type Which = "OWED" | "LATE" | "ALL";

export function Screen(): ReactNode {
  const [which, setWhich] = useState<Which>("OWED");
  const [search, setSearch] = useState("");
  const stats = useQuery(FeeStatsDocument, {}, { live: [{ document: FeeStatsUpdatedDocument }] });
  return (
    <Page title="School fees">
      <Loaded query={stats}>{({ feeStats }) => <FeeFigures stats={feeStats} />}</Loaded>
      <div className="split">
        <Loaded query={stats}>{({ feeStats }) => <Months stats={feeStats} />}</Loaded>
        <HighArrears />
      </div>
      <Filters
        which={{
          label: "Which fees",
          value: which,
          onChange: setWhich,
          options: [
            ["OWED", "Owed"],
            ["LATE", "Late"],
            ["ALL", "All"],
          ],
        }}
        find={{ by: "Number or student", value: search, onChange: setSearch }}
      />
      <FeeList key={which} which={which} search={search} />
    </Page>
  );
}

type FeeStats = FeeStatsQuery["feeStats"];

function FeeFigures({ stats }: { readonly stats: FeeStats }): ReactNode {
  return (
    <Stats label="Fees at a glance">
      <Stat label="Charged" icon={<Receipt aria-hidden />}>
        <LiveMoney money={stats.totalCharged} label="Charged" />
      </Stat>
      <PaidStat
        label="Collected"
        icon={<HandCoins aria-hidden />}
        paid={stats.totalCollected}
        left={stats.totalOutstanding}
      />
      <Stat label="Outstanding" icon={<TriangleAlert aria-hidden />}>
        <LiveMoney money={stats.totalOutstanding} label="Outstanding" />
      </Stat>
      <Stat label="Credit of families" icon={<Coins aria-hidden />}>
        <LiveMoney money={stats.totalCredit} label="Credit of families" />
      </Stat>
    </Stats>
  );
}

function Months({ stats }: { readonly stats: FeeStats }): ReactNode {
  return (
    <Card title="Month by month">
      <BarChart
        title="Fees charged and collected by month"
        hideTitle
        description={`${stats.totalCharged.formatted} was charged and ${stats.totalCollected.formatted} collected.`}
        labels={stats.monthly.map((each) => month(each.month))}
        labelHeading="Month"
        series={[
          { name: "Charged", values: stats.monthly.map(({ charged }) => charged.amount), colour: 5 },
          { name: "Collected", values: stats.monthly.map(({ collected }) => collected.amount), colour: 1 },
        ]}
        format={inCurrency(stats.currency)}
      />
    </Card>
  );
}

function HighArrears(): ReactNode {
  const alerts = useQuery(
    ArrearsAlertsDocument,
    { open: true, first: 10 },
    { live: [{ document: ArrearsAlertDocument }, { document: FeeUpdatedDocument }] },
  );
  return (
    <Card
      title="High arrears"
      note={alerts.data?.arrearsAlerts.nodes[0] && `Above ${alerts.data.arrearsAlerts.nodes[0].threshold.formatted}`}
      actions={<LiveNumber value={alerts.data?.arrearsAlerts.nodes.length} label="Alerts of high arrears" />}
      flush
    >
      <Loaded query={alerts}>
        {({ arrearsAlerts: { nodes } }) =>
          nodes.length === 0 ? (
            <Empty>Nobody owes too much.</Empty>
          ) : (
            <ul className={rooms.list}>
              {nodes.map(({ id, feeId, fee, arrears, raisedAt }) => (
                <li key={id}>
                  <div className={rooms.what}>
                    <Link href={feePath(feeId)}>{fee?.studentName ?? "A fee"}</Link>
                    <span className="muted small">
                      {fee?.number} · <Time at={raisedAt} ago />
                    </span>
                  </div>
                  <div className={rooms.end}>
                    <LiveMoney money={fee?.outstanding ?? arrears} label={`${fee?.studentName ?? "Somebody"} owes`} />
                    <Severity level="HIGH" />
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

const OWED: readonly FeeStatus[] = ["UNPAID", "PARTIALLY_PAID"];

function FeeList({ which, search }: { readonly which: Which; readonly search: string }): ReactNode {
  const pages = useGrowing();
  const settled = useSettled(search.trim());
  const [paying, setPaying] = useState<Fee | null>(null);
  const mayCollect = usePerson().permissions.includes("FEES_COLLECT");
  const filter = {
    overdue: which === "LATE",
    ...(which !== "ALL" && { statuses: [...OWED] }),
    ...(settled !== "" && { search: settled }),
  };
  const fees = useQuery(
    SchoolFeesDocument,
    { filter, first: pages.first },
    { live: [{ document: FeeUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card title="Fees" flush>
      <LongTable
        query={fees}
        list={({ schoolFees }) => schoolFees}
        pages={pages}
        what="fees"
        caption="Fees"
        rowKey={({ id }) => id}
        empty={settled === "" ? "There are none." : `No fee is found by “${settled}”.`}
        columns={[
          {
            title: "Student",
            heading: true,
            cell: ({ studentId, studentName }) => <Link href={studentPath(studentId)}>{studentName}</Link>,
          },
          {
            title: "Fee",
            cell: ({ id, title, number }) => (
              <span>
                <Link href={feePath(id)}>{title}</Link> <span className="muted small number">{number}</span>
              </span>
            ),
          },
          {
            title: "State",
            cell: ({ status }) => <Badge tone={FEE_STATUS[status].tone}>{FEE_STATUS[status].word}</Badge>,
          },
          { title: "Due", cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: "Asked for", numeric: true, cell: ({ amountDue }) => <Money money={amountDue} /> },
          { title: "Paid", numeric: true, cell: ({ amountPaid }) => <LiveMoney money={amountPaid} /> },
          { title: "Outstanding", numeric: true, cell: ({ outstanding }) => <LiveMoney money={outstanding} /> },
          {
            title: "Acts",
            quiet: true,
            cell: (fee) =>
              mayCollect &&
              isOwed(fee) && (
                <Button size="small" look="primary" onClick={() => setPaying(fee)}>
                  Pay
                  <span className="unseen">
                    {" "}
                    {fee.title} of {fee.studentName}
                  </span>
                </Button>
              ),
          },
        ]}
      />
      {paying && <PayFee fee={paying} by="DESK" onClose={() => setPaying(null)} />}
    </Card>
  );
}
