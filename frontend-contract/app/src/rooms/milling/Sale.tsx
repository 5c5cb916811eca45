/** One sale: how far it is, its goods, what was paid, what came back, and what became of its invoice. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { SaleDocument, type SaleQuery, SalesUpdatedDocument } from "@/graphql/milling";
import { Card, type Column, Day, Facts, humanise, LiveMoney, Money, Notice, Stat, Stats, Table, Time } from "@/kit";

import { ThingPage, useIdInPath } from "../ThingPage";
import { Payments, Way } from "./DocumentParts";
import { itemPath } from "./rows";
import { SaleActs } from "./SaleActs";
import { SaleState } from "./SaleState";
import { UndoableList, UndoSalePayment, UndoSaleReturn } from "./Undo";
import { useMill } from "./useMill";
import { ORDER_STEPS, orderStep } from "./way";
import { quantity } from "./words";

type SaleFull = NonNullable<SaleQuery["sale"]>;

export function Screen(): ReactNode {
  const id = useIdInPath();
  const query = useQuery(
    SaleDocument,
    { id },
    { live: [{ document: SalesUpdatedDocument, variables: { saleId: id } }] },
  );
  const currency = useMill().data?.millDashboard.currency ?? "KES";
  return (
    <ThingPage
      what="sale"
      back={{ href: "/mill/sales", title: "Sales" }}
      query={query}
      thing={({ sale }) => sale}
      title={({ number }) => number}
      note={({ customerName, warehouse }) => `${customerName} · from ${warehouse.name}`}
      actions={(sale) => <SaleActs sale={sale} currency={currency} all />}
    >
      {(sale) => <SaleBody sale={sale} />}
    </ThingPage>
  );
}

function SaleBody({ sale }: { readonly sale: SaleFull }): ReactNode {
  return (
    <>
      <SaleStats sale={sale} />
      <Lines lines={sale.lines} />
      <div className="split">
        <div className="stack">
          <Way of={sale} state={<SaleState sale={sale} />} steps={ORDER_STEPS} reached={orderStep(sale)} />
          <Payments caption="Payments for the sale" payments={sale.payments} Undo={UndoSalePayment} />
          <Returns returns={sale.returns} />
        </div>
        <div className="stack">
          <Invoice sale={sale} />
          <About sale={sale} />
        </div>
      </div>
    </>
  );
}

function SaleStats({ sale }: { readonly sale: SaleFull }): ReactNode {
  const toCustomer = Number(sale.dueAmount.amount) < 0;
  const owing = toCustomer ? "The customer is owed" : "The customer owes";
  return (
    <Stats label="Where the sale stands">
      <Stat
        label="Goods"
        note={sale.discount.amount === "0.00" ? undefined : `${sale.discount.formatted} is taken off`}
      >
        <LiveMoney money={sale.amount} label="Goods" />
      </Stat>
      <Stat label="Came back">
        <LiveMoney money={sale.returnedAmount} label="Came back" />
      </Stat>
      <Stat
        label="Paid"
        note={sale.refundedAmount.amount === "0.00" ? undefined : `${sale.refundedAmount.formatted} was given back`}
      >
        <LiveMoney money={sale.paidAmount} label="Paid" />
      </Stat>
      <Stat
        label={owing}
        tone={sale.overdue ? "bad" : undefined}
        note={
          sale.dueOn && (
            <>
              due <Day on={sale.dueOn} />
            </>
          )
        }
      >
        <LiveMoney money={toCustomer ? positive(sale.dueAmount) : sale.dueAmount} label={owing} />
      </Stat>
    </Stats>
  );
}

function positive({ amount, formatted }: SaleFull["dueAmount"]): SaleFull["dueAmount"] {
  return { amount: amount.replace("-", ""), formatted: formatted.replace(/[-−]/, "") };
}

function Lines({ lines }: { readonly lines: SaleFull["lines"] }): ReactNode {
  return (
    <Card title="Goods" flush>
      <Table
        caption="Goods of the sale"
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          {
            title: "Item",
            heading: true,
            cell: ({ itemId, itemName }) => <Link href={itemPath(itemId)}>{itemName}</Link>,
          },
          { title: "Sold", numeric: true, cell: ({ quantity: sold, unit }) => quantity(sold, unit) },
          {
            title: "Came back",
            numeric: true,
            cell: (line) => (Number(line.returnedQuantity) === 0 ? "–" : back(line)),
          },
          { title: "Price", numeric: true, cell: ({ unitPrice }) => <Money money={unitPrice} /> },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
        ]}
      />
    </Card>
  );
}

/** In the unit that it was sold in. */
function back({ quantity: sold, baseQuantity, returnedQuantity, unit }: SaleFull["lines"][number]): string {
  return quantity((Number(returnedQuantity) * Number(sold)) / Number(baseQuantity), unit);
}

function Returns({ returns }: { readonly returns: SaleFull["returns"] }): ReactNode {
  return (
    <UndoableList
      title="Came back"
      caption="What the customer brought back"
      rows={returns}
      columns={RETURN_COLUMNS}
      undo={{
        words: "Take back",
        permissions: ["MILL_SELL", "MILL_BACKDATE"],
        when: ({ status }) => status === "POSTED",
        Dialog: UndoSaleReturn,
      }}
    />
  );
}

const RETURN_COLUMNS: readonly Column<SaleFull["returns"][number]>[] = [
  { title: "Return", heading: true, cell: ({ number }) => <span className="number">{number}</span> },
  { title: "When", cell: ({ returnedAt }) => <Time at={returnedAt} /> },
  { title: "Why", cell: ({ reason }) => reason },
  { title: "State", cell: ({ status }) => humanise(status) },
  { title: "Given back", numeric: true, cell: ({ refundedAmount }) => <Money money={refundedAmount} /> },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
];

function Invoice({ sale }: { readonly sale: SaleFull }): ReactNode {
  if (sale.invoiceNumber === null) return null;
  return (
    <Card title={`Invoice ${sale.invoiceNumber}`}>
      <div className="stack">
        <Facts
          facts={[
            ["Written", <Time key="" at={sale.invoicedAt} />],
            ["Due", <Day key="" on={sale.dueOn} />],
            ...(sale.offeredAt ? [["Offered to investors", <Time key="" at={sale.offeredAt} />] as const] : []),
          ]}
        />
        {sale.financeNote !== "" && <Notice tone="warn">{sale.financeNote}</Notice>}
      </div>
    </Card>
  );
}

function About({ sale }: { readonly sale: SaleFull }): ReactNode {
  return (
    <Card title="About it">
      <Facts
        facts={[
          ["Ordered", <Time key="" at={sale.confirmedAt} />],
          ["Delivered", <Time key="" at={sale.deliveredAt} />],
          ["Cost of its goods", <LiveMoney key="" money={sale.cost} />],
          ["What it brings", <LiveMoney key="" money={sale.grossProfit} />],
          ["Note", sale.note || "–"],
        ]}
      />
    </Card>
  );
}
