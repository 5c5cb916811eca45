/** The number of a loan, which leads to its page. */
import type { ReactNode } from "react";
import { Link } from "wouter";

import { loanPath } from "./oneLoan";

export function LoanLink({ loan }: { readonly loan: { readonly id: string; readonly number: string } }): ReactNode {
  return (
    <Link href={loanPath(loan.id)} className="number">
      {loan.number}
    </Link>
  );
}
