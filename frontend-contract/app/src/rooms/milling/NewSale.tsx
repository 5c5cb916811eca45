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
import type { CreateSaleInput } from "@/graphql/schema";
import { LiveNumber, SelectField, toast } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { GoodsLines } from "./GoodsLines";
import { InAll } from "./InAll";
import { type GoodsLine, ONE_LINE } from "./lines";
import { quantity } from "./words";

type Item = ItemsQuery["items"]["nodes"][number];

interface Good {
  readonly item: Item;
  readonly available: string;
}

/** What the warehouse sells, with how much of it can be had. */
function onSale(items: readonly Item[], warehouseId: string): Good[] {
  return items.flatMap((item) => {
    const level = item.stock.find((each) => each.warehouseId === warehouseId);
    return level && item.salePrice ? [{ item, available: level.available }] : [];
  });
}

interface Form {
  /** Empty for the first that sells anything. */
  readonly warehouseId: string;
  /** Empty over the counter. */
  readonly customerId: string;
  readonly upTo: "DELIVERED" | "CONFIRMED";
}

const BLANK: Form = { warehouseId: "", customerId: "", upTo: "DELIVERED" };

interface NewSaleProps {
  readonly currency: string;
  readonly onClose: () => void;
}

export function NewSale({ currency, onClose }: NewSaleProps): ReactNode {
  const [form, setForm] = useState(BLANK);
  const [typed, setLines] = useState(ONE_LINE);
  const { places, warehouseId, goods } = useGoods(form.warehouseId);
  const goodOf = ({ itemId }: GoodsLine): Good | undefined => goods.find(({ item }) => item.id === itemId);
  const lines = typed.map((line) => ({ ...line, itemId: line.itemId || (goods[0]?.item.id ?? "") }));
  const sold = lines.map((line) => ({
    itemId: line.itemId,
    quantity: plainAmount(line.wanted),
    price: goodOf(line)?.item.salePrice?.amount ?? "0",
  }));
  const create = useKeyedAct(CreateSaleDocument, ({ createSale: { sale } }) => {
    toast({
      tone: "good",
      title: `${sale?.number ?? "It"} is ${form.upTo === "DELIVERED" ? "sold" : "ordered"}`,
      body: `${sale?.customerName ?? ""}: ${sale?.amount.formatted ?? ""}`,
    });
    onClose();
  });
  const problemOf = (line: GoodsLine): string | undefined => {
    if (isMoreThan(line.wanted, goodOf(line)?.available)) return "More than there is.";
    return line.key === lines[0]?.key ? fieldError(create.error, "quantity") : undefined;
  };
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part });
  return (
    <ActDialog
      title="Sell"
      submit={form.upTo === "DELIVERED" ? "Sell and hand over" : "Take the order"}
      wide
      act={create}
      fields={["quantity"]}
      disabled={warehouseId === "" || !sold.every((line) => line.itemId !== "" && isPositive(line.quantity, 3))}
      onClose={onClose}
      onSubmit={() => create.run({ input: inputOf({ ...form, warehouseId }, sold) })}
    >
      <Parties form={{ ...form, warehouseId }} places={places} onChange={change} />
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
        onChange={(upTo) => change({ upTo: upTo as Form["upTo"] })}
      />
      <InAll lines={sold} currency={currency} />
    </ActDialog>
  );
}

interface Goods {
  /** The warehouses that sell anything. */
  readonly places: readonly { readonly id: string; readonly name: string }[];
  /** The chosen one, or the first; empty where there is none. */
  readonly warehouseId: string;
  /** What that one sells. */
  readonly goods: readonly Good[];
}

function useGoods(chosenId: string): Goods {
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const items = useQuery(ItemsDocument, { first: 100 }, { live: [{ document: StockUpdatedDocument }] });
  const all = items.data?.items.nodes ?? [];
  const places = (warehouses.data?.warehouses.nodes ?? []).filter(({ id }) => onSale(all, id).length > 0);
  const warehouseId = chosenId || (places[0]?.id ?? "");
  return { places, warehouseId, goods: onSale(all, warehouseId) };
}

function isMoreThan(typed: string, available: string | undefined): boolean {
  const wanted = plainAmount(typed);
  return available !== undefined && isPositive(wanted, 3) && money.compare(wanted, available) > 0;
}

type Sold = readonly { readonly itemId: string; readonly quantity: string }[];

function inputOf({ warehouseId, customerId, upTo }: Form, sold: Sold): CreateSaleInput {
  return {
    warehouseId,
    lines: sold.map(({ itemId, quantity: wanted }) => ({ itemId, quantity: wanted })),
    upTo,
    note: "",
    ...(customerId !== "" && { customerId }),
  };
}

interface PartiesProps {
  readonly form: Form;
  readonly places: Goods["places"];
  readonly onChange: (part: Partial<Form>) => void;
}

/** From which warehouse, and to whom. */
function Parties({ form, places, onChange }: PartiesProps): ReactNode {
  const customers = useQuery(CustomersDocument, { first: 100 }).data?.customers.nodes ?? [];
  return (
    <div className={rooms.pair}>
      <SelectField
        label="From"
        options={places.map(({ id, name }) => [id, name] as const)}
        value={form.warehouseId}
        onChange={(warehouseId) => onChange({ warehouseId })}
      />
      <SelectField
        label="To"
        options={[["", "Over the counter"], ...customers.map(({ id, name }) => [id, name] as const)]}
        value={form.customerId}
        onChange={(customerId) => onChange({ customerId })}
      />
    </div>
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
