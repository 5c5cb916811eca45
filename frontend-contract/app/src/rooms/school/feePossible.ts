/** What may be done with a fee as it stands, by whom. The server decides in the end; this says what to offer. */
import type { FeeStatus, Permission } from "@/graphql/schema";

export type FeeAct = "DELETE" | "PAY" | "REFUND" | "USE_ADVANCE";

interface Payable {
  readonly status: FeeStatus;
  readonly deletedAt: string | null;
  readonly amountPaid: { readonly amount: string };
}

export function isOwed({ status }: { readonly status: FeeStatus }): boolean {
  return status === "UNPAID" || status === "PARTIALLY_PAID";
}

export function feeActsOf(fee: Payable, permissions: readonly string[], inAdvance: boolean): ReadonlySet<FeeAct> {
  if (fee.deletedAt !== null) return new Set();
  const may = (...any: Permission[]): boolean => any.some((permission) => permissions.includes(permission));
  const possible: Record<FeeAct, boolean> = {
    PAY: isOwed(fee) && may("FEES_COLLECT", "WARDS_READ"),
    USE_ADVANCE: isOwed(fee) && inAdvance && may("FEES_COLLECT"),
    REFUND: Number(fee.amountPaid.amount) > 0 && may("FEES_MANAGE"),
    DELETE: may("FEES_MANAGE"),
  };
  return new Set((Object.keys(possible) as FeeAct[]).filter((act) => possible[act]));
}
