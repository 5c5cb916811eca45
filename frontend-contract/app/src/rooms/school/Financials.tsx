/** The school's books: income against expenses by month, every row that stands in them, and writing one down. */
import { useQuery } from "@daftari/client/react";
import { ArrowDownLeft, ArrowUpRight, Minus, Plus, Scale } from "lucide-react";
import { useState, type ReactNode } from "react";

import { BarChart } from "@/charts";
import type { FinancialTransactionKind } from "@/graphql/schema";
import {
  AddExpenseDocument,
  AddIncomeDocument,
  FinancialStatsDocument,
  type FinancialStatsQuery,
  FinancialStatsUpdatedDocument,
  FinancialTransactionChangedDocument,
  FinancialTransactionsDocument,
} from "@/graphql/school";
import {
  Badge,
  Button,
  Card,
  Day,
  LiveMoney,
  Loaded,
  Money,
  MoneyField,
  month,
  Page,
  Segments,
  SelectField,
  Stat,
  Stats,
  TextField,
  toast,
  today,
} from "@/kit";
import { usePerson } from "@/session/person";

import { inCurrency } from "../amounts";
import { ActDialog, fieldError, useKeyedAct } from "../forms";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { AT_THE_DESK, METHOD } from "./words";

type Books = FinancialStatsQuery["financialStats"];
type Which = FinancialTransactionKind | "ALL";

export function Screen(): ReactNode {
  const [adding, setAdding] = useState<FinancialTransactionKind | null>(null);
  const [which, setWhich] = useState<Which>("ALL");
  const mayWrite = usePerson().permissions.includes("SCHOOL_BOOKS");
  const stats = useQuery(FinancialStatsDocument, {}, { live: [{ document: FinancialStatsUpdatedDocument }] });
  return (
    <Page
      title="School financials"
      actions={
        mayWrite && (
          <>
            <Button icon={<Plus aria-hidden />} onClick={() => setAdding("INCOME")}>
              Income
            </Button>
            <Button look="primary" icon={<Minus aria-hidden />} onClick={() => setAdding("EXPENSE")}>
              Expense
            </Button>
          </>
        )
      }
    >
      <Loaded query={stats}>{({ financialStats }) => <BookFigures books={financialStats} />}</Loaded>
      <Card
        title="In the books"
        flush
        actions={
          <Segments
            label="Which rows"
            value={which}
            onChange={setWhich}
            options={[
              ["ALL", "All"],
              ["INCOME", "Income"],
              ["EXPENSE", "Expenses"],
            ]}
          />
        }
      >
        <Rows key={which} which={which} />
      </Card>
      {adding && (
        <AddRow kind={adding} currency={stats.data?.financialStats.currency ?? "GHS"} onClose={() => setAdding(null)} />
      )}
    </Page>
  );
}

function BookFigures({ books }: { readonly books: Books }): ReactNode {
  return (
    <>
      <Stats label="The books at a glance">
        <Stat label="Income" icon={<ArrowDownLeft aria-hidden />}>
          <LiveMoney money={books.totalIncome} label="Income" />
        </Stat>
        <Stat label="Expenses" icon={<ArrowUpRight aria-hidden />}>
          <LiveMoney money={books.totalExpenses} label="Expenses" />
        </Stat>
        <Stat
          label="What is left"
          icon={<Scale aria-hidden />}
          tone={books.net.amount.startsWith("-") ? "bad" : "good"}
        >
          <LiveMoney money={books.net} label="What is left" />
        </Stat>
      </Stats>
      <Card title="Month by month">
        <BarChart
          title="Income and expenses by month"
          hideTitle
          description={`Income of ${books.totalIncome.formatted} against expenses of ${books.totalExpenses.formatted}.`}
          labels={books.monthly.map((each) => month(each.month))}
          labelHeading="Month"
          series={[
            { name: "Income", values: books.monthly.map(({ income }) => income.amount), colour: 1 },
            { name: "Expenses", values: books.monthly.map(({ expenses }) => expenses.amount), colour: 2 },
          ]}
          format={inCurrency(books.currency)}
        />
      </Card>
    </>
  );
}

