/** What a debtor owes by invoices that were sold: how much in all, each with its day, and paying it from one's wallet. */
import { useQuery } from "@daftari/client/react";
import { Coins, Wallet as WalletIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { UserDashboardDocument, UserDashboardUpdatedDocument } from "@/graphql/invoice_finance";
import type { InvoiceStatus } from "@/graphql/schema";
import { Button, count, LiveMoney, Page, Stat, Stats } from "@/kit";

import { Filters } from "../Filters";
import { DUE, FACE_VALUE, InvoiceList, NUMBER, OWED, SELLER, STATE } from "./InvoiceList";
import type { InvoiceRow } from "./invoices";
import { PayInvoice } from "./Repay";
import { OWED_STATUSES } from "./words";

type Which = "OWED" | "ALL";
const STATUSES: Record<Which, readonly InvoiceStatus[] | undefined> = { OWED: OWED_STATUSES, ALL: undefined };

export function Screen(): ReactNode {
  const [which, setWhich] = useState<Which>("OWED");
  const [paying, setPaying] = useState<InvoiceRow | null>(null);
  const board = useQuery(UserDashboardDocument, {}, { live: [{ document: UserDashboardUpdatedDocument }] });
  const mine = board.data?.userDashboard;
  const pay = {
    title: "Acts",
    quiet: true,
    cell: (invoice: InvoiceRow) =>
      Number(invoice.outstandingAmount.amount) > 0 && (
        <Button size="small" look="primary" onClick={() => setPaying(invoice)}>
          Pay<span className="unseen"> {invoice.number}</span>
        </Button>
      ),
  };
  return (
    <Page title="Invoices to pay" note="Invoices to you that investors have funded are paid here.">
      <Stats label="What is to be paid">
        <Stat
          label="To pay"
          icon={<Coins aria-hidden />}
          note={mine && `by ${count(mine.stats.invoicesToPay, "invoice")} in ${mine.currency}`}
        >
          <LiveMoney money={mine?.stats.amountToPay} label="To pay" />
        </Stat>
        <Stat label="In my wallet" icon={<WalletIcon aria-hidden />}>
          <LiveMoney money={mine?.walletAvailable} label="In my wallet" />
        </Stat>
      </Stats>
      <Filters
        which={{
          label: "Which invoices",
          value: which,
          onChange: setWhich,
          options: [
            ["OWED", "To pay"],
            ["ALL", "All"],
          ],
        }}
      />
      <InvoiceList
        key={which}
        caption="Invoices to me"
        party="DEBTOR"
        statuses={STATUSES[which]}
        empty="There is nothing to pay."
        columns={[NUMBER, SELLER, STATE, DUE, FACE_VALUE, OWED, pay]}
      />
      {paying && <PayInvoice invoice={paying} onClose={() => setPaying(null)} />}
    </Page>
  );
}
