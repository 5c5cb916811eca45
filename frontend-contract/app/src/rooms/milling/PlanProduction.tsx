/** Planning a production: what it takes, what of it is missing and about what it costs move while the quantity is typed. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  BillsOfMaterialsDocument,
  CreateProductionDocument,
  ProductionPlanDocument,
  type ProductionPlanQuery,
  StockUpdatedDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import { Badge, Money, Notice, SelectField, Table, TextField, toast, today } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { useSettled } from "../useSettled";
import { measured, quantity } from "./words";

const FIELDS = ["quantity", "bomId", "warehouseId", "plannedOn"];

export function PlanProduction({ onClose }: { readonly onClose: () => void }): ReactNode {
  const bills = useQuery(BillsOfMaterialsDocument, { first: 100 });
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const [form, setForm] = useState({ bomId: "", warehouseId: "", wanted: "", plannedOn: today() });
  const bom =
    bills.data?.billsOfMaterials.nodes.find(({ id }) => id === form.bomId) ?? bills.data?.billsOfMaterials.nodes.at(-1);
  const places = [...(warehouses.data?.warehouses.nodes ?? [])].sort(
    (first, second) => Number(second.used) - Number(first.used),
  );
  const warehouseId = form.warehouseId || places[0]?.id;
  const wanted = plainAmount(form.wanted);
  const asked = bom && warehouseId && isPositive(wanted, 3) ? { bomId: bom.id, quantity: wanted, warehouseId } : null;
  const create = useKeyedAct(CreateProductionDocument, ({ createProduction: { production } }) => {
    toast({
      tone: "good",
      title: `${production?.number ?? "It"} is planned`,
      body: `${production?.itemName ?? ""}, ${quantity(wanted, bom?.item?.baseUnit ?? "kg")}`,
    });
    onClose();
  });
  return (
    <ActDialog
      title="Plan a production"
      submit="Plan it"
      wide
      act={create}
      fields={FIELDS}
      disabled={asked === null}
      onClose={onClose}
      onSubmit={() =>
        asked && create.run({ input: { ...asked, plannedOn: form.plannedOn, upTo: "PLANNED", note: "" } })
      }
    >
      <div className={rooms.pair}>
        <SelectField
          label="What"
          options={bills.data?.billsOfMaterials.nodes.map(({ id, name }) => [id, name] as const) ?? []}
          value={bom?.id}
          onChange={(bomId) => setForm({ ...form, bomId })}
          error={fieldError(create.error, "bomId")}
        />
        <TextField
          label={measured("How much", bom?.item?.baseUnit ?? "kg")}
          inputMode="decimal"
          required
          value={form.wanted}
          onChange={(value) => setForm({ ...form, wanted: value })}
          error={fieldError(create.error, "quantity")}
        />
        <SelectField
          label="Materials from"
          options={places.map(({ id, name }) => [id, name] as const)}
          value={warehouseId}
          onChange={(id) => setForm({ ...form, warehouseId: id })}
          error={fieldError(create.error, "warehouseId")}
        />
        <TextField
          label="For"
          type="date"
          value={form.plannedOn}
          onChange={(plannedOn) => setForm({ ...form, plannedOn })}
          error={fieldError(create.error, "plannedOn")}
        />
      </div>
      <LivePlan asked={asked} />
    </ActDialog>
  );
}

/** What the production takes, as stock stands now. */
function LivePlan({
  asked,
}: {
  readonly asked: { bomId: string; quantity: string; warehouseId: string } | null;
}): ReactNode {
  const settled = useSettled(asked);
  const plan = useQuery(ProductionPlanDocument, settled!, {
    skip: settled === null,
    keepPrevious: true,
    live: [{ document: StockUpdatedDocument }],
  });
  const shown = settled === null ? null : plan.data?.productionPlan;
  if (!shown) return <p className="muted small">Say how much, and see what it takes.</p>;
  return (
    <>
      {shown.canStart ? (
        <Notice tone="good">
          Everything is there. It will cost about {shown.outputCost?.formatted ?? "–"}
          {shown.costPerUnit && `, ${Number(shown.costPerUnit).toFixed(2)} a ${shown.item.baseUnit}`}.
        </Notice>
      ) : (
        <Notice tone="warn">
          There is enough for {quantity(shown.possibleQuantity, shown.item.baseUnit)}. It can be planned, and started
          when the rest has come.
        </Notice>
      )}
      <Table<Material>
        caption="What it takes"
        rows={shown.materials}
        rowKey={({ item }) => item.id}
        columns={[
          { title: "Material", heading: true, cell: ({ item }) => item.name },
          { title: "Needed", numeric: true, cell: ({ needed, item }) => quantity(needed, item.baseUnit) },
          { title: "There", numeric: true, cell: ({ available, item }) => quantity(available, item.baseUnit) },
          {
            title: "Missing",
            numeric: true,
            cell: ({ missing, item }) =>
              Number(missing) > 0 ? <Badge tone="bad">{quantity(missing, item.baseUnit)}</Badge> : "–",
          },
          { title: "Cost", numeric: true, cell: ({ cost }) => <Money money={cost} /> },
        ]}
      />
    </>
  );
}

type Material = NonNullable<ProductionPlanQuery["productionPlan"]>["materials"][number];
