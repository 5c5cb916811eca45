/** Starting a production, which takes its materials, and finishing it, which brings in what was milled. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CompleteProductionDocument,
  ProductionDocument,
  type ProductionQuery,
  StartProductionDocument,
} from "@/graphql/milling";
import { inPercent, Loaded, TextField, toast } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { Sums } from "../Sums";
import type { Order } from "./rows";
import { measured, quantity } from "./words";

interface ActProps {
  readonly order: Order;
  readonly onClose: () => void;
}

type Line = NonNullable<ProductionQuery["production"]>["lines"][number];

export function Start({ order, onClose }: ActProps): ReactNode {
  const production = useQuery(ProductionDocument, { id: order.id });
  const act = useKeyedAct(StartProductionDocument, ({ startProduction }) => {
    toast({
      tone: "good",
      title: `${order.number} is being milled`,
      body: `The materials cost ${startProduction.production?.inputCost.formatted ?? ""}.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Start ${order.number}`}
      submit="Take the materials"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { productionId: order.id } })}
    >
      <p>These materials leave the warehouse, all or none of them:</p>
      <Loaded query={production} lines={2}>
        {(data) => (
          <Sums
            sums={linesOf(data, "INPUT").map(
              (line) => [line.itemName, quantity(line.plannedQuantity ?? 0, "kg")] as const,
            )}
          />
        )}
      </Loaded>
    </ActDialog>
  );
}

function linesOf({ production }: ProductionQuery, role: Line["role"]): Line[] {
  return production?.lines.filter((line) => line.role === role) ?? [];
}

export function Complete({ order, onClose }: ActProps): ReactNode {
  const [made, setMade] = useState(order.plannedQuantity);
  const [beside, setBeside] = useState<Readonly<Record<string, string>>>({});
  const production = useQuery(ProductionDocument, { id: order.id });
  const byProducts = production.data ? linesOf(production.data, "BY_PRODUCT") : [];
  const act = useKeyedAct(CompleteProductionDocument, ({ completeProduction: { production: done } }) => {
    toast({
      tone: "good",
      title: `${order.number} is done`,
      body: `Yield ${done?.yieldPercent ? inPercent(done.yieldPercent) : "–"}, cost ${done?.outputCost.formatted ?? ""}.`,
    });
    onClose();
  });
  const amountOf = (line: Line): string => beside[line.itemId] ?? line.plannedQuantity ?? "0";
  const send = (): void =>
    act.run({
      input: {
        productionId: order.id,
        quantity: plainAmount(made),
        byProducts: byProducts
          .map((line) => ({
            itemId: line.itemId,
            quantity: plainAmount(amountOf(line)),
            costPerUnit: null,
            sharePercent: line.sharePercent,
          }))
          .filter((each) => isPositive(each.quantity, 3)),
      },
    });
  return (
    <ActDialog
      title={`Finish ${order.number}`}
      submit="Bring it in"
      act={act}
      fields={["quantity"]}
      disabled={!isPositive(plainAmount(made), 3) || production.data === undefined}
      onClose={onClose}
      onSubmit={send}
    >
      <TextField
        label={measured(order.itemName, order.item?.baseUnit ?? "kg")}
        hint={`${quantity(order.plannedQuantity, order.item?.baseUnit ?? "kg")} were planned`}
        inputMode="decimal"
        required
        value={made}
        onChange={setMade}
        error={fieldError(act.error, "quantity")}
      />
      {byProducts.map((line) => (
        <TextField
          key={line.itemId}
          label={measured(line.itemName, "kg")}
          inputMode="decimal"
          required={false}
          value={amountOf(line)}
          onChange={(value) => setBeside({ ...beside, [line.itemId]: value })}
        />
      ))}
    </ActDialog>
  );
}
