/** One invoice: its terms, how far it is funded and by whom, why the rules find it as risky as they do, what came back. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";
import { useParams } from "wouter";

import {
  CloseFundingDocument,
  InvoiceDocument,
  type InvoiceQuery,
  InvoiceUpdatedDocument,
  ListInvoiceDocument,
  WithdrawInvoiceDocument,
} from "@/graphql/invoice_finance";
import {
  Badge,
  Button,
  Card,
  Day,
  Empty,
  Facts,
  humanise,
  LiveMoney,
  Loaded,
  Money,
  Notice,
  Page,
  Progress,
  Stat,
  Stats,
  Table,
  Time,
  toast,
} from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { INVOICE_STATUS, toneOfGrade } from "./words";

type InvoiceFull = NonNullable<InvoiceQuery["invoice"]>;

export function Screen(): ReactNode {
  const id = decodeURIComponent(useParams<{ id: string }>().id);
  const query = useQuery(
    InvoiceDocument,
    { id },
    { live: [{ document: InvoiceUpdatedDocument, variables: { invoiceId: id } }] },
  );
  const sells = usePerson().roles.includes("SELLER");
  const invoice = query.data?.invoice;
  return (
    <Page
      title={invoice?.number ?? "Invoice"}
      back={sells ? { href: "/invoices", title: "My invoices" } : { href: "/marketplace", title: "Marketplace" }}
      note={invoice && `${invoice.sellerName} · ${invoice.debtorName} owes`}
      actions={invoice?.viewerParty === "SELLER" && <SellerActs invoice={invoice} />}
    >
      <Loaded query={query}>
        {(data) =>
          data.invoice ? (
            <InvoiceBody invoice={data.invoice} />
          ) : (
            <Notice tone="warn">There is no such invoice, or it is not yours to see.</Notice>
          )
        }
      </Loaded>
    </Page>
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
          <Investments invoice={invoice} />
          <Payments payments={invoice.payments} />
          <Risk invoice={invoice} />
        </div>
        <Terms invoice={invoice} />
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
          ["Advance", `${invoice.advanceRate} % of the face value`],
          ["Fee", invoice.fee ? `${humanise(invoice.fee.method)}, ${invoice.fee.rate} %` : "None"],
          ["Yield", invoice.expectedYield ? `${invoice.expectedYield} % a year` : "–"],
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

function Investments({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
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

function Risk({ invoice: { riskScore } }: { readonly invoice: InvoiceFull }): ReactNode {
  if (!riskScore) return null;
  return (
    <Card
      title="Risk"
      actions={<Badge tone={toneOfGrade(riskScore.grade)}>Grade {riskScore.grade}</Badge>}
      flush
      note={`${riskScore.score} of 100 points; more is riskier`}
    >
      {riskScore.factors.length === 0 ? (
        <Empty>No rule finds anything against it.</Empty>
      ) : (
        <ul className={rooms.list}>
          {riskScore.factors.map(({ rule, points, sentence }) => (
            <li key={rule}>
              <span className={rooms.what}>{sentence}</span>
              <span className="number muted">
                {points > 0 ? "+" : ""}
                {points}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

type SellerAct = "list" | "withdraw" | "close";

function SellerActs({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
  const [open, setOpen] = useState<SellerAct | null>(null);
  const { status } = invoice;
  return (
    <>
      {status === "DRAFT" && (
        <Button look="primary" onClick={() => setOpen("list")}>
          Put it on the marketplace
        </Button>
      )}
      {status === "PARTIALLY_FUNDED" && <Button onClick={() => setOpen("close")}>Take what is funded</Button>}
      {(status === "DRAFT" || status === "LISTED") && (
        <Button look="danger" onClick={() => setOpen("withdraw")}>
          Withdraw
        </Button>
      )}
      {open && <SellerActDialog act={open} invoice={invoice} onClose={() => setOpen(null)} />}
    </>
  );
}

const ACTS = {
  list: {
    document: ListInvoiceDocument,
    submit: "Put it on the marketplace",
    sentence: "Every investor hears of it at once.",
    done: "is on the marketplace",
  },
  withdraw: {
    document: WithdrawInvoiceDocument,
    submit: "Withdraw it",
    sentence: "Nobody can fund it any more.",
    done: "is withdrawn",
  },
  close: {
    document: CloseFundingDocument,
    submit: "Stop here",
    sentence: "No more money is taken. What is there is yours.",
    done: "takes no more money",
  },
} as const;

function SellerActDialog({
  act: name,
  invoice,
  onClose,
}: {
  readonly act: SellerAct;
  readonly invoice: InvoiceFull;
  readonly onClose: () => void;
}): ReactNode {
  const { document, submit, sentence, done } = ACTS[name];
  const act = useKeyedAct<unknown, { input: { invoiceId: string; idempotencyKey?: string | null } }>(document, () => {
    toast({ tone: "good", title: `${invoice.number} ${done}` });
    onClose();
  });
  return (
    <ActDialog
      title={invoice.number}
      submit={submit}
      danger={name === "withdraw"}
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { invoiceId: invoice.id } })}
    >
      <p>{sentence}</p>
    </ActDialog>
  );
}
