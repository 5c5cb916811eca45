/** Offering an invoice to investors: what is owed by whom, how much is to be advanced, and what that costs. */
import { useState, type ReactNode } from "react";

import { CreateInvoiceDocument } from "@/graphql/invoice_finance";
import type { Industry, SaleMethod } from "@/graphql/schema";
import { daysAfter, humanise, MoneyField, Notice, SelectField, TextAreaField, TextField, toast, today } from "@/kit";

import { inCurrency } from "../amounts";
import { isPositive, times } from "../decimals";
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

export function OfferInvoice({
  currency,
  onClose,
}: {
  readonly currency: string;
  readonly onClose: () => void;
}): ReactNode {
  const [form, setForm] = useState({ ...BLANK, dueOn: daysAfter(today(), 60) });
  const change = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const create = useKeyedAct(CreateInvoiceDocument, ({ createInvoice }) => {
    toast({
      tone: "good",
      title: createInvoice.message ?? "The invoice is on the marketplace",
      body: `${form.number}: ${createInvoice.invoice?.requestedAmount.formatted ?? ""}`,
    });
    onClose();
  });
  const errorOf = (field: string): string | undefined => fieldError(create.error, field);
  const send = (): void =>
    create.run({
      input: {
        number: form.number,
        debtorName: form.debtorName,
        faceValue: { amount: form.faceValue, currency },
        dueOn: form.dueOn,
        advanceRate: form.advanceRate,
        fee: { method: "FLAT", rate: form.feeRate },
        industry: form.industry,
        saleMethod: form.saleMethod,
        description: form.description,
      },
    });
  return (
    <ActDialog
      title="Offer an invoice"
      submit="Put it on the marketplace"
      wide
      act={create}
      fields={FIELDS}
      onClose={onClose}
      onSubmit={send}
    >
      <div className={rooms.pair}>
        <TextField
          label="Your number"
          required
          maxLength={60}
          value={form.number}
          onChange={(number) => change({ number })}
          error={errorOf("number")}
        />
        <TextField
          label="Who owes it"
          required
          maxLength={120}
          value={form.debtorName}
          onChange={(debtorName) => change({ debtorName })}
          error={errorOf("debtorName")}
        />
        <MoneyField
          label="Face value"
          currency={currency}
          required
          value={form.faceValue}
          onChange={(faceValue) => change({ faceValue })}
          error={errorOf("faceValue")}
        />
        <TextField
          label="Due"
          type="date"
          required
          min={daysAfter(today(), 1)}
          value={form.dueOn}
          onChange={(dueOn) => change({ dueOn })}
          error={errorOf("dueOn")}
        />
        <TextField
          label="Advance, in percent"
          inputMode="decimal"
          required
          value={form.advanceRate}
          onChange={(advanceRate) => change({ advanceRate })}
          error={errorOf("advanceRate")}
        />
        <TextField
          label={form.saleMethod === "AUCTION" ? "Fee at most, in percent" : "Fee, in percent"}
          inputMode="decimal"
          required
          value={form.feeRate}
          onChange={(feeRate) => change({ feeRate })}
          error={errorOf("fee")}
        />
      </div>
      <div className={rooms.pair}>
        <SelectField
          label="Sold"
          options={[
            ["FIXED", "For this fee, in parts"],
            ["AUCTION", "As a whole, to the lowest bid"],
          ]}
          value={form.saleMethod}
          onChange={(saleMethod) => change({ saleMethod: saleMethod as SaleMethod })}
        />
        <SelectField
          label="Line of business"
          options={INDUSTRIES.map((each) => [each, humanise(each)])}
          value={form.industry}
          onChange={(industry) => change({ industry: industry as Industry })}
        />
      </div>
      <TextAreaField
        label="What it is for"
        required={false}
        maxLength={2000}
        value={form.description}
        onChange={(description) => change({ description })}
        error={errorOf("description")}
      />
      <Advance {...form} currency={currency} />
    </ActDialog>
  );
}

/** What the seller gets and what it costs, as soon as the figures can be read. */
function Advance({
  faceValue,
  advanceRate,
  feeRate,
  saleMethod,
  currency,
}: Pick<typeof BLANK, "faceValue" | "advanceRate" | "feeRate" | "saleMethod"> & { currency: string }): ReactNode {
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

/** A percentage as a factor, exactly. */
function hundredth(percent: string): string {
  const [whole = "0", fraction = ""] = percent.split(".");
  const digits = whole.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`;
}
