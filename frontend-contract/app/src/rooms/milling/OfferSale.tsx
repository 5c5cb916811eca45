/** Offering what is owed on the invoice of a sale to investors: how much they advance of it, and what that costs. */
import { useState, type ReactNode } from "react";

import { OfferSaleForFinanceDocument } from "@/graphql/milling";
import { Notice, SelectField, TextField, toast } from "@/kit";

import { inCurrency } from "../amounts";
import { hundredth, isPositive, times } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import type { SaleActProps } from "./selling";

const USUAL = { advanceRate: "80", feeRate: "2", recourse: false };

export function Offer({ sale, currency, onClose }: SaleActProps): ReactNode {
  const [terms, setTerms] = useState(USUAL);
  const act = useKeyedAct(OfferSaleForFinanceDocument, () => {
    toast({
      tone: "good",
      title: `${sale.invoiceNumber ?? sale.number} is offered to investors`,
      body: "Whether the market takes it stands on the sale in a moment.",
    });
    onClose();
  });
  return (
    <ActDialog
      title={`Offer ${sale.invoiceNumber ?? sale.number} to investors`}
      submit="Offer it"
      act={act}
      fields={["advanceRate", "feeRate"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { saleId: sale.id, ...terms } })}
    >
      <p>
        {sale.customerName} owes {sale.dueAmount.formatted}, and pays it to the investors once they have it.
      </p>
      <div className={rooms.pair}>
        <TextField
          label="Advance, in percent"
          inputMode="decimal"
          required
          value={terms.advanceRate}
          onChange={(advanceRate) => setTerms({ ...terms, advanceRate })}
          error={fieldError(act.error, "advanceRate")}
        />
        <TextField
          label="Fee, in percent"
          inputMode="decimal"
          required
          value={terms.feeRate}
          onChange={(feeRate) => setTerms({ ...terms, feeRate })}
          error={fieldError(act.error, "feeRate")}
        />
      </div>
      <SelectField
        label="If the customer does not pay"
        options={[
          ["NO", "The investors bear it"],
          ["YES", "The mill pays them back"],
        ]}
        value={terms.recourse ? "YES" : "NO"}
        onChange={(recourse) => setTerms({ ...terms, recourse: recourse === "YES" })}
      />
      <Price {...terms} owed={sale.dueAmount.amount} currency={currency} />
    </ActDialog>
  );
}

interface PriceProps {
  readonly advanceRate: string;
  readonly feeRate: string;
  readonly owed: string;
  readonly currency: string;
}

/** What comes in and what it costs, as soon as the figures can be read. */
function Price({ advanceRate, feeRate, owed, currency }: PriceProps): ReactNode {
  if (![advanceRate, feeRate].every((text) => isPositive(text))) return null;
  const write = inCurrency(currency);
  return (
    <Notice>
      {write(times(owed, hundredth(advanceRate)))} comes when it is funded, and it costs{" "}
      {write(times(owed, hundredth(feeRate)))} when the customer has paid.
    </Notice>
  );
}
