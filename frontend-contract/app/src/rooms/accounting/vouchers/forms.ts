/** What is written on vouchers of money of each kind: under which names the API takes it, and what it says of it. */
import type { Document } from "@daftari/client";
import { useQuery } from "@daftari/client/react";

import {
  CreateExpenseDocument,
  CreateRevenueDocument,
  CreateTransferDocument,
  UpdateExpenseDocument,
  UpdateRevenueDocument,
  UpdateTransferDocument,
  ValidateExpenseDocument,
  ValidateRevenueDocument,
  ValidateTransferDocument,
} from "@/graphql/accounting";
import type { MoneyInput } from "@/graphql/schema";
import { type Act, type Keyed, useKeyedAct } from "../../forms";
import type { MoneyVoucher } from "./kinds";

/** What a form says, whichever kind it is of. */
export interface Said {
  readonly amount: MoneyInput;
  readonly description: string;
  readonly reference: string;
  readonly datedOn: string;
  /** Who is paid, or pays. */
  readonly party: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
}

/** What the server thinks of a form while it is filled in. */
export interface Check {
  readonly needsApproval: boolean;
  readonly errors: readonly { readonly message: string; readonly field: readonly string[] | null }[];
}

/** Which accounts of the house are meant: those that money lies in, those of a kind, or all. */
export type AccountsOf = "CASH" | "INCOME" | "EXPENSE" | "ANY";

export interface SideOfForm {
  readonly label: string;
  /** Its name in the API, by which it says what is wrong. */
  readonly name: string;
  readonly of: AccountsOf;
}

export interface MoneyForm {
  readonly party: { readonly label: string; readonly name: string } | null;
  /** What gives and what gets. */
  readonly from: SideOfForm;
  readonly to: SideOfForm;
  /** Writes a new one down, or the one with this id anew; tells the id. */
  useWriting(voucherId: string | undefined, done: (id: string) => void): Act<Said>;
  /** Not asked while there is too little to check. */
  useCheck(said: Said | null): Check | undefined;
}

function useWritten<T, I extends Keyed["input"]>(
  document: Document<T, { input: I }>,
  inputFor: (said: Said) => I,
  idIn: (data: T) => string | undefined,
  done: (id: string) => void,
): Act<Said> {
  const act = useKeyedAct(document, (data: T) => done(idIn(data) ?? ""));
  return { ...act, run: (said) => act.run({ input: inputFor(said) }) };
}

const common = ({ amount, description, reference, datedOn }: Said) => ({ amount, description, reference, datedOn });
const expense = (said: Said) => ({
  ...common(said),
  payee: said.party,
  categoryAccountId: said.toAccountId,
  paidFromAccountId: said.fromAccountId,
});
const revenue = (said: Said) => ({
  ...common(said),
  payer: said.party,
  categoryAccountId: said.fromAccountId,
  receivedIntoAccountId: said.toAccountId,
});
const transfer = (said: Said) => ({
  ...common(said),
  fromAccountId: said.fromAccountId,
  toAccountId: said.toAccountId,
});

/** What a check is asked with while there is nothing to ask; it is skipped then. */
const NOTHING: Said = {
  amount: { amount: "", currency: "" },
  description: "",
  reference: "",
  datedOn: "",
  party: "",
  fromAccountId: "",
  toAccountId: "",
};

export const FORMS: Readonly<Record<MoneyVoucher["__typename"], MoneyForm>> = {
  Expense: {
    party: { label: "Paid to", name: "payee" },
    from: { label: "Paid from", name: "paidFromAccountId", of: "CASH" },
    to: { label: "Kind of expense", name: "categoryAccountId", of: "EXPENSE" },
    useWriting(expenseId, done) {
      const create = useWritten(CreateExpenseDocument, expense, (data) => data.createExpense.expense?.id, done);
      const update = useWritten(
        UpdateExpenseDocument,
        (said) => ({ expenseId: expenseId ?? "", ...expense(said) }),
        (data) => data.updateExpense.expense?.id,
        done,
      );
      return expenseId === undefined ? create : update;
    },
    useCheck(said) {
      const variables = { input: expense(said ?? NOTHING) };
      return useQuery(ValidateExpenseDocument, variables, { skip: said === null }).data?.validateExpense;
    },
  },
  Revenue: {
    party: { label: "Received from", name: "payer" },
    from: { label: "Kind of revenue", name: "categoryAccountId", of: "INCOME" },
    to: { label: "Received into", name: "receivedIntoAccountId", of: "CASH" },
    useWriting(revenueId, done) {
      const create = useWritten(CreateRevenueDocument, revenue, (data) => data.createRevenue.revenue?.id, done);
      const update = useWritten(
        UpdateRevenueDocument,
        (said) => ({ revenueId: revenueId ?? "", ...revenue(said) }),
        (data) => data.updateRevenue.revenue?.id,
        done,
      );
      return revenueId === undefined ? create : update;
    },
    useCheck(said) {
      const variables = { input: revenue(said ?? NOTHING) };
      return useQuery(ValidateRevenueDocument, variables, { skip: said === null }).data?.validateRevenue;
    },
  },
  Transfer: {
    party: null,
    from: { label: "From", name: "fromAccountId", of: "CASH" },
    to: { label: "To", name: "toAccountId", of: "CASH" },
    useWriting(transferId, done) {
      const create = useWritten(CreateTransferDocument, transfer, (data) => data.createTransfer.transfer?.id, done);
      const update = useWritten(
        UpdateTransferDocument,
        (said) => ({ transferId: transferId ?? "", ...transfer(said) }),
        (data) => data.updateTransfer.transfer?.id,
        done,
      );
      return transferId === undefined ? create : update;
    },
    useCheck(said) {
      const { fromAccountId: from, toAccountId: to, amount } = said ?? NOTHING;
      return useQuery(ValidateTransferDocument, { from, to, amount }, { skip: said === null }).data?.validateTransfer;
    },
  },
};
