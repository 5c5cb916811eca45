/** Ordering goods: from whom, for which warehouse and what, at the price that was paid last unless another is said. */
import type { DaftariError } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  CreatePurchaseDocument,
  ItemsDocument,
  type ItemsQuery,
  SuppliersDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import type { CreatePurchaseInput } from "@/graphql/schema";
import { SelectField, TextField, toast, today } from "@/kit";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { GoodsLines } from "./GoodsLines";
import { InAll } from "./InAll";
import { type GoodsLine, ONE_LINE } from "./lines";
import { purchasePath } from "./rows";
import { quantity } from "./words";

const FIELDS = ["name", "quantity", "expectedOn", "supplierId", "warehouseId"];
const SOMEBODY_NEW = "";

type Item = ItemsQuery["items"]["nodes"][number];

interface NewPurchaseProps {
  readonly currency: string;
  readonly onClose: () => void;
}

interface Form {
  /** Null until somebody is chosen; the first of the list stands for it. */
  readonly supplierId: string | null;
  readonly newName: string;
  readonly warehouseId: string;
  readonly expectedOn: string;
  readonly upTo: "DRAFT" | "RECEIVED";
}

const BLANK: Form = { supplierId: null, newName: "", warehouseId: "", expectedOn: "", upTo: "DRAFT" };

export function NewPurchase({ currency, onClose }: NewPurchaseProps): ReactNode {
  const suppliers = useQuery(SuppliersDocument, { first: 100 }).data?.suppliers.nodes ?? [];
  const warehouses = useQuery(WarehousesDocument, { first: 100 }).data?.warehouses.nodes ?? [];
  const goods = useQuery(ItemsDocument, { first: 100 }).data?.items.nodes ?? [];
  const [typed, setForm] = useState(BLANK);
  const [typedLines, setLines] = useState(ONE_LINE);
  const form = {
    ...typed,
    supplierId: typed.supplierId ?? suppliers[0]?.id ?? SOMEBODY_NEW,
    warehouseId: typed.warehouseId || (warehouses[0]?.id ?? ""),
  };
  const itemOf = ({ itemId }: Pick<GoodsLine, "itemId">): Item | undefined => goods.find(({ id }) => id === itemId);
  const lines = typedLines.map((line) => {
    const itemId = line.itemId || (goods[0]?.id ?? "");
    return { ...line, itemId, price: line.price ?? lastPrice(itemOf({ itemId })) };
  });
  const bought = lines.map(({ itemId, wanted, price }) => ({
    itemId,
    quantity: plainAmount(wanted),
    price: plainAmount(price),
  }));
  const create = useKeyedAct(CreatePurchaseDocument, ({ createPurchase: { purchase } }) => {
    toast({
      tone: "good",
      title: `${purchase?.number ?? "It"} is ${form.upTo === "DRAFT" ? "ordered" : "in"}`,
      body: `${purchase?.supplierName ?? ""}: ${purchase?.amount.formatted ?? ""}`,
      href: purchase ? purchasePath(purchase.id) : undefined,
    });
    onClose();
  });
  const change = (part: Partial<Form>): void => setForm({ ...typed, ...part });
  return (
    <ActDialog
      title="Order goods"
      submit={form.upTo === "DRAFT" ? "Order them" : "Bring them in"}
      wide
      act={create}
      fields={FIELDS}
      disabled={!isReady(form, bought)}
      onClose={onClose}
      onSubmit={() => create.run({ input: inputOf(form, bought, currency) })}
    >
      <Parties form={form} suppliers={suppliers} warehouses={warehouses} error={create.error} onChange={change} />
      <GoodsLines
        lines={lines}
        goods={goods.map(({ id, name }) => [id, name] as const)}
        currency={currency}
        unitOf={(line) => itemOf(line)?.baseUnit}
        hintOf={(line) => thereNow(itemOf(line), form.warehouseId)}
        problemOf={(line) => (line.key === lines[0]?.key ? fieldError(create.error, "quantity") : undefined)}
        onChange={setLines}
      />
      <HowFar form={form} error={create.error} onChange={change} />
      <InAll lines={bought} currency={currency} />
    </ActDialog>
  );
}

