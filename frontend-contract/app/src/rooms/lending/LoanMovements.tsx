/** The statement of a loan: what moved on it, and undoing a payment that bounced. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import {
  LoanTransactionsDocument,
  type LoanTransactionsQuery,
  LoanUpdatedDocument,
  ReverseLoanRepaymentDocument,
} from "@/graphql/lending";
import { Badge, Button, Card, Day, humanise, Money, MoneyField, Notice, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { fieldError, useKeyedAct } from "../forms";
import { LongTable } from "../LongTable";
import { SayDialog } from "../SayDialog";
import { useGrowing } from "../useGrowing";
import { actsOn } from "./acts";
import type { LoanFull } from "./oneLoan";
import { CHANNEL } from "./words";

type Movement = LoanTransactionsQuery["loanTransactions"]["nodes"][number];

export function Movements({ loan }: { readonly loan: LoanFull }): ReactNode {
  const pages = useGrowing(10);
  const [undoing, setUndoing] = useState<Movement | null>(null);
  const mayUndo = actsOn(loan, usePerson()).has("UNDO_PAYMENT");
  const query = useQuery(
    LoanTransactionsDocument,
    { loanId: loan.id, first: pages.first },
    { live: [{ document: LoanUpdatedDocument, variables: { loanId: loan.id } }], keepPrevious: true },
  );
  return (
    <Card title="What moved" flush>
      <LongTable
        query={query}
        list={({ loanTransactions }) => loanTransactions}
        pages={pages}
        what="movements"
        caption="What moved on the loan"
        rowKey={({ id }) => id}
        columns={[
          { title: "Day", heading: true, cell: ({ happenedOn }) => <Day on={happenedOn} /> },
          {
            title: "What",
            cell: ({ kind, reversed }) => (
              <span>
                {humanise(kind)} {reversed && <Badge>undone</Badge>}
              </span>
            ),
          },
          {
            title: "By",
            cell: ({ channel, reference }) =>
              channel ? `${CHANNEL[channel]}${reference ? ` · ${reference}` : ""}` : "–",
          },
          { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
          ...(mayUndo
            ? [
                {
                  title: "Act",
                  quiet: true,
                  cell: (movement: Movement) =>
                    movement.kind === "REPAYMENT" &&
                    !movement.reversed && (
                      <Button size="small" onClick={() => setUndoing(movement)}>
                        Undo<span className="unseen"> the payment of {movement.amount.formatted}</span>
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
      {undoing && <UndoPayment loan={loan} payment={undoing} onClose={() => setUndoing(null)} />}
    </Card>
  );
}

interface UndoPaymentProps {
  readonly loan: LoanFull;
  readonly payment: Movement;
  readonly onClose: () => void;
}

function UndoPayment({ loan, payment, onClose }: UndoPaymentProps): ReactNode {
  const [fee, setFee] = useState("");
  const undo = useKeyedAct(ReverseLoanRepaymentDocument, ({ reverseLoanRepayment: { loan: after } }) => {
    toast({
      tone: "good",
      title: `${payment.amount.formatted} is undone`,
      body: after ? `${loan.number}: ${after.outstandingAmount.formatted} is outstanding.` : undefined,
    });
    onClose();
  });
  return (
    <SayDialog
      title="Undo this payment?"
      submit="Undo it"
      danger
      act={undo}
      field="reason"
      fields={["nsfFee"]}
      label="Why"
      onClose={onClose}
      onSubmit={(reason) =>
        undo.run({
          input: {
            transactionId: payment.id,
            reason,
            ...(fee !== "" && { nsfFee: { amount: fee, currency: loan.currency } }),
          },
        })
      }
    >
      <Notice tone="warn">
        {payment.amount.formatted} of <Day on={payment.happenedOn} /> is taken back. Later payments are applied anew.
      </Notice>
      <MoneyField
        label="Fee for a payment that bounced"
        required={false}
        currency={loan.currency}
        value={fee}
        onChange={setFee}
        error={fieldError(undo.error, "nsfFee")}
      />
    </SayDialog>
  );
}
