/** Ordering goods: from whom, for which warehouse and what, at the price that was paid last unless another is said. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CreatePurchaseDocument,
  ItemsDocument,
  type ItemsQuery,
  SuppliersDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import { SelectField, TextField, toast, today } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { type GoodsLine, GoodsLines, ONE_LINE } from "./GoodsLines";
import { InAll } from "./InAll";
import { purchasePath } from "./rows";
import { quantity } from "./words";

const FIELDS = ["name", "quantity", "expectedOn", "supplierId", "warehouseId"];
const SOMEBODY_NEW = "";

type Item = ItemsQuery["items"]["nodes"][number];

interface NewPurchaseProps {
  readonly currency: string;
  readonly onClose: () => void;
}

export function NewPurchase({ currency, onClose }: NewPurchaseProps): ReactNode {
  const suppliers = useQuery(SuppliersDocument, { first: 100 });
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const items = useQuery(ItemsDocument, { first: 100 });
  const [form, setForm] = useState({
    supplierId: null as string | null,
    newName: "",
    warehouseId: "",
    expectedOn: "",
    upTo: "DRAFT" as "DRAFT" | "RECEIVED",
  });
  const [typed, setLines] = useState(ONE_LINE);
  const goods = items.data?.items.nodes ?? [];
  const itemOf = ({ itemId }: GoodsLine): Item | undefined => goods.find(({ id }) => id === itemId);
  const lines = typed.map((line) => {
    const itemId = line.itemId || (goods[0]?.id ?? "");
    return { ...line, itemId, price: line.price ?? lastPrice(goods.find(({ id }) => id === itemId)) };
  });
  const bought = lines.map((line) => ({
    itemId: line.itemId,
    quantity: plainAmount(line.wanted),
    price: plainAmount(line.price),
  }));
  const supplierId = form.supplierId ?? suppliers.data?.suppliers.nodes[0]?.id ?? SOMEBODY_NEW;
  const warehouseId = form.warehouseId || warehouses.data?.warehouses.nodes[0]?.id;
  const named = supplierId !== SOMEBODY_NEW || form.newName.trim() !== "";
  const ready =
    warehouseId !== undefined &&
    named &&
    bought.every((line) => line.itemId !== "" && isPositive(line.quantity, 3) && isPositive(line.price));
  const create = useKeyedAct(CreatePurchaseDocument, ({ createPurchase: { purchase } }) => {
    toast({
      tone: "good",
      title: `${purchase?.number ?? "It"} is ${form.upTo === "DRAFT" ? "ordered" : "in"}`,
      body: `${purchase?.supplierName ?? ""}: ${purchase?.amount.formatted ?? ""}`,
      href: purchase ? purchasePath(purchase.id) : undefined,
    });
    onClose();
  });
  const send = (): void => {
    if (!ready) return;
    create.run({
      input: {
        ...(supplierId === SOMEBODY_NEW
          ? { newSupplier: { name: form.newName.trim(), address: "", taxNumber: "", paymentDays: 0 } }
          : { supplierId }),
        warehouseId,
        lines: bought.map(({ price, ...line }) => ({ ...line, unitPrice: { amount: price, currency } })),
        upTo: form.upTo,
        reference: "",
        note: "",
        ...(form.upTo === "DRAFT" && form.expectedOn !== "" && { expectedOn: form.expectedOn }),
      },
    });
  };
  return (
    <ActDialog
      title="Order goods"
      submit={form.upTo === "DRAFT" ? "Order them" : "Bring them in"}
      wide
      act={create}
      fields={FIELDS}
      disabled={!ready}
      onClose={onClose}
      onSubmit={send}
    >
      <div className={rooms.pair}>
        <SelectField
          label="From"
          options={[
            ...(suppliers.data?.suppliers.nodes ?? []).map(({ id, name }) => [id, name] as const),
            [SOMEBODY_NEW, "A new supplier"],
          ]}
          value={supplierId}
          onChange={(id) => setForm({ ...form, supplierId: id })}
          error={fieldError(create.error, "supplierId")}
        />
        {supplierId === SOMEBODY_NEW && (
          <TextField
            label="The supplier's name"
            required
            value={form.newName}
            onChange={(newName) => setForm({ ...form, newName })}
            error={fieldError(create.error, "name")}
          />
        )}
        <SelectField
          label="Into"
          options={(warehouses.data?.warehouses.nodes ?? []).map(({ id, name }) => [id, name] as const)}
          value={warehouseId}
          onChange={(id) => setForm({ ...form, warehouseId: id })}
          error={fieldError(create.error, "warehouseId")}
        />
      </div>
      <GoodsLines
        lines={lines}
        goods={goods.map(({ id, name }) => [id, name] as const)}
        currency={currency}
        unitOf={(line) => itemOf(line)?.baseUnit}
        hintOf={(line) => thereNow(itemOf(line), warehouseId)}
        problemOf={(line) => (line.key === lines[0]?.key ? fieldError(create.error, "quantity") : undefined)}
        onChange={setLines}
      />
      <div className={rooms.pair}>
        <SelectField
          label="How far"
          options={[
            ["DRAFT", "It is ordered, and comes later"],
            ["RECEIVED", "The goods are here already"],
          ]}
          value={form.upTo}
          onChange={(upTo) => setForm({ ...form, upTo: upTo as typeof form.upTo })}
        />
        {form.upTo === "DRAFT" && (
          <TextField
            label="Expected"
            type="date"
            required={false}
            min={today()}
            value={form.expectedOn}
            onChange={(expectedOn) => setForm({ ...form, expectedOn })}
            error={fieldError(create.error, "expectedOn")}
          />
        )}
      </div>
      <InAll lines={bought} currency={currency} />
    </ActDialog>
  );
}

/** What one base unit cost when it was bought last, as a price to begin with. */
function lastPrice(item: Item | undefined): string {
  return item?.lastPurchase ? Number(item.lastPurchase.unitCost).toFixed(2) : "";
}

function thereNow(item: Item | undefined, warehouseId: string | undefined): ReactNode {
  if (!item) return null;
  const level = item.stock.find((each) => each.warehouseId === warehouseId);
  return `${quantity(level?.onHand ?? 0, item.baseUnit)} are there`;
}
