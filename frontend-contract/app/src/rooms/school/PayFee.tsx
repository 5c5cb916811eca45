/** Paying a fee: at the desk of the school, or out of a guardian's wallet. */
import { useState, type ReactNode } from "react";

import { PayFeeDocument } from "@/graphql/school";
import { LiveMoney, Money, MoneyField, type MoneyShape, toast } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { FromWallet } from "../FromWallet";
import { Sums } from "../Sums";
import { type CameToDesk, DeskFields, IN_CASH } from "./DeskFields";

export interface OpenFee {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly studentName: string;
  readonly amountDue: MoneyShape;
  readonly outstanding: { readonly amount: string; readonly currency: string; readonly formatted: string };
}

interface PayFeeProps {
  readonly fee: OpenFee;
  readonly by: "DESK" | "WALLET";
  readonly onClose: () => void;
}

export function PayFee({ fee, by, onClose }: PayFeeProps): ReactNode {
  const [amount, setAmount] = useState(fee.outstanding.amount);
  const [came, setCame] = useState<CameToDesk>(by === "WALLET" ? { method: "WALLET", reference: "" } : IN_CASH);
  const { currency } = fee.outstanding;
  const act = useKeyedAct(PayFeeDocument, ({ payFee }) => {
    toast({
      tone: "good",
      title: payFee.message ?? "Paid",
      body: `Receipt ${payFee.receipt?.number ?? ""}: ${payFee.receipt?.amount.formatted ?? ""}`,
    });
    onClose();
  });
  const input = { feeId: fee.id, amount: { amount, currency }, ...came, note: "" };
  return (
    <ActDialog
      title={`${fee.title}, ${fee.studentName}`}
      submit={by === "WALLET" ? "Pay from my wallet" : "Take the money"}
      act={act}
      fields={["amount", "reference"]}
      onClose={onClose}
      onSubmit={() => act.run({ input })}
    >
      {by === "WALLET" ? (
        <FromWallet owed={fee.outstanding} amount={amount} error={act.error} onChange={setAmount} />
      ) : (
        <>
          <Sums
            sums={[
              ["Fee", fee.number],
              ["Asked for", <Money key="" money={fee.amountDue} />],
              ["Outstanding", <LiveMoney key="" money={fee.outstanding} />],
            ]}
          />
          <MoneyField
            label="Amount"
            currency={currency}
            required
            value={amount}
            onChange={setAmount}
            error={fieldError(act.error, "amount")}
          />
          <DeskFields came={came} error={act.error} onChange={setCame} />
        </>
      )}
    </ActDialog>
  );
}
