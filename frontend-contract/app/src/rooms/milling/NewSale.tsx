/** Selling: where from, to whom and what, with what there is of each while one chooses. */
import { money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CreateSaleDocument,
  CustomersDocument,
  ItemsDocument,
  type ItemsQuery,
  StockUpdatedDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import { LiveNumber, SelectField, toast } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { type GoodsLine, GoodsLines, ONE_LINE } from "./GoodsLines";
import { InAll } from "./InAll";
import { quantity } from "./words";

type Item = ItemsQuery["items"]["nodes"][number];

interface Good {
  readonly item: Item;
  readonly available: string;
}

/** What the warehouse sells, with how much of it can be had. */
function onSale(items: readonly Item[], warehouseId: string | undefined): Good[] {
  return items.flatMap((item) => {
    const level = item.stock.find((each) => each.warehouseId === warehouseId);
    return level && item.salePrice ? [{ item, available: level.available }] : [];
  });
}

export function NewSale({ currency, onClose }: { readonly currency: string; readonly onClose: () => void }): ReactNode {
  const [form, setForm] = useState({ warehouseId: "", customerId: "", upTo: "DELIVERED" as "DELIVERED" | "CONFIRMED" });
  const [typed, setLines] = useState(ONE_LINE);
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const customers = useQuery(CustomersDocument, { first: 100 });
  const items = useQuery(ItemsDocument, { first: 100 }, { live: [{ document: StockUpdatedDocument }] });
  const places = (warehouses.data?.warehouses.nodes ?? []).filter(
    ({ id }) => onSale(items.data?.items.nodes ?? [], id).length > 0,
  );
  const warehouseId = form.warehouseId || places[0]?.id;
  const goods = onSale(items.data?.items.nodes ?? [], warehouseId);
  const goodOf = ({ itemId }: GoodsLine): Good | undefined => goods.find(({ item }) => item.id === itemId);
  const lines = typed.map((line) => ({ ...line, itemId: line.itemId || (goods[0]?.item.id ?? "") }));
  const sold = lines.map((line) => ({
    itemId: line.itemId,
    quantity: plainAmount(line.wanted),
    price: goodOf(line)?.item.salePrice?.amount ?? "0",
  }));
  const ready = warehouseId !== undefined && sold.every((line) => line.itemId !== "" && isPositive(line.quantity, 3));
  const create = useKeyedAct(CreateSaleDocument, ({ createSale: { sale } }) => {
    toast({
      tone: "good",
      title: `${sale?.number ?? "It"} is ${form.upTo === "DELIVERED" ? "sold" : "ordered"}`,
      body: `${sale?.customerName ?? ""}: ${sale?.amount.formatted ?? ""}`,
    });
    onClose();
  });
  const problemOf = (line: GoodsLine): string | undefined => {
    const wanted = plainAmount(line.wanted);
    const available = goodOf(line)?.available;
    if (available && isPositive(wanted, 3) && money.compare(wanted, available) > 0) return "More than there is.";
    return line.key === lines[0]?.key ? fieldError(create.error, "quantity") : undefined;
  };
  const send = (): void => {
    if (!ready) return;
    create.run({
      input: {
        warehouseId,
        lines: sold.map(({ itemId, quantity: wanted }) => ({ itemId, quantity: wanted })),
        upTo: form.upTo,
        note: "",
        ...(form.customerId !== "" && { customerId: form.customerId }),
      },
    });
  };
  return (
    <ActDialog
      title="Sell"
      submit={form.upTo === "DELIVERED" ? "Sell and hand over" : "Take the order"}
      wide
      act={create}
      fields={["quantity"]}
      disabled={!ready}
      onClose={onClose}
      onSubmit={send}
    >
      <div className={rooms.pair}>
        <SelectField
          label="From"
          options={places.map(({ id, name }) => [id, name] as const)}
          value={warehouseId}
          onChange={(id) => setForm({ ...form, warehouseId: id })}
        />
        <SelectField
          label="To"
          options={[
            ["", "Over the counter"],
            ...(customers.data?.customers.nodes ?? []).map(({ id, name }) => [id, name] as const),
          ]}
          value={form.customerId}
          onChange={(customerId) => setForm({ ...form, customerId })}
        />
      </div>
      <GoodsLines
        lines={lines}
        goods={goods.map(({ item }) => [item.id, `${item.name}, ${item.salePrice?.formatted ?? ""}`] as const)}
        unitOf={(line) => goodOf(line)?.item.baseUnit}
        hintOf={(line) => <CanBeHad good={goodOf(line)} />}
        problemOf={problemOf}
        onChange={setLines}
      />
      <SelectField
        label="How far"
        options={[
          ["DELIVERED", "The goods are handed over now"],
          ["CONFIRMED", "It is an order; the goods are held back"],
        ]}
        value={form.upTo}
        onChange={(upTo) => setForm({ ...form, upTo: upTo as typeof form.upTo })}
      />
      <InAll lines={sold} currency={currency} />
    </ActDialog>
  );
}

function CanBeHad({ good }: { readonly good: Good | undefined }): ReactNode {
  if (!good) return null;
  return (
    <>
      <LiveNumber value={quantity(good.available, good.item.baseUnit)} /> can be had
    </>
  );
}
