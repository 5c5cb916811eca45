/** What investors paid into the seller's own wallet for invoices of the mill, and bringing it into the mill. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import { CollectFinanceProceedsDocument, FinanceProceedsDocument, SalesUpdatedDocument } from "@/graphql/milling";
import { WalletBalanceChangedDocument } from "@/graphql/wallets";
import { Button, Card, LiveMoney, type MoneyShape, toast } from "@/kit";

import { isPositive } from "../decimals";
import { ActDialog, useKeyedAct } from "../forms";
import styles from "./milling.module.css";

/** Nothing where investors never paid for anything. */
export function FromInvestors(): ReactNode {
  const [collecting, setCollecting] = useState(false);
  const { data } = useQuery(
    FinanceProceedsDocument,
    {},
    { live: [{ document: SalesUpdatedDocument }, { document: WalletBalanceChangedDocument }] },
  );
  const proceeds = data?.financeProceeds;
  if (!proceeds || !isPositive(proceeds.received.amount)) return null;
  return (
    <Card
      title="From investors"
      note="They pay into your wallet for invoices of the mill that you offered."
      actions={
        isPositive(proceeds.available.amount) && (
          <Button size="small" look="primary" onClick={() => setCollecting(true)}>
            Bring it into the mill
          </Button>
        )
      }
    >
      <dl className={styles.figures}>
        <Figure label="Received" money={proceeds.received} />
        <Figure label="Brought into the mill" money={proceeds.collected} />
        <Figure label="Paid to suppliers" money={proceeds.spent} />
        <Figure label="Left in your wallet" money={proceeds.available} />
      </dl>
      {collecting && <Collect available={proceeds.available.formatted} onClose={() => setCollecting(false)} />}
    </Card>
  );
}

function Figure({ label, money }: { readonly label: string; readonly money: MoneyShape }): ReactNode {
  return (
    <div>
      <dt className="muted small">{label}</dt>
      <dd>
        <LiveMoney money={money} label={`From investors: ${label}`} />
      </dd>
    </div>
  );
}

function Collect({ available, onClose }: { readonly available: string; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(CollectFinanceProceedsDocument, ({ collectFinanceProceeds: { collected } }) => {
    toast({ tone: "good", title: `${collected?.formatted ?? ""} is in the mill` });
    onClose();
  });
  return (
    <ActDialog
      title="Bring the investors' money into the mill"
      submit="Bring it in"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: {} })}
    >
      <p>{available} leaves your wallet and belongs to the mill.</p>
    </ActDialog>
  );
}
