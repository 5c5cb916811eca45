/** One invoice: its terms, how far it is funded and by whom, why the rules find it as risky as they do, what came back. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { InvoiceDocument, InvoiceUpdatedDocument } from "@/graphql/invoice_finance";
import type { Party } from "@/graphql/schema";
import {
  Badge,
  Card,
  Day,
  Facts,
  humanise,
  inPercent,
  LiveMoney,
  Money,
  Progress,
  Stat,
  Stats,
  Table,
  Time,
} from "@/kit";

import { ThingPage, useIdInPath } from "../ThingPage";
import { Bids } from "./Bids";
import { InvoiceActs } from "./InvoiceActs";
import type { InvoiceFull } from "./invoices";
import { Messages } from "./Messages";
import { Risk } from "./Risk";
import { INVOICE_STATUS } from "./words";

/** Where somebody finds others like it. */
const LISTS: Record<Party, { readonly href: string; readonly title: string }> = {
  SELLER: { href: "/invoices", title: "My invoices" },
  DEBTOR: { href: "/invoices/to-pay", title: "Invoices to pay" },
  INVESTOR: { href: "/marketplace", title: "Marketplace" },
  STAFF: { href: "/invoices/all", title: "All invoices" },
};

export function Screen(): ReactNode {
  const id = useIdInPath();
  const query = useQuery(
    InvoiceDocument,
    { id },
    { live: [{ document: InvoiceUpdatedDocument, variables: { invoiceId: id } }] },
  );
  return (
    <ThingPage
      what="invoice"
      back={LISTS[query.data?.invoice?.viewerParty ?? "INVESTOR"]}
      query={query}
      thing={({ invoice }) => invoice}
      title={({ number }) => number}
      note={({ sellerName, debtorName }) => `${sellerName} · ${debtorName} owes`}
      actions={(invoice) => <InvoiceActs invoice={invoice} />}
    >
      {(invoice) => <InvoiceBody invoice={invoice} />}
    </ThingPage>
  );
}

function InvoiceBody({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
  return (
    <>
      <Stats label="Where the invoice stands">
        <Stat
          label="Face value"
          note={
            <>
              due <Day on={invoice.dueOn} />
            </>
          }
        >
          <Money money={invoice.faceValue} />
        </Stat>
        <Stat
          label="Funded"
          note={
            <Progress
              label="Funded"
              hideLabel
              value={Number(invoice.fundedPercent)}
              detail={`of ${invoice.requestedAmount.formatted}`}
            />
          }
        >
          <LiveMoney money={invoice.fundedAmount} label="Funded" />
        </Stat>
        <Stat label="Still to fund">
          <LiveMoney money={invoice.remainingAmount} label="Still to fund" />
        </Stat>
        {invoice.fundedAt && (
          <Stat label="The debtor still owes">
            <LiveMoney money={invoice.outstandingAmount} label="The debtor still owes" />
          </Stat>
        )}
      </Stats>
      <div className="split">
        <div className="stack">
          <Bids invoice={invoice} />
          <Investments invoice={invoice} />
          <Payments payments={invoice.payments} />
          <Risk invoice={invoice} />
        </div>
        <div className="stack">
          <Terms invoice={invoice} />
          <Messages invoiceId={invoice.id} />
        </div>
      </div>
    </>
  );
}

function Terms({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
  const status = INVOICE_STATUS[invoice.status];
  return (
    <Card title="Terms">
      <Facts
        facts={[
          [
            "State",
            <Badge key="" tone={status.tone}>
              {status.word}
            </Badge>,
          ],
          ["Line of business", humanise(invoice.industry)],
          ["Advance", `${inPercent(invoice.advanceRate)} of the face value`],
          ["Fee", invoice.fee ? `${humanise(invoice.fee.method)}, ${inPercent(invoice.fee.rate)}` : "None"],
          ["Yield", invoice.expectedYield ? `${inPercent(invoice.expectedYield)} a year` : "–"],
          ["Smallest investment", <Money key="" money={invoice.minInvestment} />],
          ["Seller answers for it", invoice.recourse ? "Yes" : "No"],
          ["Takes money until", <Time key="" at={invoice.fundingDeadlineAt} />],
          ["Listed", <Time key="" at={invoice.listedAt} />],
          ["For", invoice.description === "" ? "–" : invoice.description],
        ]}
      />
    </Card>
  );
}

/** Its seller sees them all, an investor the own ones; to others nobody tells them. An auction has bids until it has one. */
function Investments({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
  const told = invoice.viewerParty === "SELLER" || invoice.viewerParty === "INVESTOR";
  if ((!told || invoice.saleMethod === "AUCTION") && invoice.investments.length === 0) return null;
  return (
    <Card title="Investments" flush>
      <Table
        caption="Investments"
        rows={invoice.investments}
        rowKey={({ id }) => id}
        empty={invoice.viewerParty === "SELLER" ? "Nobody has invested yet." : "You have not invested in it."}
        columns={[
          { title: "Investor", heading: true, cell: ({ investor }) => investor?.name ?? "–" },
          { title: "When", cell: ({ madeAt }) => <Time at={madeAt} /> },
          {
            title: "State",
            cell: ({ state }) => <Badge tone={state === "ACTIVE" ? "good" : "plain"}>{humanise(state)}</Badge>,
          },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
          { title: "Came back", numeric: true, cell: ({ paidAmount }) => <LiveMoney money={paidAmount} /> },
        ]}
      />
    </Card>
  );
}

function Payments({ payments }: { readonly payments: InvoiceFull["payments"] }): ReactNode {
  if (payments.length === 0) return null;
  return (
    <Card title="What the debtor paid" flush>
      <Table
        caption="What the debtor paid"
        rows={payments}
        rowKey={({ id }) => id}
        columns={[
          { title: "Received", heading: true, cell: ({ receivedOn }) => <Day on={receivedOn} /> },
          { title: "By", cell: ({ source }) => humanise(source) },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
          { title: "To investors", numeric: true, cell: ({ toInvestors }) => <Money money={toInvestors} /> },
          { title: "To the seller", numeric: true, cell: ({ toSeller }) => <Money money={toSeller} /> },
        ]}
      />
    </Card>
  );
}
