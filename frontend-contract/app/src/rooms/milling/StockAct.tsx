/** Booking what happened to an item in a warehouse: it came, went, was moved, was found or lost, or was counted. */
import { type DaftariError, money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  AdjustStockDocument,
  CountStockDocument,
  IssueStockDocument,
  type ItemQuery,
  ReceiveStockDocument,
  TransferStockDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import type { StockAdjustmentCause } from "@/graphql/schema";
import { Badge, LiveNumber, SelectField, TextField, toast } from "@/kit";

import { plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { afterwards, asDecimal, CAUSES, isQuantity, STOCK_ACTS, type StockActName } from "./stock-acts";
import { measured, quantity } from "./words";

type Item = NonNullable<ItemQuery["item"]>;

interface StockActProps {
  /** As it is now, also while one types. */
  readonly item: Item;
  readonly onClose: () => void;
}

interface Form {
  readonly act: StockActName;
  readonly warehouseId: string;
  readonly toWarehouseId: string;
  readonly typed: string;
  readonly cause: StockAdjustmentCause;
  readonly reason: string;
}

const BLANK: Omit<Form, "warehouseId"> = { act: "COUNT", toWarehouseId: "", typed: "", cause: "DAMAGE", reason: "" };

export function StockAct({ item, onClose }: StockActProps): ReactNode {
  const [form, setForm] = useState<Form>({ ...BLANK, warehouseId: item.stock[0]?.warehouse.id ?? "" });
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const places = warehouses.data?.warehouses.nodes ?? [];
  const warehouseId = form.warehouseId || (places[0]?.id ?? "");
  const others = places.filter(({ id }) => id !== warehouseId);
  const toWarehouseId = others.some(({ id }) => id === form.toWarehouseId) ? form.toWarehouseId : (others[0]?.id ?? "");
  const there = item.stock.find(({ warehouse }) => warehouse.id === warehouseId)?.onHand ?? "0";
  const act = useBooking(item, there, onClose);
  const filled = { ...form, warehouseId, toWarehouseId, typed: plainAmount(form.typed) };
  return (
    <ActDialog
      title={`Book ${item.name}`}
      submit={STOCK_ACTS[form.act].submit}
      act={act}
      fields={["quantity", "reason", "warehouseId"]}
      disabled={!isReady(filled)}
      onClose={onClose}
      onSubmit={() => act.run(filled)}
    >
      <Where form={filled} places={places} error={act.error} onChange={(part) => setForm({ ...form, ...part })} />
      <TextField
        label={measured(STOCK_ACTS[form.act].asks, item.baseUnit)}
        hint={form.act === "ADJUST" ? "With a minus for what is gone" : undefined}
        inputMode={form.act === "ADJUST" ? "text" : "decimal"}
        required
        autoComplete="off"
        value={form.typed}
        onChange={(typed) => setForm({ ...form, typed })}
        error={fieldError(act.error, "quantity")}
      />
      <TextField
        label="What to know of it"
        required={isUnexplained(form)}
        value={form.reason}
        onChange={(reason) => setForm({ ...form, reason })}
        error={fieldError(act.error, "reason")}
      />
      <BeforeAndAfter act={form.act} item={item} there={there} typed={filled.typed} />
    </ActDialog>
  );
}

/** Some other cause has to be told in words. */
function isUnexplained({ act, cause }: Form): boolean {
  return act === "ADJUST" && cause === "OTHER";
}

function isReady(form: Form): boolean {
  const { act, warehouseId, toWarehouseId, typed, reason } = form;
  if (isUnexplained(form) && reason.trim() === "") return false;
  return warehouseId !== "" && isQuantity(act, typed) && (act !== "TRANSFER" || toWarehouseId !== "");
}

interface WhereProps {
  readonly form: Form;
  readonly places: readonly { readonly id: string; readonly name: string }[];
  readonly error: DaftariError | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}

/** What happened, where, and what else that act asks for. */
function Where({ form, places, error, onChange }: WhereProps): ReactNode {
  const options = places.map(({ id, name }) => [id, name] as const);
  return (
    <>
      <SelectField
        label="What happened"
        options={Object.entries(STOCK_ACTS).map(([name, { words }]) => [name, words] as const)}
        value={form.act}
        onChange={(name) => onChange({ act: name as StockActName })}
      />
      <div className={rooms.pair}>
        <SelectField
          label={form.act === "TRANSFER" ? "From" : "Where"}
          options={options}
          value={form.warehouseId}
          onChange={(warehouseId) => onChange({ warehouseId })}
          error={fieldError(error, "warehouseId")}
        />
        {form.act === "TRANSFER" && (
          <SelectField
            label="To"
            options={options.filter(([id]) => id !== form.warehouseId)}
            value={form.toWarehouseId}
            onChange={(toWarehouseId) => onChange({ toWarehouseId })}
          />
        )}
        {form.act === "ADJUST" && (
          <SelectField
            label="Why"
            options={CAUSES}
            value={form.cause}
            onChange={(cause) => onChange({ cause: cause as StockAdjustmentCause })}
          />
        )}
      </div>
    </>
  );
}

/** What the books say now, and what they will say. */
function BeforeAndAfter({
  act,
  item,
  there,
  typed,
}: {
  readonly act: StockActName;
  readonly item: Item;
  readonly there: string;
  readonly typed: string;
}): ReactNode {
  const after = afterwards(act, there, typed);
  return (
    <Sums
      sums={[
        ["In the books now", <LiveNumber key="" value={quantity(there, item.baseUnit)} />],
        [
          "Afterwards",
          after === undefined ? (
            "–"
          ) : (
            <Badge key="" tone={money.compare(after, "0") < 0 ? "bad" : "plain"}>
              {quantity(after, item.baseUnit)}
            </Badge>
          ),
        ],
      ]}
    />
  );
}

/** The five acts as one, by the name of each. */
function useBooking(item: Item, there: string, onClose: () => void) {
  const done = (number: string | undefined): void => {
    toast({ tone: "good", title: `${item.name} is booked`, body: number && `As ${number}.` });
    onClose();
  };
  const receive = useKeyedAct(ReceiveStockDocument, (data) => done(data.receiveStock.stockDocument?.number));
  const issue = useKeyedAct(IssueStockDocument, (data) => done(data.issueStock.stockDocument?.number));
  const transfer = useKeyedAct(TransferStockDocument, (data) => done(data.transferStock.stockDocument?.number));
  const adjust = useKeyedAct(AdjustStockDocument, (data) => done(data.adjustStock.stockDocument?.number));
  const count = useKeyedAct(CountStockDocument, (data) => done(data.countStock.stockDocument?.number));
  const run = (form: Form): void => {
    const { warehouseId, reason } = form;
    const line = { itemId: item.id, quantity: asDecimal(form.typed), note: "" };
    const said = { reason, reference: "", lines: [line] };
    if (form.act === "RECEIVE") receive.run({ input: { ...said, warehouseId } });
    if (form.act === "ISSUE") issue.run({ input: { ...said, warehouseId } });
    if (form.act === "ADJUST") adjust.run({ input: { ...said, warehouseId, cause: form.cause } });
    // What was on the screen is what was counted by: if the books moved since, it has to be looked at again.
    if (form.act === "COUNT") {
      count.run({ input: { ...said, warehouseId, lines: [{ ...line, expected: there }] } });
    }
    if (form.act === "TRANSFER") {
      transfer.run({ input: { ...said, fromWarehouseId: warehouseId, toWarehouseId: form.toWarehouseId } });
    }
  };
  const all = [receive, issue, transfer, adjust, count];
  return { run, busy: all.some(({ busy }) => busy), error: all.find(({ error }) => error)?.error };
}
