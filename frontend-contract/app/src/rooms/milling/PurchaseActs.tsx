/** What is done with a purchase after it is ordered: its goods come, some go back, its bill is entered and paid, or it is called off. */
import { type DaftariError, money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  BillPurchaseDocument,
  CancelPurchaseDocument,
  CreatePurchaseReturnDocument,
  PayPurchaseDocument,
  PurchaseDocument,
  type PurchaseQuery,
  ReceivePurchaseDocument,
} from "@/graphql/milling";
import { Loaded, MoneyField, TextField, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { isPositive, plainAmount } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import { ActButtons } from "./ActButtons";
import { AddLandedCost } from "./LandedCosts";
import { PaymentDialog } from "./PaymentDialog";
import { possibleActs, type PurchaseActName, type PurchaseActProps } from "./purchasing";
import { measured, quantity } from "./words";

type Line = NonNullable<PurchaseQuery["purchase"]>["lines"][number];

interface PurchaseActsProps extends Omit<PurchaseActProps, "onClose"> {
  /** Also what is done seldom, as on the purchase's own page. */
  readonly all?: boolean;
}

export function PurchaseActs({ purchase, currency, all = false }: PurchaseActsProps): ReactNode {
  const { permissions } = usePerson();
  return (
    <ActButtons
      number={purchase.number}
      acts={possibleActs(purchase, permissions)}
      all={all}
      dialog={(name, onClose) => {
        const Dialog = DIALOGS[name];
        return <Dialog purchase={purchase} currency={currency} onClose={onClose} />;
      }}
    />
  );
}

const DIALOGS: Record<PurchaseActName, (props: PurchaseActProps) => ReactNode> = {
  receive: Receive,
  bill: Bill,
  pay: Pay,
  addCost: AddLandedCost,
  giveBack: GiveBack,
  cancel: Cancel,
};

/** The lines of the purchase, asked for when its dialog opens, and what is typed beside each. */
function useLines(purchaseId: string) {
  const query = useQuery(PurchaseDocument, { id: purchaseId });
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  return {
    query,
    lines: query.data?.purchase?.lines ?? [],
    typed: (line: Line): string | undefined => typed[line.lineNo],
    type: (line: Line, value: string) => setTyped({ ...typed, [line.lineNo]: value }),
  };
}

function Receive({ purchase, onClose }: PurchaseActProps): ReactNode {
  const { query, lines, typed, type } = useLines(purchase.id);
  const act = useKeyedAct(ReceivePurchaseDocument, () => {
    toast({ tone: "good", title: `${purchase.number} is in`, body: `Its goods are in ${purchase.warehouse.name}.` });
    onClose();
  });
  const came = lines.map((line) => ({ lineNo: line.lineNo, quantity: plainAmount(typed(line) ?? line.quantity) }));
  return (
    <ActDialog
      title={`Receive ${purchase.number}`}
      submit="Bring it in"
      act={act}
      fields={["quantity"]}
      disabled={lines.length === 0 || !came.some((line) => isPositive(line.quantity, 3))}
      onClose={onClose}
      onSubmit={() => act.run({ input: { purchaseId: purchase.id, lines: came } })}
    >
      <p>
        How much came from {purchase.supplierName}? It goes into {purchase.warehouse.name}.
      </p>
      <Loaded query={query} lines={2}>
        {() =>
          lines.map((line, index) => (
            <TextField
              key={line.lineNo}
              autoFocus={index === 0}
              label={measured(line.item.name, line.unit)}
              hint={`${quantity(line.quantity, line.unit)} were ordered`}
              inputMode="decimal"
              required
              value={typed(line) ?? line.quantity}
              onChange={(value) => type(line, value)}
              error={fieldError(act.error, "quantity")}
            />
          ))
        }
      </Loaded>
    </ActDialog>
  );
}

/** What stands at the head of a supplier's bill. */
interface BillHead {
  readonly billNumber: string;
  readonly billedOn: string;
  /** Empty for the day that the supplier's terms say. */
  readonly dueOn: string;
}

function Bill({ purchase, currency, onClose }: PurchaseActProps): ReactNode {
  const { query, lines, typed, type } = useLines(purchase.id);
  const [bill, setBill] = useState<BillHead>({ billNumber: "", billedOn: today(), dueOn: "" });
  const act = useKeyedAct(BillPurchaseDocument, ({ billPurchase: { purchase: billed } }) => {
    toast({
      tone: "good",
      title: `The bill of ${purchase.number} is entered`,
      body: `${purchase.supplierName} is owed ${billed?.dueAmount.formatted ?? ""}.`,
    });
    onClose();
  });
  const differing = lines.flatMap((line) => {
    const amount = typed(line);
    return amount === undefined || amount === line.amount.amount
      ? []
      : [{ lineNo: line.lineNo, amount: { amount, currency } }];
  });
  const { dueOn, ...entered } = bill;
  return (
    <ActDialog
      title={`Bill of ${purchase.number}`}
      submit="Enter the bill"
      act={act}
      fields={["billNumber", "billedOn", "dueOn", "amount"]}
      onClose={onClose}
      onSubmit={() =>
        act.run({ input: { purchaseId: purchase.id, ...entered, ...(dueOn !== "" && { dueOn }), lines: differing } })
      }
    >
      <BillFields bill={bill} error={act.error} onChange={setBill} />
      <Loaded query={query} lines={2}>
        {() =>
          lines.map((line) => (
            <MoneyField
              key={line.lineNo}
              label={line.item.name}
              currency={currency}
              required
              value={typed(line) ?? line.amount.amount}
              onChange={(value) => type(line, value)}
              error={fieldError(act.error, "amount")}
            />
          ))
        }
      </Loaded>
    </ActDialog>
  );
}

interface BillFieldsProps {
  readonly bill: BillHead;
  readonly error: DaftariError | undefined;
  readonly onChange: (bill: BillHead) => void;
}

function BillFields({ bill, error, onChange }: BillFieldsProps): ReactNode {
  return (
    <>
      <TextField
        label="Number on the bill"
        required
        value={bill.billNumber}
        onChange={(billNumber) => onChange({ ...bill, billNumber })}
        error={fieldError(error, "billNumber")}
      />
      <div className={rooms.pair}>
        <TextField
          label="Day of the bill"
          type="date"
          required
          max={today()}
          value={bill.billedOn}
          onChange={(billedOn) => onChange({ ...bill, billedOn })}
          error={fieldError(error, "billedOn")}
        />
        <TextField
          label="Due"
          type="date"
          required={false}
          hint="By the supplier's terms when left out"
          value={bill.dueOn}
          onChange={(dueOn) => onChange({ ...bill, dueOn })}
          error={fieldError(error, "dueOn")}
        />
      </div>
    </>
  );
}

function Pay({ purchase, currency, onClose }: PurchaseActProps): ReactNode {
  const act = useKeyedAct(PayPurchaseDocument, ({ payPurchase }) => {
    toast({
      tone: "good",
      title: `${payPurchase.payment?.amount.formatted ?? ""} paid to ${purchase.supplierName}`,
      body: `${purchase.number}: ${payPurchase.purchase?.dueAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  return (
    <PaymentDialog
      title={`Pay ${purchase.number}`}
      submit="Pay"
      label="Amount"
      amount={purchase.dueAmount.amount}
      method="BANK"
      currency={currency}
      act={act}
      onClose={onClose}
      onSubmit={(paid) => act.run({ input: { purchaseId: purchase.id, ...paid } })}
    >
      <p>
        {purchase.supplierName} is owed {purchase.dueAmount.formatted}.
      </p>
    </PaymentDialog>
  );
}

function GiveBack({ purchase, onClose }: PurchaseActProps): ReactNode {
  const { query, lines, typed, type } = useLines(purchase.id);
  const act = useKeyedAct(CreatePurchaseReturnDocument, ({ createPurchaseReturn: { purchaseReturn } }) => {
    toast({
      tone: "good",
      title: `${purchaseReturn?.number ?? "It"} goes back`,
      body: `${purchase.supplierName} credits ${purchaseReturn?.creditedAmount.formatted ?? ""}.`,
    });
    onClose();
  });
  const goes = lines
    .map((line) => ({ lineNo: line.lineNo, quantity: plainAmount(typed(line) ?? ""), unit: line.item.baseUnit }))
    .filter((line) => isPositive(line.quantity, 3));
  return (
    <SayDialog
      title={`Send goods of ${purchase.number} back`}
      submit="Send them back"
      act={act}
      field="reason"
      label="Why"
      fields={["quantity"]}
      disabled={goes.length === 0}
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { purchaseId: purchase.id, lines: goes, reason } })}
    >
      <Loaded query={query} lines={2}>
        {() =>
          lines.map((line, index) => (
            <TextField
              key={line.lineNo}
              autoFocus={index === 0}
              label={measured(line.item.name, line.item.baseUnit)}
              hint={`${quantity(money.subtract(line.receivedQuantity, line.returnedQuantity), line.item.baseUnit)} of it are here`}
              inputMode="decimal"
              required={false}
              value={typed(line) ?? ""}
              onChange={(value) => type(line, value)}
              error={fieldError(act.error, "quantity")}
            />
          ))
        }
      </Loaded>
    </SayDialog>
  );
}

function Cancel({ purchase, onClose }: PurchaseActProps): ReactNode {
  const act = useKeyedAct(CancelPurchaseDocument, () => {
    toast({ tone: "good", title: `${purchase.number} is called off` });
    onClose();
  });
  return (
    <SayDialog
      title={`Call ${purchase.number} off`}
      submit="Call it off"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { purchaseId: purchase.id, reason } })}
    >
      <p>Nothing of the {purchase.amount.formatted} is expected any more.</p>
    </SayDialog>
  );
}
