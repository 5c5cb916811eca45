/** A receipt as it was given. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { ReceiptDocument, type ReceiptQuery } from "@/graphql/school";
import { Badge, Day, Dialog, humanise, Loaded, Money, Notice } from "@/kit";

import { useReturnOfFocus } from "../focus";
import { Sums } from "../Sums";
import { METHOD } from "./words";

interface ReceiptProps {
  readonly number: string;
  readonly onClose: () => void;
}

export function Receipt({ number, onClose }: ReceiptProps): ReactNode {
  useReturnOfFocus();
  const query = useQuery(ReceiptDocument, { number });
  return (
    <Dialog open title={`Receipt ${number}`} onClose={onClose}>
      <Loaded query={query}>
        {({ receipt }) =>
          receipt ? <Given receipt={receipt} /> : <Notice tone="warn">There is no such receipt for you to see.</Notice>
        }
      </Loaded>
    </Dialog>
  );
}

function Given({ receipt }: { readonly receipt: NonNullable<ReceiptQuery["receipt"]> }): ReactNode {
  return (
    <div className="stack">
      {receipt.takenBack && <Badge tone="bad">Taken back</Badge>}
      <Sums
        sums={[
          ["For", receipt.studentName],
          [receipt.feeNumber ?? "In advance", receipt.title],
          ["Paid", <Day key="" on={receipt.paidOn} />],
          ["By", `${METHOD[receipt.method]}${receipt.reference ? `, ${receipt.reference}` : ""}`],
          ...receipt.lines.map(
            ({ category, dueOn, amount }) =>
              [
                <>
                  {humanise(category)}, due <Day on={dueOn} />
                </>,
                <Money key="" money={amount} />,
              ] as const,
          ),
          [
            "Received",
            <strong key="">
              <Money money={receipt.amount} />
            </strong>,
          ],
          ["Paid in all", <Money key="" money={receipt.paidInAll} />],
          ["Outstanding", <Money key="" money={receipt.outstanding} />],
        ]}
      />
    </div>
  );
}
