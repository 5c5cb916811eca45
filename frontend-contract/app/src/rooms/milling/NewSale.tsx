/** Selling: where from, to whom and what, with what there is of each while one chooses. */
import { money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { Plus, X } from "lucide-react";
import { useState, type ReactNode } from "react";

import {
  CreateSaleDocument,
  CustomersDocument,
  ItemsDocument,
  type ItemsQuery,
  StockUpdatedDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import { Button, IconButton, LiveNumber, SelectField, TextField, toast } from "@/kit";

import { inCurrency } from "../amounts";
import { isPositive, plainAmount, times } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import styles from "./milling.module.css";
import { quantity } from "./words";

type Item = ItemsQuery["items"]["nodes"][number];

interface Line {
  readonly key: number;
  readonly itemId: string;
  readonly wanted: string;
}

/** What the warehouse sells, with how much of it can be had. */
function onSale(items: readonly Item[], warehouseId: string | undefined): { item: Item; available: string }[] {
  return items.flatMap((item) => {
    const level = item.stock.find((each) => each.warehouseId === warehouseId);
    return level && item.salePrice ? [{ item, available: level.available }] : [];
  });
}

export function NewSale({ currency, onClose }: { readonly currency: string; readonly onClose: () => void }): ReactNode {
  const [form, setForm] = useState({ warehouseId: "", customerId: "", upTo: "DELIVERED" as "DELIVERED" | "CONFIRMED" });
  const [lines, setLines] = useState<readonly Line[]>([{ key: 0, itemId: "", wanted: "" }]);
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const customers = useQuery(CustomersDocument, { first: 100 });
  const items = useQuery(ItemsDocument, { first: 100 }, { live: [{ document: StockUpdatedDocument }] });
  const places = (warehouses.data?.warehouses.nodes ?? []).filter(
    ({ id }) => onSale(items.data?.items.nodes ?? [], id).length > 0,
  );
  const warehouseId = form.warehouseId || places[0]?.id;
  const goods = onSale(items.data?.items.nodes ?? [], warehouseId);
  const filled = lines.map((line) => ({
    ...line,
    itemId: line.itemId || (goods[0]?.item.id ?? ""),
    wanted: plainAmount(line.wanted),
  }));
  const ready =
    warehouseId !== undefined && filled.every(({ itemId, wanted }) => itemId !== "" && isPositive(wanted, 3));
  const create = useKeyedAct(CreateSaleDocument, ({ createSale: { sale } }) => {
    toast({
      tone: "good",
      title: `${sale?.number ?? "It"} is ${form.upTo === "DELIVERED" ? "sold" : "ordered"}`,
      body: `${sale?.customerName ?? ""}: ${sale?.amount.formatted ?? ""}`,
    });
    onClose();
  });
  const send = (): void => {
    if (!ready) return;
    const sold = filled.map(({ itemId, wanted }) => ({ itemId, quantity: wanted }));
    create.run({
      input: {
        warehouseId,
        lines: sold,
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
      {filled.map((line, index) => (
        <SaleLine
          key={line.key}
          line={{ ...line, wanted: lines[index]?.wanted ?? "" }}
          goods={goods}
          error={index === 0 ? fieldError(create.error, "quantity") : undefined}
          onChange={(changed) => setLines(lines.map((each) => (each.key === line.key ? changed : each)))}
          onRemove={lines.length > 1 ? () => setLines(lines.filter((each) => each.key !== line.key)) : undefined}
        />
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() => setLines([...lines, { key: (lines.at(-1)?.key ?? 0) + 1, itemId: "", wanted: "" }])}
        >
          Another item
        </Button>
      </div>
      <SelectField
        label="How far"
        options={[
          ["DELIVERED", "The goods are handed over now"],
          ["CONFIRMED", "It is an order; the goods are held back"],
        ]}
        value={form.upTo}
        onChange={(upTo) => setForm({ ...form, upTo: upTo as typeof form.upTo })}
      />
      <Total lines={filled} goods={goods} currency={currency} />
    </ActDialog>
  );
}

interface SaleLineProps {
  readonly line: Line;
  readonly goods: readonly { item: Item; available: string }[];
  readonly error: string | undefined;
  readonly onChange: (line: Line) => void;
  readonly onRemove: (() => void) | undefined;
}

function SaleLine({ line, goods, error, onChange, onRemove }: SaleLineProps): ReactNode {
  const chosen = goods.find(({ item }) => item.id === line.itemId);
  const wanted = plainAmount(line.wanted);
  const short = chosen && isPositive(wanted, 3) && money.compare(wanted, chosen.available) > 0;
  return (
    <div className={styles.line}>
      <SelectField
        label="Item"
        options={goods.map(({ item }) => [item.id, `${item.name}, ${item.salePrice?.formatted ?? ""}`] as const)}
        value={line.itemId}
        hint={
          chosen && (
            <>
              <LiveNumber value={quantity(chosen.available, chosen.item.baseUnit)} /> can be had
            </>
          )
        }
        onChange={(itemId) => onChange({ ...line, itemId })}
      />
      <TextField
        label="How much"
        inputMode="decimal"
        required
        value={line.wanted}
        hint={short ? undefined : <>&nbsp;</>}
        error={short ? "More than there is." : error}
        onChange={(value) => onChange({ ...line, wanted: value })}
      />
      {onRemove && <IconButton label="Remove this item" icon={<X aria-hidden />} onClick={onRemove} />}
    </div>
  );
}

/** What the lines come to at the items' prices. */
function Total({
  lines,
  goods,
  currency,
}: {
  readonly lines: readonly Line[];
  readonly goods: readonly { item: Item }[];
  readonly currency: string;
}): ReactNode {
  const amounts = lines.flatMap(({ itemId, wanted }) => {
    const price = goods.find(({ item }) => item.id === itemId)?.item.salePrice?.amount;
    return price && isPositive(wanted, 3) ? [times(wanted, price)] : [];
  });
  if (amounts.length === 0) return null;
  return (
    <p className={styles.total}>
      <span>In all</span>
      <LiveNumber value={inCurrency(currency)(money.sum(amounts))} label="In all" />
    </p>
  );
}
