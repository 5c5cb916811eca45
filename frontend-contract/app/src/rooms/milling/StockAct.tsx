/** Booking what happened to an item in a warehouse: it came, went, was moved, was found or lost, or was counted. */
import { money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  AdjustStockDocument,
  CountStockDocument,
  IssueStockDocument,
  ItemDocument,
  type ItemQuery,
  ReceiveStockDocument,
  StockUpdatedDocument,
  TransferStockDocument,
  WarehousesDocument,
} from "@/graphql/milling";
import type { StockAdjustmentCause } from "@/graphql/schema";
import { Badge, LiveNumber, Loaded, SelectField, TextField, toast } from "@/kit";

import { plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { Sums } from "../Sums";
import { afterwards, asDecimal, CAUSES, isQuantity, STOCK_ACTS, type StockActName } from "./stock-acts";
import { quantity } from "./words";

type Item = NonNullable<ItemQuery["item"]>;

interface StockActProps {
  readonly itemId: string;
  readonly onClose: () => void;
}

export function StockAct({ itemId, onClose }: StockActProps): ReactNode {
  const item = useQuery(
    ItemDocument,
    { id: itemId },
    { live: [{ document: StockUpdatedDocument, variables: { itemId } }] },
  );
  const [form, setForm] = useState<Form>({
    act: "COUNT",
    warehouseId: "",
    toWarehouseId: "",
    typed: "",
    cause: "DAMAGE",
    reason: "",
  });
  const warehouses = useQuery(WarehousesDocument, { first: 100 });
  const places = warehouses.data?.warehouses.nodes ?? [];
  const stock = item.data?.item?.stock ?? [];
  const filled = {
    ...form,
    warehouseId: form.warehouseId || (stock[0]?.warehouse.id ?? places[0]?.id ?? ""),
  };
  const others = places.filter(({ id }) => id !== filled.warehouseId);
  const toWarehouseId = others.some(({ id }) => id === form.toWarehouseId) ? form.toWarehouseId : (others[0]?.id ?? "");
  const there = stock.find(({ warehouse }) => warehouse.id === filled.warehouseId)?.onHand ?? "0";
  const act = useBooking(item.data?.item, there, onClose);
  const typed = plainAmount(form.typed);
  const ready =
    item.data?.item != null &&
    filled.warehouseId !== "" &&
    isQuantity(form.act, typed) &&
    (form.act !== "TRANSFER" || toWarehouseId !== "") &&
    (form.cause !== "OTHER" || form.act !== "ADJUST" || form.reason.trim() !== "");
  return (
    <ActDialog
      title={`Book ${item.data?.item?.name ?? "stock"}`}
      submit={STOCK_ACTS[form.act].submit}
      act={act}
      fields={["quantity", "reason", "warehouseId", "toWarehouseId"]}
      disabled={!ready}
      onClose={onClose}
      onSubmit={() => act.run({ ...filled, toWarehouseId, typed })}
    >
      <Loaded query={item}>
        {({ item: found }) =>
          found && (
            <>
              <SelectField
                label="What happened"
                autoFocus
                options={Object.entries(STOCK_ACTS).map(([name, { words }]) => [name, words] as const)}
                value={form.act}
                onChange={(name) => setForm({ ...form, act: name as StockActName })}
              />
              <div className={rooms.pair}>
                <SelectField
                  label={form.act === "TRANSFER" ? "From" : "Where"}
                  options={places.map(({ id, name }) => [id, name] as const)}
                  value={filled.warehouseId}
                  onChange={(warehouseId) => setForm({ ...form, warehouseId })}
                  error={fieldError(act.error, "warehouseId")}
                />
                {form.act === "TRANSFER" && (
                  <SelectField
                    label="To"
                    options={others.map(({ id, name }) => [id, name] as const)}
                    value={toWarehouseId}
                    onChange={(id) => setForm({ ...form, toWarehouseId: id })}
                    error={fieldError(act.error, "toWarehouseId")}
                  />
                )}
                {form.act === "ADJUST" && (
                  <SelectField
                    label="Why"
                    options={CAUSES}
                    value={form.cause}
                    onChange={(cause) => setForm({ ...form, cause: cause as StockAdjustmentCause })}
                  />
                )}
              </div>
              <TextField
                label={`${STOCK_ACTS[form.act].asks}, ${found.baseUnit}`}
                hint={form.act === "ADJUST" ? "With a minus for what is gone" : undefined}
                inputMode={form.act === "ADJUST" ? "text" : "decimal"}
                required
                autoComplete="off"
                value={form.typed}
                onChange={(value) => setForm({ ...form, typed: value })}
                error={fieldError(act.error, "quantity")}
              />
              <TextField
                label="What to know of it"
                required={form.act === "ADJUST" && form.cause === "OTHER"}
                value={form.reason}
                onChange={(reason) => setForm({ ...form, reason })}
                error={fieldError(act.error, "reason")}
              />
              <BeforeAndAfter act={form.act} item={found} there={there} typed={typed} />
            </>
          )
        }
      </Loaded>
    </ActDialog>
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

interface Form {
  readonly act: StockActName;
  readonly warehouseId: string;
  readonly toWarehouseId: string;
  readonly typed: string;
  readonly cause: StockAdjustmentCause;
  readonly reason: string;
}

/** The five acts as one, by the name of each. */
function useBooking(item: Item | null | undefined, there: string, onClose: () => void) {
  const done = (number: string | undefined): void => {
    toast({ tone: "good", title: `${item?.name ?? "It"} is booked`, body: number && `As ${number}.` });
    onClose();
  };
  const receive = useKeyedAct(ReceiveStockDocument, (data) => done(data.receiveStock.stockDocument?.number));
  const issue = useKeyedAct(IssueStockDocument, (data) => done(data.issueStock.stockDocument?.number));
  const transfer = useKeyedAct(TransferStockDocument, (data) => done(data.transferStock.stockDocument?.number));
  const adjust = useKeyedAct(AdjustStockDocument, (data) => done(data.adjustStock.stockDocument?.number));
  const count = useKeyedAct(CountStockDocument, (data) => done(data.countStock.stockDocument?.number));
  const run = (form: Form): void => {
    if (!item) return;
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
