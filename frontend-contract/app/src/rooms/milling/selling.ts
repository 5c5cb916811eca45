/** What may be done with a sale as it stands now, by whom. The server decides in the end. */
import type { Permission } from "@/graphql/schema";

import type { OfferedAct } from "./ActButtons";
import type { SaleRow } from "./rows";

export type SaleActName =
  "order" | "deliver" | "invoice" | "takePayment" | "offer" | "giveBack" | "takeBack" | "cancel";

/** A sale as its acts need it, from the list or from its own page. */
type Sold = Pick<
  SaleRow,
  "id" | "number" | "status" | "customerName" | "amount" | "dueAmount" | "invoiceNumber" | "financeStatus"
>;

/** What the dialog of each act is given. */
export interface SaleActProps {
  readonly sale: Sold;
  readonly currency: string;
  readonly onClose: () => void;
}

type Standing = Pick<SaleRow, "status" | "dueAmount" | "invoiceNumber" | "financeStatus">;

interface Rule extends OfferedAct<SaleActName> {
  readonly permissions: readonly Permission[];
  readonly when: (sale: Standing) => boolean;
}

/** What the customer owes; below zero it is owed to the customer. */
const owed = ({ dueAmount }: Standing): number => Number(dueAmount.amount);
const withCustomer = ({ status }: Standing): boolean => status === "DELIVERED" || status === "PART_RETURNED";
/** While its invoice is with investors its price is theirs; afterwards it was paid to them. */
const withInvestors = ({ financeStatus }: Standing): boolean =>
  financeStatus !== null && !["REFUSED", "SETTLED", "ENDED"].includes(financeStatus);

const RULES: readonly Rule[] = [
  { name: "order", words: "Order", permissions: ["MILL_SELL"], when: ({ status }) => status === "DRAFT" },
  {
    name: "deliver",
    words: "Deliver",
    permissions: ["MILL_SELL"],
    when: ({ status }) => status === "DRAFT" || status === "CONFIRMED",
  },
  {
    name: "takePayment",
    words: "Payment",
    look: "primary",
    permissions: ["MILL_BILL"],
    when: (sale) => withCustomer(sale) && owed(sale) > 0 && !withInvestors(sale),
  },
  {
    name: "invoice",
    words: "Write its invoice",
    seldom: true,
    permissions: ["MILL_SELL"],
    when: (sale) => (withCustomer(sale) || sale.status === "PAID") && sale.invoiceNumber === null,
  },
  {
    name: "offer",
    words: "Offer to investors",
    seldom: true,
    permissions: ["MILL_SELL", "INVOICE_SELL"],
    when: (sale) =>
      withCustomer(sale) &&
      owed(sale) > 0 &&
      sale.invoiceNumber !== null &&
      !withInvestors(sale) &&
      sale.financeStatus !== "SETTLED",
  },
  {
    name: "giveBack",
    words: "Give money back",
    look: "primary",
    seldom: true,
    permissions: ["MILL_BILL"],
    when: (sale) => owed(sale) < 0,
  },
  {
    name: "takeBack",
    words: "Take goods back",
    seldom: true,
    permissions: ["MILL_SELL"],
    when: (sale) => (withCustomer(sale) || sale.status === "PAID") && !withInvestors(sale),
  },
  {
    name: "cancel",
    words: "Call off",
    look: "danger",
    seldom: true,
    permissions: ["MILL_SELL"],
    when: ({ status }) => status === "DRAFT" || status === "CONFIRMED",
  },
];

export function possibleActs(sale: Standing, permissions: readonly string[]): readonly OfferedAct<SaleActName>[] {
  return RULES.filter((rule) => rule.permissions.every((each) => permissions.includes(each)) && rule.when(sale));
}
