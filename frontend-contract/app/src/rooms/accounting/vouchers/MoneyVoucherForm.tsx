/** Writing an expense, a revenue or a transfer down, or anew. What is wrong is said beside the field while it is typed. */
import { type ReactNode, useState } from "react";

import { MoneyField, Notice, SelectField, sentence, TextField, toast, today } from "@/kit";

import { isPositive } from "../../decimals";
import { ActDialog, fieldError } from "../../forms";
import roomStyles from "../../rooms.module.css";
import { useSettled } from "../../useSettled";
import { CurrencyField } from "../currencies";
import { voucherPath } from "../paths";
import { type Check, FORMS, type Said, type SideOfForm } from "./forms";
import { KINDS, type MoneyVoucher } from "./kinds";
import { type HouseAccounts, useHouseAccounts } from "./useHouseAccounts";

interface Draft extends Omit<Said, "amount"> {
  readonly amount: string;
  /** None while the house's own is not known yet. */
  readonly currency: string | null;
}

interface MoneyVoucherFormProps {
  readonly kind: MoneyVoucher["__typename"];
  /** What is written down anew; without it, something new is. */
  readonly voucher?: MoneyVoucher;
  readonly onClose: () => void;
}

const EMPTY: Omit<Draft, "datedOn"> = {
  amount: "",
  currency: null,
  description: "",
  reference: "",
  party: "",
  fromAccountId: "",
  toAccountId: "",
};

function draftOf(voucher: MoneyVoucher): Draft {
  const { amount, description, reference, datedOn } = voucher;
  const said = { amount: amount.amount, currency: amount.currency, description, reference, datedOn };
  switch (voucher.__typename) {
    case "Expense":
      return {
        ...said,
        party: voucher.payee,
        fromAccountId: voucher.paidFromAccountId,
        toAccountId: voucher.categoryAccountId,
      };
    case "Revenue":
      return {
        ...said,
        party: voucher.payer,
        fromAccountId: voucher.categoryAccountId,
        toAccountId: voucher.receivedIntoAccountId,
      };
    case "Transfer":
      return { ...said, party: "", fromAccountId: voucher.fromAccountId, toAccountId: voucher.toAccountId };
  }
}

export function MoneyVoucherForm({ kind, voucher, onClose }: MoneyVoucherFormProps): ReactNode {
  const form = FORMS[kind];
  const { one } = KINDS[kind];
  const [draft, setDraft] = useState<Draft>(() => (voucher ? draftOf(voucher) : { ...EMPTY, datedOn: today() }));
  const accounts = useHouseAccounts(draft.currency);
  const said: Said = { ...draft, amount: { amount: draft.amount, currency: accounts.currency } };
  const check = useCheck(kind, said);
  const act = form.useWriting(voucher?.id, (id) => {
    const title = voucher ? `The ${one} is changed` : "The draft is written";
    toast({ title, body: draft.description, tone: "good", href: voucher ? undefined : voucherPath(kind, id) });
    onClose();
  });
  const tied = (field: keyof Draft & keyof Said, name: string = field) => ({
    required: true,
    value: draft[field],
    error: fieldError(act.error, name) ?? (draft[field] ? problemOf(check, name) : undefined),
    onChange: (value: string) => setDraft((before) => ({ ...before, [field]: value })),
  });
  const choose = (currency: string): void =>
    setDraft((before) => ({ ...before, currency, fromAccountId: "", toAccountId: "" }));
  const { party, from, to } = form;
  return (
    <ActDialog
      title={voucher ? `Change the ${one}` : `New ${one}`}
      submit="Write it down"
      act={act}
      fields={["amount", "description", "datedOn", "reference", from.name, to.name, party?.name ?? from.name]}
      disabled={!accounts.currency}
      onSubmit={() => act.run(said)}
      onClose={onClose}
    >
      <TextField label="What for" {...tied("description")} />
      {party && <TextField label={party.label} {...tied("party", party.name)} />}
      <div className={roomStyles.pair}>
        <MoneyField label="Amount" currency={accounts.currency} {...tied("amount")} />
        <CurrencyField value={accounts.currency} onChange={choose} />
      </div>
      <AccountField side={from} accounts={accounts} {...tied("fromAccountId", from.name)} />
      <AccountField side={to} accounts={accounts} {...tied("toAccountId", to.name)} />
      <div className={roomStyles.pair}>
        <TextField label="Day" type="date" max={today()} {...tied("datedOn")} />
        <TextField label="Number of its paper" {...tied("reference")} required={false} />
      </div>
      {check?.needsApproval && (
        <Notice>This is above the house's threshold: a second person approves before the books are touched.</Notice>
      )}
    </ActDialog>
  );
}

/** What the server says of the draft once it stands still; nothing while there is too little to check. */
function useCheck(kind: MoneyVoucher["__typename"], said: Said): Check | undefined {
  const { amount, currency } = said.amount;
  const complete = isPositive(amount) && currency && said.fromAccountId && said.toAccountId && said.datedOn;
  const settled = useSettled(complete ? said : null);
  const check = FORMS[kind].useCheck(settled);
  return complete ? check : undefined;
}

function problemOf(check: Check | undefined, name: string): string | undefined {
  const found = check?.errors.find(({ field }) => field?.includes(name));
  return found && sentence(found.message);
}

interface AccountFieldProps {
  readonly side: SideOfForm;
  readonly accounts: HouseAccounts;
  readonly required: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (accountId: string) => void;
}

function AccountField({ side, accounts, ...field }: AccountFieldProps): ReactNode {
  const options = accounts.of(side.of);
  const holds = options.find(({ id }) => id === field.value)?.holds;
  return (
    <SelectField
      label={side.label}
      hint={holds && `${holds} is there now.`}
      options={[["", "Choose"], ...options.map(({ id, title }) => [id, title] as const)]}
      {...field}
    />
  );
}
