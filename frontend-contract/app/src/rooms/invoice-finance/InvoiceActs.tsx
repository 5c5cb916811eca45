/** What its reader does with an invoice: sells it, ends its sale, invests in it, pays it, writes down what came, gives it up. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CloseAuctionDocument,
  CloseFundingDocument,
  CloseRecoveryDocument,
  ListInvoiceDocument,
  WithdrawBidDocument,
  WithdrawInvoiceDocument,
} from "@/graphql/invoice_finance";
import { WalletBalanceChangedDocument, WalletsDocument } from "@/graphql/wallets";
import { Button, toast } from "@/kit";

import { ActDialog, useKeyedAct } from "../forms";
import { type InvoiceActName, possibleActs } from "./acts";
import { Invest } from "./Invest";
import type { InvoiceFull } from "./invoices";
import { PayInvoice, RecordPayment } from "./Repay";

interface ActProps {
  readonly invoice: InvoiceFull;
  readonly onClose: () => void;
}

/** A button for each act that is possible now, and its dialog. */
export function InvoiceActs({ invoice }: { readonly invoice: InvoiceFull }): ReactNode {
  const [open, setOpen] = useState<InvoiceActName | null>(null);
  const close = (): void => setOpen(null);
  return (
    <>
      {possibleActs(invoice).map(({ name, words, look }) => (
        <Button key={name} look={look} onClick={() => setOpen(name)}>
          {words}
        </Button>
      ))}
      {open === "invest" && <InvestFromWallet invoice={invoice} onClose={close} />}
      {open === "pay" && <PayInvoice invoice={invoice} onClose={close} />}
      {open === "record" && <RecordPayment invoice={invoice} onClose={close} />}
      {isPlain(open) && <PlainAct act={open} invoice={invoice} onClose={close} />}
    </>
  );
}

function InvestFromWallet({ invoice, onClose }: ActProps): ReactNode {
  const wallets = useQuery(WalletsDocument, {}, { live: [{ document: WalletBalanceChangedDocument }] });
  const wallet = wallets.data?.wallets.find(({ currency }) => currency === invoice.currency);
  return <Invest offer={invoice} wallet={wallet} onClose={onClose} />;
}

/** Acts that need no more than a yes. */
const PLAIN = {
  list: {
    document: ListInvoiceDocument,
    submit: "Put it on the marketplace",
    sentence: "Every investor hears of it at once.",
    done: "is on the marketplace",
    danger: false,
  },
  withdraw: {
    document: WithdrawInvoiceDocument,
    submit: "Withdraw it",
    sentence: "Nobody can fund it any more.",
    done: "is withdrawn",
    danger: true,
  },
  close: {
    document: CloseFundingDocument,
    submit: "Stop here",
    sentence: "No more money is taken. What is there is yours.",
    done: "takes no more money",
    danger: false,
  },
  closeAuction: {
    document: CloseAuctionDocument,
    submit: "End it now",
    sentence: "The best bid wins at once. Without a bid the invoice leaves the marketplace.",
    done: "is sold to the best bid",
    danger: false,
  },
  withdrawBid: {
    document: WithdrawBidDocument,
    submit: "Take it back",
    sentence: "What is held in your wallet for it is yours to spend again.",
    done: "has one bid less: yours",
    danger: true,
  },
  giveUp: {
    document: CloseRecoveryDocument,
    submit: "Give it up",
    sentence: "What is still owed is written down as lost to its investors. It cannot be taken back.",
    done: "is given up",
    danger: true,
  },
} as const;

function isPlain(act: InvoiceActName | null): act is keyof typeof PLAIN {
  return act !== null && act in PLAIN;
}

function PlainAct({ act: name, invoice, onClose }: ActProps & { readonly act: keyof typeof PLAIN }): ReactNode {
  const { document, submit, sentence, done, danger } = PLAIN[name];
  const act = useKeyedAct<unknown, { input: { invoiceId: string; idempotencyKey?: string | null } }>(document, () => {
    toast({ tone: "good", title: `${invoice.number} ${done}` });
    onClose();
  });
  return (
    <ActDialog
      title={invoice.number}
      submit={submit}
      danger={danger}
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { invoiceId: invoice.id } })}
    >
      <p>{sentence}</p>
    </ActDialog>
  );
}
