/** A seller's invoices: how far each is funded, what came in, and offering another one. */
import { useQuery } from "@daftari/client/react";
import { FilePlus, FileText, TriangleAlert, Wallet as WalletIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { UserDashboardDocument, UserDashboardUpdatedDocument } from "@/graphql/invoice_finance";
import { Button, count, LiveMoney, LiveNumber, Page, Stat, Stats } from "@/kit";

import { DEBTOR, DUE, FACE_VALUE, FUNDED, InvoiceList, NUMBER, OWED, STATE } from "./InvoiceList";
import { OfferInvoice } from "./OfferInvoice";

export function Screen(): ReactNode {
  const [offering, setOffering] = useState(false);
  const board = useQuery(UserDashboardDocument, {}, { live: [{ document: UserDashboardUpdatedDocument }] });
  const mine = board.data?.userDashboard;
  return (
    <Page
      title="My invoices"
      note="Every investor hears of a new one at once."
      actions={
        <Button look="primary" icon={<FilePlus aria-hidden />} onClick={() => setOffering(true)}>
          Offer an invoice
        </Button>
      }
    >
      <Stats label="My invoices at a glance">
        <Stat
          label="Raised so far"
          icon={<FileText aria-hidden />}
          note={mine && count(mine.stats.settledInvoices, "invoice settled", "invoices settled")}
        >
          <LiveMoney money={mine?.stats.raised} label="Raised so far" />
        </Stat>
        <Stat label="Taking money now" icon={<FilePlus aria-hidden />}>
          <LiveNumber value={mine?.stats.openInvoices} label="Taking money now" />
        </Stat>
        <Stat
          label="Overdue"
          icon={<TriangleAlert aria-hidden />}
          tone={mine && mine.stats.overdueInvoices > 0 ? "bad" : undefined}
        >
          <LiveNumber value={mine?.stats.overdueInvoices} label="Overdue" />
        </Stat>
        <Stat label="In my wallet" icon={<WalletIcon aria-hidden />}>
          <LiveMoney money={mine?.walletAvailable} label="In my wallet" />
        </Stat>
      </Stats>
      <InvoiceList
        caption="My invoices"
        party="SELLER"
        empty="You have offered no invoice yet."
        columns={[NUMBER, DEBTOR, STATE, DUE, FACE_VALUE, FUNDED, OWED]}
      />
      {offering && <OfferInvoice currency={mine?.currency ?? "INR"} onClose={() => setOffering(false)} />}
    </Page>
  );
}
