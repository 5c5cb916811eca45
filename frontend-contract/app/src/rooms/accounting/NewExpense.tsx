/** Writing an expense down as a draft. What is wrong with it is said beside the field. */
import { type ReactNode, useState } from "react";

import { useQuery } from "@daftari/client/react";

import { CashPositionDocument, CreateExpenseDocument } from "@/graphql/accounting";
import { AccountsDocument } from "@/graphql/core";
import { MoneyField, SelectField, TextField } from "@/kit/Field";
import { toast } from "@/kit/toasts";
import { today } from "@/kit/words";

import { ActDialog, fieldError, useKeyedAct } from "../forms";

const FIELDS = ["amount", "categoryAccountId", "paidFromAccountId", "payee", "description", "datedOn"] as const;

type Draft = Record<(typeof FIELDS)[number], string>;

export function NewExpense({ onClose }: { onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState<Draft>({
    amount: "",
    categoryAccountId: "",
    paidFromAccountId: "",
    payee: "",
    description: "",
    datedOn: today(),
  });
  const { cash, categories, currency } = useAccounts();
  const act = useKeyedAct(CreateExpenseDocument, ({ createExpense }) => {
    toast({ title: "The draft is written", body: createExpense.expense?.description, tone: "good" });
    onClose();
  });
  const tied = (field: keyof Draft) => ({
    required: true,
    value: draft[field],
    error: fieldError(act.error, field),
    onChange: (value: string) => setDraft((before) => ({ ...before, [field]: value })),
  });
  const write = (): void => {
    const { amount, ...rest } = draft;
    act.run({ input: { ...rest, amount: { amount, currency } } });
  };
  return (
    <ActDialog
      title="New expense"
      submit="Write it down"
      act={act}
      fields={FIELDS}
      disabled={!currency}
      onSubmit={write}
      onClose={onClose}
    >
      <TextField label="What for" autoFocus {...tied("description")} />
      <TextField label="Paid to" {...tied("payee")} />
      <div className="grid">
        <MoneyField label="Amount" currency={currency} {...tied("amount")} />
        <TextField label="Day" type="date" {...tied("datedOn")} />
      </div>
      <SelectField label="Kind of expense" options={[CHOOSE, ...categories]} {...tied("categoryAccountId")} />
      <SelectField label="Paid from" options={[CHOOSE, ...cash]} {...tied("paidFromAccountId")} />
    </ActDialog>
  );
}

const CHOOSE = ["", "Choose"] as const;

/** The accounts of expenses, and those that money lies in, of the house's own currency. */
function useAccounts() {
  const position = useQuery(CashPositionDocument, {}).data?.cashPosition;
  const currency = position?.currency ?? "";
  const accounts = useQuery(
    AccountsDocument,
    { filter: { kind: "EXPENSE", currency }, first: 100 },
    { skip: !currency },
  );
  const categories = accounts.data?.accounts.nodes.map(({ id, code, name }) => [id, `${code} ${name}`] as const) ?? [];
  const cash =
    position?.accounts.map(({ accountId, code, name }) => [accountId ?? "", `${code} ${name}`] as const) ?? [];
  return { cash, categories, currency };
}
