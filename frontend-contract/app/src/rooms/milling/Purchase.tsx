/** One purchase: how far it is, what was ordered and came, its bill, what was paid, and what else happened to it. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { PurchaseDocument, type PurchaseQuery, PurchaseUpdatedDocument } from "@/graphql/milling";
import { Card, type Column, Day, Facts, humanise, LiveMoney, Money, Stat, Stats, Table, Time } from "@/kit";

import { ThingPage, useIdInPath } from "../ThingPage";
import { Payments, Way } from "./DocumentParts";
import { LandedCosts } from "./LandedCosts";
import { PurchaseActs } from "./PurchaseActs";
import { PurchaseState } from "./PurchaseState";
import { itemPath } from "./rows";
import { UndoableList, UndoPurchaseReturn, UndoSupplierPayment } from "./Undo";
import { useMill } from "./useMill";
import { PURCHASE_STEPS, purchaseStep } from "./way";
import { quantity } from "./words";

type PurchaseFull = NonNullable<PurchaseQuery["purchase"]>;

export function Screen(): ReactNode {
  const id = useIdInPath();
  const query = useQuery(
    PurchaseDocument,
    { id },
    { live: [{ document: PurchaseUpdatedDocument, variables: { purchaseId: id } }] },
  );
  const currency = useMill().data?.millDashboard.currency ?? "KES";
  return (
    <ThingPage
      what="purchase"
      back={{ href: "/mill/purchases", title: "Purchases" }}
      query={query}
      thing={({ purchase }) => purchase}
      title={({ number }) => number}
      note={({ supplierName, warehouse }) => `${supplierName} · into ${warehouse.name}`}
      actions={(purchase) => <PurchaseActs purchase={purchase} currency={currency} all />}
    >
      {(purchase) => <PurchaseBody purchase={purchase} />}
    </ThingPage>
  );
}

function PurchaseBody({ purchase }: { readonly purchase: PurchaseFull }): ReactNode {
  return (
    <>
      <Stats label="Where the purchase stands">
        <Stat label="Goods">
          <LiveMoney money={purchase.amount} label="Goods" />
        </Stat>
        <Stat label="Billed" note={purchase.billNumber ?? "No bill yet"}>
          <LiveMoney money={purchase.billedAmount} label="Billed" />
        </Stat>
        <Stat label="Paid">
          <LiveMoney money={purchase.paidAmount} label="Paid" />
        </Stat>
        <Stat
          label="Still owed"
          note={
            purchase.dueOn && (
              <>
                due <Day on={purchase.dueOn} />
              </>
            )
          }
        >
          <LiveMoney money={purchase.dueAmount} label="Still owed" />
        </Stat>
      </Stats>
      <Lines lines={purchase.lines} />
      <div className="split">
        <div className="stack">
          <Way
            of={purchase}
            state={<PurchaseState purchase={purchase} />}
            steps={PURCHASE_STEPS}
            reached={purchaseStep(purchase)}
          />
          <Payments caption="Payments for the purchase" payments={purchase.payments} Undo={UndoSupplierPayment} />
          <Returns returns={purchase.returns} />
          <LandedCosts costs={purchase.landedCosts} />
        </div>
        <About purchase={purchase} />
      </div>
    </>
  );
}

function About({ purchase }: { readonly purchase: PurchaseFull }): ReactNode {
  return (
    <Card title="About it">
      <Facts
        facts={[
          ["Ordered", <Time key="" at={purchase.createdAt} />],
          ["By", purchase.createdBy?.name ?? "–"],
          ["Expected", <Day key="" on={purchase.expectedOn} />],
          ["Received", <Time key="" at={purchase.receivedAt} />],
          ["Billed on", <Day key="" on={purchase.billedOn} />],
          ["Reference", purchase.reference || "–"],
          ["Note", purchase.note || "–"],
        ]}
      />
    </Card>
  );
}

function Lines({ lines }: { readonly lines: PurchaseFull["lines"] }): ReactNode {
  return (
    <Card title="Goods" flush>
      <Table
        caption="Goods of the purchase"
        rows={lines}
        rowKey={({ lineNo }) => String(lineNo)}
        columns={[
          { title: "Item", heading: true, cell: ({ item }) => <Link href={itemPath(item.id)}>{item.name}</Link> },
          { title: "Ordered", numeric: true, cell: ({ quantity: ordered, unit }) => quantity(ordered, unit) },
          {
            title: "Came",
            numeric: true,
            cell: ({ receivedQuantity, item }) => quantity(receivedQuantity, item.baseUnit),
          },
          {
            title: "Went back",
            numeric: true,
            cell: ({ returnedQuantity, item }) =>
              Number(returnedQuantity) === 0 ? "–" : quantity(returnedQuantity, item.baseUnit),
          },
          { title: "Price", numeric: true, cell: ({ unitPrice }) => <Money money={unitPrice} /> },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
        ]}
      />
    </Card>
  );
}

function Returns({ returns }: { readonly returns: PurchaseFull["returns"] }): ReactNode {
  return (
    <UndoableList
      title="Went back"
      caption="What went back to the supplier"
      rows={returns}
      columns={RETURN_COLUMNS}
      undo={{
        words: "Take back",
        permissions: ["MILL_PURCHASE", "MILL_BACKDATE"],
        when: ({ status }) => status === "POSTED",
        Dialog: UndoPurchaseReturn,
      }}
    />
  );
}

const RETURN_COLUMNS: readonly Column<PurchaseFull["returns"][number]>[] = [
  { title: "Return", heading: true, cell: ({ number }) => <span className="number">{number}</span> },
  { title: "Why", cell: ({ reason }) => reason },
  { title: "State", cell: ({ status }) => humanise(status) },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
];
