/** What may be done with a purchase as it stands now, by whom. The server decides in the end. */
import type { Permission } from "@/graphql/schema";

import type { OfferedAct } from "./ActButtons";
import type { PurchaseRow } from "./rows";

export type PurchaseActName = "receive" | "bill" | "pay" | "addCost" | "giveBack" | "cancel";

/** A purchase as its acts need it, from the list or from its own page. */
type Bought = Pick<
  PurchaseRow,
  "id" | "number" | "status" | "supplierName" | "amount" | "billedAmount" | "dueAmount" | "warehouse"
>;
/** What the dialog of each act is given. */
export interface PurchaseActProps {
  readonly purchase: Bought;
  readonly currency: string;
  readonly onClose: () => void;
}

type Standing = Pick<PurchaseRow, "status" | "billedAmount" | "dueAmount">;

interface Rule extends OfferedAct<PurchaseActName> {
  readonly permission: Permission;
  readonly when: (purchase: Standing) => boolean;
}

const holdsGoods = ({ status }: Standing): boolean =>
  status === "RECEIVED" || status === "BILLED" || status === "PART_RETURNED";

const RULES: readonly Rule[] = [
  {
    name: "receive",
    words: "Receive",
    look: "primary",
    permission: "MILL_PURCHASE",
    when: ({ status }) => status === "DRAFT",
  },
  {
    name: "bill",
    words: "Enter bill",
    look: "primary",
    permission: "MILL_BILL",
    when: (purchase) => holdsGoods(purchase) && purchase.billedAmount === null,
  },
  {
    name: "pay",
    words: "Pay",
    look: "primary",
    permission: "MILL_BILL",
    when: ({ dueAmount }) => Number(dueAmount.amount) > 0,
  },
  { name: "addCost", words: "Add freight", seldom: true, permission: "MILL_BILL", when: holdsGoods },
  { name: "giveBack", words: "Send back", seldom: true, permission: "MILL_PURCHASE", when: holdsGoods },
  {
    name: "cancel",
    words: "Call off",
    look: "danger",
    seldom: true,
    permission: "MILL_PURCHASE",
    when: ({ status }) => status === "DRAFT",
  },
];

export function possibleActs(
  purchase: Standing,
  permissions: readonly string[],
): readonly OfferedAct<PurchaseActName>[] {
  return RULES.filter(({ permission, when }) => permissions.includes(permission) && when(purchase));
}
