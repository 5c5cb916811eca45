/** Offering an invoice to investors: what is owed by whom, how much is to be advanced, and what that costs. */
import { useState, type ReactNode } from "react";

import { CreateInvoiceDocument } from "@/graphql/invoice_finance";
import type { CreateInvoiceInput, Industry, SaleMethod } from "@/graphql/schema";
import { daysAfter, humanise, MoneyField, Notice, SelectField, TextAreaField, TextField, toast, today } from "@/kit";

import { inCurrency } from "../amounts";
import { hundredth, isPositive, times } from "../decimals";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";

const INDUSTRIES: readonly Industry[] = [
  "AGRICULTURE",
  "CONSTRUCTION",
  "EDUCATION",
  "ENERGY",
  "HEALTH",
  "HOSPITALITY",
  "MANUFACTURING",
  "RETAIL",
  "SERVICES",
  "TECHNOLOGY",
  "TRANSPORT",
  "WHOLESALE",
  "OTHER",
];

const BLANK = {
  number: "",
  debtorName: "",
  faceValue: "",
  advanceRate: "80",
  feeRate: "2",
  industry: "OTHER" as Industry,
  saleMethod: "FIXED" as SaleMethod,
  description: "",
};
const FIELDS = ["number", "debtorName", "faceValue", "dueOn", "advanceRate", "fee", "description"];

type Form = typeof BLANK & { readonly dueOn: string };

interface OfferInvoiceProps {
  readonly currency: string;
  readonly onClose: () => void;
}

export function OfferInvoice({ currency, onClose }: OfferInvoiceProps): ReactNode {
  const [form, setForm] = useState<Form>(() => ({ ...BLANK, dueOn: daysAfter(today(), 60) }));
  const create = useKeyedAct(CreateInvoiceDocument, ({ createInvoice }) => {
    toast({
      tone: "good",
      title: createInvoice.message ?? "The invoice is on the marketplace",
      body: `${form.number}: ${createInvoice.invoice?.requestedAmount.formatted ?? ""}`,
    });
    onClose();
  });
  const parts: PartProps = {
    form,
    errorOf: (field) => fieldError(create.error, field),
    onChange: (part) => setForm({ ...form, ...part }),
  };
  return (
    <ActDialog
      title="Offer an invoice"
      submit="Put it on the marketplace"
      wide
      act={create}
      fields={FIELDS}
      onClose={onClose}
      onSubmit={() => create.run({ input: inputOf(form, currency) })}
    >
      <div className={rooms.pair}>
        <WhatIsOwed {...parts} currency={currency} />
        <Price {...parts} />
      </div>
      <HowSold {...parts} />
      <Advance {...form} currency={currency} />
    </ActDialog>
  );
}

function inputOf({ faceValue, feeRate, ...said }: Form, currency: string): CreateInvoiceInput {
  return { ...said, faceValue: { amount: faceValue, currency }, fee: { method: "FLAT", rate: feeRate } };
}

interface PartProps {
  readonly form: Form;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}

/** What stands on the invoice. */
function WhatIsOwed({ form, currency, errorOf, onChange }: PartProps & { readonly currency: string }): ReactNode {
  return (
    <>
      <TextField
        label="Your number"
        required
        maxLength={60}
        value={form.number}
        onChange={(number) => onChange({ number })}
        error={errorOf("number")}
      />
      <TextField
        label="Who owes it"
        required
        maxLength={120}
        value={form.debtorName}
        onChange={(debtorName) => onChange({ debtorName })}
        error={errorOf("debtorName")}
      />
      <MoneyField
        label="Face value"
        currency={currency}
        required
        value={form.faceValue}
        onChange={(faceValue) => onChange({ faceValue })}
        error={errorOf("faceValue")}
      />
      <TextField
        label="Due"
        type="date"
        required
        min={daysAfter(today(), 1)}
        value={form.dueOn}
        onChange={(dueOn) => onChange({ dueOn })}
        error={errorOf("dueOn")}
      />
    </>
  );
}

/** How much of it is advanced, and what that costs. */
function Price({ form, errorOf, onChange }: PartProps): ReactNode {
  return (
    <>
      <TextField
        label="Advance, in percent"
        inputMode="decimal"
        required
        value={form.advanceRate}
        onChange={(advanceRate) => onChange({ advanceRate })}
        error={errorOf("advanceRate")}
      />
      <TextField
        label={form.saleMethod === "AUCTION" ? "Fee at most, in percent" : "Fee, in percent"}
        inputMode="decimal"
        required
        value={form.feeRate}
        onChange={(feeRate) => onChange({ feeRate })}
        error={errorOf("fee")}
      />
    </>
  );
}

/** In which way, and what investors read of it. */
function HowSold({ form, errorOf, onChange }: PartProps): ReactNode {
  return (
    <>
      <div className={rooms.pair}>
        <SelectField
          label="Sold"
          options={[
            ["FIXED", "For this fee, in parts"],
            ["AUCTION", "As a whole, to the lowest bid"],
          ]}
          value={form.saleMethod}
          onChange={(saleMethod) => onChange({ saleMethod: saleMethod as SaleMethod })}
        />
        <SelectField
          label="Line of business"
          options={INDUSTRIES.map((each) => [each, humanise(each)])}
          value={form.industry}
          onChange={(industry) => onChange({ industry: industry as Industry })}
        />
      </div>
      <TextAreaField
        label="What it is for"
        required={false}
        maxLength={2000}
        value={form.description}
        onChange={(description) => onChange({ description })}
        error={errorOf("description")}
      />
    </>
  );
}

/** What the seller gets and what it costs, as soon as the figures can be read. */
function Advance({
  faceValue,
  advanceRate,
  feeRate,
  saleMethod,
  currency,
}: Pick<Form, "faceValue" | "advanceRate" | "feeRate" | "saleMethod"> & { readonly currency: string }): ReactNode {
  if (![faceValue, advanceRate, feeRate].every((text) => isPositive(text))) return null;
  const write = inCurrency(currency);
  return (
    <Notice>
      You get {write(times(faceValue, hundredth(advanceRate)))} when it is funded, and pay{" "}
      {saleMethod === "AUCTION" && "at most "}
      {write(times(faceValue, hundredth(feeRate)))} for it when the debtor has paid.
    </Notice>
  );
}
