/** Every invoice, for those who look after them: what is on sale, what is owed, what is late, and writing down what came. */
import { useState, type ReactNode } from "react";

import type { InvoiceStatus } from "@/graphql/schema";
import { Button, Page } from "@/kit";

import { Filters } from "../Filters";
import { DEBTOR, DUE, FUNDED, InvoiceList, NUMBER, OWED, SELLER, STATE } from "./InvoiceList";
import type { InvoiceRow } from "./invoices";
import { RecordPayment } from "./Repay";
import { OWED_STATUSES } from "./words";

type Which = "ALL" | "SALE" | "OWED" | "LATE" | "OVER";

const STATUSES: Record<Which, readonly InvoiceStatus[] | undefined> = {
  ALL: undefined,
  SALE: ["LISTED", "PARTIALLY_FUNDED"],
  OWED: OWED_STATUSES,
  LATE: ["OVERDUE", "DEFAULTED"],
  OVER: ["SETTLED", "RECOVERED", "CANCELLED", "EXPIRED"],
};

export function Screen(): ReactNode {
  const [which, setWhich] = useState<Which>("ALL");
  const [recording, setRecording] = useState<InvoiceRow | null>(null);
  const record = {
    title: "Acts",
    quiet: true,
    cell: (invoice: InvoiceRow) =>
      Number(invoice.outstandingAmount.amount) > 0 && (
        <Button size="small" onClick={() => setRecording(invoice)}>
          Payment<span className="unseen"> for {invoice.number}</span>
        </Button>
      ),
  };
  return (
    <Page title="All invoices" note="What sellers offer, what debtors owe, and what is late.">
      <Filters
        which={{
          label: "Which invoices",
          value: which,
          onChange: setWhich,
          options: [
            ["ALL", "All"],
            ["SALE", "On sale"],
            ["OWED", "Owed"],
            ["LATE", "Late"],
            ["OVER", "Over"],
          ],
        }}
      />
      <InvoiceList
        key={which}
        caption="Invoices"
        statuses={STATUSES[which]}
        empty="There are none."
        columns={[NUMBER, SELLER, DEBTOR, STATE, DUE, FUNDED, OWED, record]}
      />
      {recording && <RecordPayment invoice={recording} onClose={() => setRecording(null)} />}
    </Page>
  );
}
