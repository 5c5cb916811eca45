/** Goods of a sale come back into their warehouse: how much of each, why, and whether money goes back with them at once. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import { CreateSaleReturnDocument, SaleDocument, type SaleQuery } from "@/graphql/milling";
import type { MillPaymentMethod } from "@/graphql/schema";
import { Loaded, SelectField, TextField, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { isPositive, plainAmount } from "../decimals";
import { fieldError, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";
import { METHODS } from "./PaymentDialog";
import type { SaleActProps } from "./selling";
import { measured, quantity } from "./words";

type Line = NonNullable<SaleQuery["sale"]>["lines"][number];

/** Nothing is given back at once: what the goods were sold for is taken off what the customer owes. */
const SET_OFF = "";

export function TakeBack({ sale, onClose }: SaleActProps): ReactNode {
  const query = useQuery(SaleDocument, { id: sale.id });
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [refund, setRefund] = useState<{ method: MillPaymentMethod | typeof SET_OFF; reference: string }>({
    method: SET_OFF,
    reference: "",
  });
  const act = useKeyedAct(CreateSaleReturnDocument, ({ createSaleReturn: { saleReturn, sale: after } }) => {
    toast({
      tone: "good",
      title: `${saleReturn?.number ?? "It"}: ${saleReturn?.amount.formatted ?? ""} came back`,
      body: `${sale.number}: ${after?.dueAmount.formatted ?? ""} is owed.`,
    });
    onClose();
  });
  const lines = query.data?.sale?.lines ?? [];
  const back = lines
    .map(({ id }) => ({ lineId: id, quantity: plainAmount(typed[id] ?? "") }))
    .filter((line) => isPositive(line.quantity, 3));
  const refunded = refund.method !== SET_OFF && { refundMethod: refund.method, refundReference: refund.reference };
  return (
    <SayDialog
      title={`Take goods of ${sale.number} back`}
      submit="Take them back"
      act={act}
      field="reason"
      label="Why"
      fields={["quantity", "refundReference"]}
      disabled={back.length === 0}
      onClose={onClose}
      onSubmit={(reason) =>
        act.run({ input: { saleId: sale.id, lines: back, reason, refundReference: "", ...refunded } })
      }
    >
      <Loaded query={query} lines={2}>
        {() =>
          lines.map((line, index) => (
            <TextField
              key={line.id}
              autoFocus={index === 0}
              label={measured(line.itemName, line.unit)}
              hint={`${quantity(withCustomer(line), line.unit)} can come back`}
              inputMode="decimal"
              required={false}
              value={typed[line.id] ?? ""}
              onChange={(value) => setTyped({ ...typed, [line.id]: value })}
              error={fieldError(act.error, "quantity")}
            />
          ))
        }
      </Loaded>
      <Refund {...refund} error={fieldError(act.error, "refundReference")} onChange={setRefund} />
    </SayDialog>
  );
}

/** What has not come back yet, in the unit that it was sold in. */
function withCustomer({ quantity: sold, baseQuantity, returnedQuantity }: Line): number {
  return (Number(sold) * (Number(baseQuantity) - Number(returnedQuantity))) / Number(baseQuantity);
}

interface RefundProps {
  readonly method: MillPaymentMethod | typeof SET_OFF;
  readonly reference: string;
  readonly error: string | undefined;
  readonly onChange: (refund: Pick<RefundProps, "method" | "reference">) => void;
}

/** Money goes out of the till at once only by who keeps it. */
function Refund({ method, reference, error, onChange }: RefundProps): ReactNode {
  const mayPay = usePerson().permissions.includes("MILL_BILL");
  if (!mayPay) return null;
  const byPhone = method === "MPESA";
  return (
    <>
      <SelectField
        label="What was paid for them"
        options={[
          [SET_OFF, "Is taken off what is owed"],
          ...METHODS.map(([each, word]) => [each, `Goes back: ${word}`] as const),
        ]}
        value={method}
        onChange={(chosen) => onChange({ method: chosen as RefundProps["method"], reference })}
      />
      {method !== SET_OFF && (
        <TextField
          label={byPhone ? "M-Pesa code" : "Reference"}
          required={byPhone}
          value={reference}
          onChange={(value) => onChange({ method, reference: value })}
          error={error}
        />
      )}
    </>
  );
}
