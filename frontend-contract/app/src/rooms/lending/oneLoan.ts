/** A loan as its page knows it, and where that page is. */
import type { LoanQuery } from "@/graphql/lending";

export type LoanFull = NonNullable<LoanQuery["loan"]>;

/** A dialog of one act on a loan. */
export interface LoanActProps {
  readonly loan: LoanFull;
  readonly onClose: () => void;
}

export function loanPath(id: string): string {
  return `/lending/loans/${encodeURIComponent(id)}`;
}
