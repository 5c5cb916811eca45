/** What the reader may do with a loan as it stands now: one button for each act, and the dialog that asks what it needs. */
import { type ComponentType, type ReactNode, useState } from "react";

import { AssignLoanOfficerDocument } from "@/graphql/lending";
import { Button, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { keepFocusNear } from "../focus";
import { useAct } from "../forms";
import { actsOn, type LoanAct } from "./acts";
import { Approve, Disburse, Reject, Review, Submit, VerifyIdentity, Withdraw } from "./Deciding";
import type { LoanActProps, LoanFull } from "./oneLoan";
import { PayFromWallet, PayOff, RecordRepayment } from "./PayLoan";

interface Offered {
  readonly act: LoanAct;
  readonly words: string;
  readonly look?: "primary" | "danger";
  readonly Dialog: ComponentType<LoanActProps>;
}

const OFFERED: readonly Offered[] = [
  { act: "SUBMIT", words: "Hand it in", look: "primary", Dialog: Submit },
  { act: "REVIEW", words: "Review", look: "primary", Dialog: Review },
  { act: "VERIFY", words: "Verify identity", look: "primary", Dialog: VerifyIdentity },
  { act: "APPROVE", words: "Approve", look: "primary", Dialog: Approve },
  { act: "REJECT", words: "Reject", look: "danger", Dialog: Reject },
  { act: "DISBURSE", words: "Pay out", look: "primary", Dialog: Disburse },
  { act: "PAY", words: "Pay", look: "primary", Dialog: withPayable(PayFromWallet) },
  { act: "RECORD", words: "Record payment", look: "primary", Dialog: withPayable(RecordRepayment) },
  { act: "PAY_OFF", words: "Pay off", Dialog: PayOff },
  { act: "WITHDRAW", words: "Take it back", Dialog: Withdraw },
];

function withPayable(Dialog: typeof PayFromWallet): ComponentType<LoanActProps> {
  return function Pay({ loan, onClose }) {
    return <Dialog loan={{ ...loan, due: { ...loan.nextDueAmount, currency: loan.currency } }} onClose={onClose} />;
  };
}

export function LoanActs({ loan }: { readonly loan: LoanFull }): ReactNode {
  const acts = actsOn(loan, usePerson());
  const [open, setOpen] = useState<Offered | null>(null);
  return (
    <>
      {acts.has("TAKE_ON") && <TakeOn loan={loan} />}
      {OFFERED.filter(({ act }) => acts.has(act)).map((offered) => (
        <Button key={offered.act} look={offered.look} onClick={() => setOpen(offered)}>
          {offered.words}
        </Button>
      ))}
      {open && <open.Dialog loan={loan} onClose={() => setOpen(null)} />}
    </>
  );
}

/** An application that nobody looks after becomes the officer's by one press. */
function TakeOn({ loan }: { readonly loan: LoanFull }): ReactNode {
  const { id: officerId } = usePerson();
  const take = useAct(AssignLoanOfficerDocument, () => toast({ tone: "good", title: `${loan.number} is yours` }));
  return (
    <Button
      busy={take.busy}
      onClick={({ currentTarget }) => {
        keepFocusNear(currentTarget);
        take.run({ input: { loanId: loan.id, officerId } });
      }}
    >
      Take it on
    </Button>
  );
}