type Chosen = Form & { readonly supplierId: string };
type Bought = readonly { readonly itemId: string; readonly quantity: string; readonly price: string }[];

function isReady({ supplierId, newName, warehouseId }: Chosen, bought: Bought): boolean {
  const isNamed = supplierId !== SOMEBODY_NEW || newName.trim() !== "";
  const isBought = ({ itemId, quantity: much, price }: Bought[number]): boolean =>
    itemId !== "" && isPositive(much, 3) && isPositive(price);
  return warehouseId !== "" && isNamed && bought.every(isBought);
}

function inputOf(form: Chosen, bought: Bought, currency: string): CreatePurchaseInput {
  const { supplierId, newName, warehouseId, upTo, expectedOn } = form;
  const newSupplier = { name: newName.trim(), address: "", taxNumber: "", paymentDays: 0 };
  return {
    ...(supplierId === SOMEBODY_NEW ? { newSupplier } : { supplierId }),
    warehouseId,
    lines: bought.map(({ price, ...line }) => ({ ...line, unitPrice: { amount: price, currency } })),
    upTo,
    reference: "",
    note: "",
    ...(upTo === "DRAFT" && expectedOn !== "" && { expectedOn }),
  };
}

interface PartProps {
  readonly form: Chosen;
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface PartiesProps extends PartProps {
  readonly suppliers: readonly Named[];
  readonly warehouses: readonly Named[];
}

/** From whom, and into which warehouse. */
function Parties({ form, suppliers, warehouses, error, onChange }: PartiesProps): ReactNode {
  return (
    <div className={rooms.pair}>
      <SelectField
        label="From"
        options={[...suppliers.map(({ id, name }) => [id, name] as const), [SOMEBODY_NEW, "A new supplier"]]}
        value={form.supplierId}
        onChange={(supplierId) => onChange({ supplierId })}
        error={fieldError(error, "supplierId")}
      />
      {form.supplierId === SOMEBODY_NEW && (
        <TextField
          label="The supplier's name"
          required
          value={form.newName}
          onChange={(newName) => onChange({ newName })}
          error={fieldError(error, "name")}
        />
      )}
      <SelectField
        label="Into"
        options={warehouses.map(({ id, name }) => [id, name] as const)}
        value={form.warehouseId}
        onChange={(warehouseId) => onChange({ warehouseId })}
        error={fieldError(error, "warehouseId")}
      />
    </div>
  );
}

/** Whether the goods are here already, or when they come. */
function HowFar({ form, error, onChange }: PartProps): ReactNode {
  return (
    <div className={rooms.pair}>
      <SelectField
        label="How far"
        options={[
          ["DRAFT", "It is ordered, and comes later"],
          ["RECEIVED", "The goods are here already"],
        ]}
        value={form.upTo}
        onChange={(upTo) => onChange({ upTo: upTo as Form["upTo"] })}
      />
      {form.upTo === "DRAFT" && (
        <TextField
          label="Expected"
          type="date"
          required={false}
          min={today()}
          value={form.expectedOn}
          onChange={(expectedOn) => onChange({ expectedOn })}
          error={fieldError(error, "expectedOn")}
        />
      )}
    </div>
  );
}

/** What one base unit cost when it was bought last, as a price to begin with. */
function lastPrice(item: Item | undefined): string {
  return item?.lastPurchase ? Number(item.lastPurchase.unitCost).toFixed(2) : "";
}

function thereNow(item: Item | undefined, warehouseId: string): ReactNode {
  if (!item) return null;
  const level = item.stock.find((each) => each.warehouseId === warehouseId);
  return `${quantity(level?.onHand ?? 0, item.baseUnit)} are there`;
}
