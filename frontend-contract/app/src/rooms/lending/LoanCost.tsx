/** What an application would cost its borrower, before there is a plan: by the same rules as the plan itself. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { LoanQuoteDocument } from "@/graphql/lending";
import { Loaded } from "@/kit";

import type { LoanFull } from "./oneLoan";
import { QuoteCard } from "./QuoteCard";

interface LoanCostProps {
  readonly loan: LoanFull;
  readonly productId: string;
}

export function LoanCost({ loan, productId }: LoanCostProps): ReactNode {
  const { currency, instalmentCount } = loan;
  const { amount } = loan.approvedPrincipal ?? loan.requestedPrincipal;
  const input = { productId, principal: { amount, currency }, instalments: instalmentCount, purpose: "" };
  const quote = useQuery(LoanQuoteDocument, { input });
  return (
    <Loaded query={quote} lines={8}>
      {({ loanQuote }) =>
        loanQuote && <QuoteCard title="What it would cost" quote={loanQuote} currency={currency} behind={false} />
      }
    </Loaded>
  );
}
