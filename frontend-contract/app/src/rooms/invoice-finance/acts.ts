/** What may be done with an invoice as it stands now, by what the reader is to it. The server decides in the end. */
import type { InvoiceFull } from "./invoices";

export type InvoiceActName =
  "list" | "withdraw" | "close" | "closeAuction" | "invest" | "withdrawBid" | "pay" | "record" | "giveUp";

interface InvoiceAct {
  readonly name: InvoiceActName;
  readonly words: string;
  readonly look?: "primary" | "danger";
}

type Standing = Pick<InvoiceFull, "viewerParty" | "status" | "saleMethod" | "openForFunding" | "outstandingAmount"> & {
  readonly bids: readonly Pick<InvoiceFull["bids"][number], "mine" | "state">[];
};

interface Rule extends InvoiceAct {
  readonly party: InvoiceFull["viewerParty"];
  readonly when: (invoice: Standing) => boolean;
}

const isOwed = ({ outstandingAmount }: Standing): boolean => Number(outstandingAmount.amount) > 0;
const isAuction = ({ saleMethod }: Standing): boolean => saleMethod === "AUCTION";
const hasBid = ({ bids }: Standing): boolean => bids.some(({ mine, state }) => mine && state === "ACTIVE");

const RULES: readonly Rule[] = [
  {
    party: "SELLER",
    name: "list",
    words: "Put it on the marketplace",
    look: "primary",
    when: ({ status }) => status === "DRAFT",
  },
  {
    party: "SELLER",
    name: "closeAuction",
    words: "End the auction",
    when: (invoice) => isAuction(invoice) && invoice.openForFunding,
  },
  {
    party: "SELLER",
    name: "close",
    words: "Take what is funded",
    when: (invoice) => !isAuction(invoice) && invoice.status === "PARTIALLY_FUNDED",
  },
  {
    party: "SELLER",
    name: "withdraw",
    words: "Withdraw",
    look: "danger",
    when: ({ status }) => status === "DRAFT" || status === "LISTED",
  },
  {
    party: "INVESTOR",
    name: "invest",
    words: "Invest",
    look: "primary",
    when: ({ openForFunding }) => openForFunding,
  },
  { party: "INVESTOR", name: "withdrawBid", words: "Take my bid back", when: hasBid },
  { party: "DEBTOR", name: "pay", words: "Pay", look: "primary", when: isOwed },
  { party: "STAFF", name: "record", words: "Record payment", look: "primary", when: isOwed },
  {
    party: "STAFF",
    name: "giveUp",
    words: "Give up the rest",
    look: "danger",
    when: ({ status }) => status === "DEFAULTED",
  },
];

export function possibleActs(invoice: Standing): readonly InvoiceAct[] {
  return RULES.filter(({ party, when }) => party === invoice.viewerParty && when(invoice));
}
