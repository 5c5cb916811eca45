/** What is known of a loan: its terms, and the way that it took. */
import type { ReactNode } from "react";

import { Badge, Card, Day, Facts, humanise, inPercent, Money, Time } from "@/kit";

import type { LoanFull } from "./oneLoan";
import { LOAN_STATUS } from "./words";

export function LoanFacts({ loan }: { readonly loan: LoanFull }): ReactNode {
  const status = LOAN_STATUS[loan.status];
  return (
    <>
      <Card title="The loan">
        <Facts
          facts={[
            [
              "State",
              <Badge key="" tone={status.tone}>
                {status.word}
              </Badge>,
            ],
            ["Asked for", <Money key="" money={loan.requestedPrincipal} />],
            ...(loan.approvedPrincipal
              ? [["Agreed to", <Money key="" money={loan.approvedPrincipal} />] as const]
              : []),
            ["Instalments", loan.instalmentCount],
            ["Rate", `${inPercent(loan.annualRate)} a year`],
            ["For", loan.purpose === "" ? "–" : loan.purpose],
            ["Officer", loan.officer?.name ?? "Nobody yet"],
            ["Paid out", <Day key="" on={loan.disbursedOn} />],
            ["Ends", <Day key="" on={loan.maturityOn} />],
          ]}
        />
      </Card>
      <Card title="Its way">
        <Facts
          facts={[
            ["Handed in", <Time key="" at={loan.submittedAt} />],
            [
              "Reviewed",
              <>
                {loan.recommendation && `${humanise(loan.recommendation)}, `}
                <Time at={loan.reviewedAt} />
              </>,
            ],
            ...(loan.kycRequired ? [["Identity verified", <Time key="" at={loan.kycVerifiedAt} />] as const] : []),
            ["Decided", <Time key="" at={loan.approvedAt} />],
            ...(loan.reviewComment ? [["The review said", loan.reviewComment] as const] : []),
            ...(loan.decisionComment ? [["The decision said", loan.decisionComment] as const] : []),
          ]}
        />
      </Card>
    </>
  );
}
