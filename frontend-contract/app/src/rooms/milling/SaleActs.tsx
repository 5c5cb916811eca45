/** What is done with a sale after it is made: it becomes an order, is delivered, invoiced and paid, comes back, or is called off. */
import { useState, type ReactNode } from "react";

import {
  CancelSaleDocument,
  ConfirmSaleDocument,
  DeliverSaleDocument,
  InvoiceSaleDocument,
  RecordSalePaymentDocument,
  RefundSaleDocument,
} from "@/graphql/milling";
import { TextField, toast, today } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { SayDialog } from "../SayDialog";
import { ActButtons } from "./ActButtons";
import { Offer } from "./OfferSale";
import { PaymentDialog } from "./PaymentDialog";
import { possibleActs, type SaleActName, type SaleActProps } from "./selling";
import { TakeBack } from "./TakeBack";

interface SaleActsProps extends Omit<SaleActProps, "onClose"> {
  /** Also what is done seldom, as on the sale's own page. */
  readonly all?: boolean;
}

export function SaleActs({ sale, currency, all = false }: SaleActsProps): ReactNode {
  const { permissions } = usePerson();
  return (
    <ActButtons
      number={sale.number}
      acts={possibleActs(sale, permissions)}
      all={all}
      dialog={(name, onClose) => {
        const Dialog = DIALOGS[name];
        return <Dialog sale={sale} currency={currency} onClose={onClose} />;
      }}
    />
  );
}

const DIALOGS: Record<SaleActName, (props: SaleActProps) => ReactNode> = {
  order: Confirm,
  deliver: Deliver,
  takePayment: TakePayment,
  invoice: Invoice,
  offer: Offer,
  giveBack: GiveBack,
  takeBack: TakeBack,
  cancel: Cancel,
};

function Confirm({ sale, onClose }: SaleActProps): ReactNode {
  const act = useKeyedAct(ConfirmSaleDocument, () => {
    toast({ tone: "good", title: `${sale.number} is ordered`, body: "Its goods are held back." });
    onClose();
  });
  return (
    <ActDialog
      title={`Order ${sale.number}`}
      submit="Make it an order"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id } })}
    >
      <p>
        The goods of {sale.customerName} for {sale.amount.formatted} are held back from now on.
      </p>
    </ActDialog>
  );
}

function Deliver({ sale, onClose }: SaleActProps): ReactNode {
  const act = useKeyedAct(DeliverSaleDocument, ({ deliverSale }) => {
    toast({
      tone: "good",
      title: `${sale.number} is delivered`,
      body: `${deliverSale.sale?.dueAmount.formatted ?? ""} is to be paid.`,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Deliver ${sale.number}`}
      submit="Hand the goods over"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id } })}
    >
      <p>
        The goods leave the warehouse, and {sale.customerName} owes {sale.amount.formatted}.
      </p>
    </ActDialog>
  );
}

function TakePayment({ sale, currency, onClose }: SaleActProps): ReactNode {
  const act = useKeyedAct(RecordSalePaymentDocument, ({ recordSalePayment }) => {
    toast({
      tone: "good",
      title: `${recordSalePayment.payment?.amount.formatted ?? ""} received`,
      body: `${sale.number}: ${recordSalePayment.sale?.dueAmount.formatted ?? ""} is left.`,
    });
    onClose();
  });
  return (
    <PaymentDialog
      title={`Payment for ${sale.number}`}
      submit="Record payment"
      label="Amount received"
      amount={sale.dueAmount.amount}
      method="CASH"
      currency={currency}
      act={act}
      onClose={onClose}
      onSubmit={(payment) => act.run({ input: { saleId: sale.id, payment } })}
    />
  );
}

function GiveBack({ sale, currency, onClose }: SaleActProps): ReactNode {
  const act = useKeyedAct(RefundSaleDocument, ({ refundSale }) => {
    toast({
      tone: "good",
      title: `${refundSale.payment?.amount.formatted ?? ""} given back`,
      body: `${sale.number}: ${sale.customerName}`,
    });
    onClose();
  });
  return (
    <PaymentDialog
      title={`Give money back for ${sale.number}`}
      submit="Give it back"
      label="Amount given back"
      amount={sale.dueAmount.amount.replace("-", "")}
      method="CASH"
      currency={currency}
      act={act}
      onClose={onClose}
      onSubmit={(payment) => act.run({ input: { saleId: sale.id, payment } })}
    />
  );
}

function Invoice({ sale, onClose }: SaleActProps): ReactNode {
  const [dueOn, setDueOn] = useState("");
  const act = useKeyedAct(InvoiceSaleDocument, ({ invoiceSale }) => {
    toast({
      tone: "good",
      title: `Invoice ${invoiceSale.sale?.invoiceNumber ?? ""} is written`,
      body: sale.customerName,
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Write the invoice of ${sale.number}`}
      submit="Write it"
      act={act}
      fields={["dueOn"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id, dueOn: dueOn || null } })}
    >
      <p>
        It is over {sale.amount.formatted}, of which {sale.dueAmount.formatted} is owed.
      </p>
      <TextField
        label="Due"
        type="date"
        required={false}
        min={today()}
        hint="By the customer's terms when left out"
        value={dueOn}
        onChange={setDueOn}
        error={fieldError(act.error, "dueOn")}
      />
    </ActDialog>
  );
}

function Cancel({ sale, onClose }: SaleActProps): ReactNode {
  const act = useKeyedAct(CancelSaleDocument, () => {
    toast({ tone: "good", title: `${sale.number} is called off` });
    onClose();
  });
  return (
    <SayDialog
      title={`Call ${sale.number} off`}
      submit="Call it off"
      danger
      act={act}
      field="reason"
      label="Why"
      onClose={onClose}
      onSubmit={(reason) => act.run({ input: { saleId: sale.id, reason } })}
    >
      <p>What is held back for {sale.customerName} can be sold to others again.</p>
    </SayDialog>
  );
}
