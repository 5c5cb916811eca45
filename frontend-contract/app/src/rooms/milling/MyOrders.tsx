/** What a customer ordered from the mill: how far each order is, what is owed for it, and paying it from one's wallet. */
import { useQuery } from "@daftari/client/react";
import { Coins, Truck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import {
  MillOrdersDocument,
  type MillOrdersQuery,
  MillOrderUpdatedDocument,
  PayMillOrderDocument,
} from "@/graphql/milling";
import { Badge, Button, Card, Day, LiveMoney, Money, Notice, Page, Time, toast } from "@/kit";

import { ActDialog, useKeyedAct } from "../forms";
import { FromWallet, WALLET_FIELDS } from "../FromWallet";
import { LongCards } from "../LongTable";
import { Sums } from "../Sums";
import { useGrowing } from "../useGrowing";
import { Steps } from "./Steps";
import { ORDER_STEPS, orderStep } from "./way";
import { quantity, SALE_STATUS } from "./words";

type MillOrder = MillOrdersQuery["millOrders"]["nodes"][number];

export function Screen(): ReactNode {
  const pages = useGrowing(10);
  const [paying, setPaying] = useState<MillOrder | null>(null);
  const orders = useQuery(
    MillOrdersDocument,
    { unpaid: false, first: pages.first },
    { live: [{ document: MillOrderUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Page title="My orders" note="What you ordered from the mill. Each goes its way here as it happens.">
      <LongCards
        query={orders}
        list={({ millOrders }) => millOrders}
        pages={pages}
        what="orders"
        empty="You have ordered nothing from the mill yet."
        icon={<Truck aria-hidden />}
        card={(order) => <OrderCard key={order.id} order={order} onPay={() => setPaying(order)} />}
      />
      {paying && <PayOrder order={paying} onClose={() => setPaying(null)} />}
    </Page>
  );
}

function OrderCard({ order, onPay }: { readonly order: MillOrder; readonly onPay: () => void }): ReactNode {
  const { word, tone } = SALE_STATUS[order.status];
  const owed = Number(order.dueAmount.amount) > 0;
  return (
    <Card
      title={order.number}
      note={<Time at={order.deliveredAt ?? order.confirmedAt} />}
      actions={<Badge tone={tone}>{word}</Badge>}
    >
      <div className="stack">
        <Steps label={`How far ${order.number} is`} steps={ORDER_STEPS} reached={orderStep(order)} />
        <Sums
          sums={[
            ...order.lines.map(
              (line) =>
                [
                  `${quantity(line.quantity, line.unit)} of ${line.itemName}`,
                  <Money key="" money={line.amount} />,
                ] as const,
            ),
            ["Paid", <Money key="" money={order.paidAmount} />],
            [
              order.dueOn && owed ? (
                <>
                  Owed, due <Day on={order.dueOn} />
                </>
              ) : (
                "Owed"
              ),
              <LiveMoney key="" money={order.dueAmount} label={`${order.number}, owed`} />,
            ],
          ]}
        />
        {owed && order.withInvestors && (
          <Notice>
            Investors have its invoice. Pay it among the <Link href="/invoices/to-pay">invoices to pay</Link>.
          </Notice>
        )}
        {owed && !order.withInvestors && (
          <div>
            <Button look="primary" icon={<Coins aria-hidden />} onClick={onPay}>
              Pay<span className="unseen"> {order.number}</span>
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function PayOrder({ order, onClose }: { readonly order: MillOrder; readonly onClose: () => void }): ReactNode {
  const owed = { ...order.dueAmount, currency: order.currency };
  const [amount, setAmount] = useState(owed.amount);
  const act = useKeyedAct(PayMillOrderDocument, ({ payMillOrder: { order: paid } }) => {
    toast({
      tone: "good",
      title: `Paid for ${order.number}`,
      body: `${paid?.dueAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Pay ${order.number}`}
      submit="Pay from my wallet"
      act={act}
      fields={WALLET_FIELDS}
      onClose={onClose}
      onSubmit={() => act.run({ input: { orderId: order.id, amount: { amount, currency: order.currency } } })}
    >
      <FromWallet owed={owed} amount={amount} error={act.error} onChange={setAmount} />
    </ActDialog>
  );
}