function Rows({ which }: { readonly which: Which }): ReactNode {
  const pages = useGrowing();
  const filter = which === "ALL" ? null : { kind: which };
  const rows = useQuery(
    FinancialTransactionsDocument,
    { filter, first: pages.first },
    { live: [{ document: FinancialTransactionChangedDocument }], keepPrevious: true },
  );
  return (
    <LongTable
      query={rows}
      list={({ financialTransactions }) => financialTransactions}
      pages={pages}
      what="rows"
      caption="Rows in the books of the school"
      rowKey={({ id }) => id}
      empty="Nothing is written down yet."
      columns={[
        {
          title: "What for",
          heading: true,
          cell: ({ description, category }) => (
            <>
              {description} <span className="muted small">{category}</span>
            </>
          ),
        },
        { title: "Day", cell: ({ date }) => <Day on={date} /> },
        { title: "Reference", cell: ({ reference }) => reference },
        { title: "By", cell: ({ method }) => (method ? METHOD[method] : "–") },
        {
          title: "Way",
          cell: ({ kind }) =>
            kind === "INCOME" ? (
              <Badge tone="good" icon={<ArrowDownLeft aria-hidden />}>
                Income
              </Badge>
            ) : (
              <Badge icon={<ArrowUpRight aria-hidden />}>Expense</Badge>
            ),
        },
        { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
      ]}
    />
  );
}

interface AddRowProps {
  readonly kind: FinancialTransactionKind;
  readonly currency: string;
  readonly onClose: () => void;
}

interface RowForm {
  readonly category: string;
  readonly description: string;
  readonly amount: string;
  readonly date: string;
  readonly method: "CASH" | "BANK";
}

const BLANK = { category: "", description: "", amount: "", method: "CASH" } as const;

function AddRow({ kind, currency, onClose }: AddRowProps): ReactNode {
  const [form, setForm] = useState<RowForm>(() => ({ ...BLANK, date: today() }));
  const change = (part: Partial<RowForm>): void => setForm({ ...form, ...part });
  const done = (): void => {
    toast({
      tone: "good",
      title: kind === "INCOME" ? "Income is written down" : "Expense is written down",
      body: form.description,
    });
    onClose();
  };
  const income = useKeyedAct(AddIncomeDocument, done);
  const expense = useKeyedAct(AddExpenseDocument, done);
  const act = kind === "INCOME" ? income : expense;
  const errorOf = (field: string): string | undefined => fieldError(act.error, field);
  return (
    <ActDialog
      title={kind === "INCOME" ? "Write income down" : "Write an expense down"}
      submit="Write it down"
      act={act}
      fields={["category", "description", "amount", "date"]}
      onClose={onClose}
      onSubmit={() => act.run({ input: { ...form, amount: { amount: form.amount, currency } } })}
    >
      <RowFields kind={kind} currency={currency} form={form} errorOf={errorOf} onChange={change} />
    </ActDialog>
  );
}

interface RowFieldsProps extends Pick<AddRowProps, "kind" | "currency"> {
  readonly form: RowForm;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (part: Partial<RowForm>) => void;
}

function RowFields({ kind, currency, form, errorOf, onChange }: RowFieldsProps): ReactNode {
  return (
    <>
      <TextField
        label="Category"
        required
        maxLength={80}
        placeholder={kind === "INCOME" ? "Donations" : "Utilities"}
        value={form.category}
        onChange={(category) => onChange({ category })}
        error={errorOf("category")}
      />
      <TextField
        label="What for"
        required
        maxLength={300}
        value={form.description}
        onChange={(description) => onChange({ description })}
        error={errorOf("description")}
      />
      <MoneyField
        label="Amount"
        currency={currency}
        required
        value={form.amount}
        onChange={(amount) => onChange({ amount })}
        error={errorOf("amount")}
      />
      <TextField
        label="Day"
        type="date"
        max={today()}
        required
        value={form.date}
        onChange={(date) => onChange({ date })}
        error={errorOf("date")}
      />
      <SelectField
        label="How the money went"
        options={AT_THE_DESK}
        value={form.method}
        onChange={(method) => onChange({ method: method as "CASH" | "BANK" })}
      />
    </>
  );
}
