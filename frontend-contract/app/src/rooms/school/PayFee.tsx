/** Paying a fee: at the desk of the school, or out of a guardian's wallet. */
import { useState, type ReactNode } from "react";

import type { FeePaymentMethod } from "@/graphql/schema";
import { PayFeeDocument } from "@/graphql/school";
import { LiveMoney, Money, MoneyField, type MoneyShape, SelectField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { Sums } from "../Sums";
import { AT_THE_DESK } from "./words";

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
  const [method, setMethod] = useState<FeePaymentMethod>(by === "WALLET" ? "WALLET" : "CASH");
  const [reference, setReference] = useState("");
  const { currency } = fee.outstanding;
  const act = useKeyedAct(PayFeeDocument, ({ payFee }) => {
    toast({
      tone: "good",
      title: payFee.message ?? "Paid",
      body: `Receipt ${payFee.receipt?.number ?? ""}: ${payFee.receipt?.amount.formatted ?? ""}`,
    });
    onClose();
  });
  const input = { feeId: fee.id, amount: { amount, currency }, method, reference, note: "" };
  return (
    <ActDialog
      title={`${fee.title}, ${fee.studentName}`}
      submit={by === "WALLET" ? "Pay from my wallet" : "Take the money"}
      act={act}
      fields={["amount", "reference"]}
      onClose={onClose}
      onSubmit={() => act.run({ input })}
    >
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
      {by === "DESK" && (
        <>
          <SelectField
            label="How it comes"
            options={AT_THE_DESK}
            value={method}
            onChange={(value) => setMethod(value as FeePaymentMethod)}
          />
          <TextField
            label="Slip or cheque"
            required={false}
            maxLength={60}
            value={reference}
            onChange={setReference}
            error={fieldError(act.error, "reference")}
          />
        </>
      )}
    </ActDialog>
  );
}
