/** What the goods of a purchase cost besides their price, such as freight and duty: adding it, and taking it off again. */
import { useState, type ReactNode } from "react";

import { AddLandedCostDocument, CancelLandedCostDocument, type PurchaseQuery } from "@/graphql/milling";
import type { LandedCostBasis } from "@/graphql/schema";
import { Badge, type Column, Money, MoneyField, SelectField, TextField, toast } from "@/kit";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { isPositive } from "../decimals";
import { SayDialog } from "../SayDialog";
import type { PurchaseActProps } from "./purchasing";
import { UndoableList } from "./Undo";

type Cost = NonNullable<PurchaseQuery["purchase"]>["landedCosts"][number];

const BASES: readonly (readonly [LandedCostBasis, string])[] = [
  ["VALUE", "By what each of them cost"],
  ["QUANTITY", "By how much came of each"],
];

export function AddLandedCost({ purchase, currency, onClose }: PurchaseActProps): ReactNode {
  const [cost, setCost] = useState({ amount: "", description: "", allocateBy: "VALUE" as LandedCostBasis });
  const act = useKeyedAct(AddLandedCostDocument, ({ addLandedCost: { landedCost } }) => {
    toast({
      tone: "good",
      title: `${landedCost?.amount.formatted ?? ""} is added`,
      body: `The goods of ${purchase.number} cost that much more.`,
    });
    onClose();
  });
  const { amount, ...said } = cost;
  return (
    <ActDialog
      title={`Add freight to ${purchase.number}`}
      submit="Add it"
      act={act}
      fields={["amount", "description"]}
      disabled={!isPositive(amount)}
      onClose={onClose}
      onSubmit={() => act.run({ input: { purchaseId: purchase.id, amount: { amount, currency }, ...said } })}
    >
      <TextField
        label="What for"
        required
        maxLength={300}
        placeholder="Lorry from Eldoret"
        value={cost.description}
        onChange={(description) => setCost({ ...cost, description })}
        error={fieldError(act.error, "description")}
      />
      <MoneyField
        label="Amount"
        currency={currency}
        required
        value={amount}
        onChange={(value) => setCost({ ...cost, amount: value })}
        error={fieldError(act.error, "amount")}
      />
      <SelectField
        label="Shared among the goods"
        options={BASES}
        value={cost.allocateBy}
        onChange={(allocateBy) => setCost({ ...cost, allocateBy: allocateBy as LandedCostBasis })}
      />
    </ActDialog>
  );
}

export function LandedCosts({ costs }: { readonly costs: readonly Cost[] }): ReactNode {
  return (
    <UndoableList
      title="Freight and the like"
      caption="What else the goods cost"
      rows={costs}
      columns={COLUMNS}
      undo={{
        words: "Take off",
        permissions: ["MILL_BILL"],
        when: ({ status }) => status === "POSTED",
        Dialog: TakeOff,
      }}
    />
  );
}

const COLUMNS: readonly Column<Cost>[] = [
  { title: "Cost", heading: true, cell: ({ number }) => <span className="number">{number}</span> },
  { title: "For", cell: ({ description }) => description },
  {
    title: "State",
    cell: ({ status }) => (status === "POSTED" ? <Badge tone="good">Added</Badge> : <Badge>Taken off</Badge>),
  },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
];

function TakeOff({ row: cost, onClose }: { readonly row: Cost; readonly onClose: () => void }): ReactNode {
  const act = useKeyedAct(CancelLandedCostDocument, () => {
    toast({ title: `${cost.number} is taken off`, body: cost.description });
    onClose();
  });
  return (
    <SayDialog
      title={`Take ${cost.number} off?`}
      submit="Take it off"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { landedCostId: cost.id, reason } })}
    >
      <p>
        {cost.description}: the goods cost {cost.amount.formatted} less, as if it had never been added.
      </p>
    </SayDialog>
  );
}
