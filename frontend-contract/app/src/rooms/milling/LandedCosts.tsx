/** What the goods of a purchase cost besides their price, such as freight and duty: adding it, and taking it off again. */
import { useState, type ReactNode } from "react";

import { AddLandedCostDocument, CancelLandedCostDocument, type PurchaseQuery } from "@/graphql/milling";
import type { LandedCostBasis } from "@/graphql/schema";
import { Badge, Button, Card, type Column, Money, MoneyField, SelectField, Table, TextField, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { isPositive } from "../decimals";
import { SayDialog } from "../SayDialog";
import type { PurchaseActProps } from "./purchasing";

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
  const [ending, setEnding] = useState<Cost | null>(null);
  const mayEnd = usePerson().permissions.includes("MILL_BILL");
  if (costs.length === 0) return null;
  return (
    <Card title="Freight and the like" flush>
      <Table
        caption="What else the goods cost"
        rows={costs}
        rowKey={({ id }) => id}
        columns={[...COLUMNS, ...(mayEnd ? [endColumn(setEnding)] : [])]}
      />
      {ending && <TakeOff cost={ending} onClose={() => setEnding(null)} />}
    </Card>
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

function endColumn(end: (cost: Cost) => void): Column<Cost> {
  return {
    title: "Act",
    quiet: true,
    cell: (cost) =>
      cost.status === "POSTED" && (
        <Button size="small" onClick={() => end(cost)}>
          Take off<span className="unseen"> {cost.number}</span>
        </Button>
      ),
  };
}

function TakeOff({ cost, onClose }: { readonly cost: Cost; readonly onClose: () => void }): ReactNode {
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
