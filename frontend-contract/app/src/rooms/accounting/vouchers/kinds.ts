/** The four kinds of vouchers: what each is called, who may do what with it, what is done with every one of them. */
import type { Document } from "@daftari/client";

import {
  PostExpenseDocument,
  PostJournalEntryDocument,
  PostRevenueDocument,
  ProcessTransferDocument,
  ReverseExpenseDocument,
  ReverseJournalEntryDocument,
  ReverseRevenueDocument,
  ReverseTransferDocument,
  VoidExpenseDocument,
  VoidJournalEntryDocument,
  VoidRevenueDocument,
  VoidTransferDocument,
  type VoucherQuery,
} from "@/graphql/accounting";
import type { Permission, VoucherState } from "@/graphql/schema";

import { type Act, type Keyed, useKeyedAct } from "../../forms";
import type { PATHS } from "../paths";

/** A voucher with all that is known of it. */
export type Voucher = Extract<NonNullable<VoucherQuery["node"]>, { __typename: Kind }>;
export type MoneyVoucher = Exclude<Voucher, { __typename: "JournalDraft" }>;
export type Kind = keyof typeof PATHS;

/** What an act is told: which voucher, and why where a reason is asked for. */
export interface ActOn {
  readonly voucher: Pick<Voucher, "id" | "entryId">;
  readonly reason?: string;
}

/** What is done with a voucher: a hook as `useKeyedAct` is one. What comes of it is the voucher's next state. */
export interface VoucherAct {
  useIt(done: (state: VoucherState | undefined) => void): Act<ActOn>;
}

function actOn<T, I extends Keyed["input"]>(
  document: Document<T, { input: I }>,
  inputFor: (voucher: ActOn["voucher"], reason: string) => I,
  stateIn: (data: T) => VoucherState | undefined = () => undefined,
): VoucherAct {
  return {
    useIt(done) {
      const act = useKeyedAct(document, (data: T) => done(stateIn(data)));
      return { ...act, run: ({ voucher, reason = "" }) => act.run({ input: inputFor(voucher, reason) }) };
    },
  };
}

interface KindOfVoucher {
  /** In the middle of a sentence: "expense". */
  readonly one: string;
  readonly title: string;
  /** Who may write, post and throw away, and who may take back. */
  readonly write: Permission;
  readonly undo: Permission;
  /** The verb that brings one into the books, and what is told when it is there. */
  readonly verb: string;
  readonly posted: string;
  readonly post: VoucherAct;
  readonly throwAway: VoucherAct;
  readonly takeBack: VoucherAct;
}

export const KINDS: Readonly<Record<Kind, KindOfVoucher>> = {
  Expense: {
    one: "expense",
    title: "Expenses",
    write: "ACCOUNTING_WRITE",
    undo: "ACCOUNTING_APPROVE",
    verb: "Post",
    posted: "It is in the books",
    post: actOn(PostExpenseDocument, byExpense, ({ postExpense }) => postExpense.expense?.state),
    throwAway: actOn(VoidExpenseDocument, byExpense),
    takeBack: actOn(ReverseExpenseDocument, (voucher, reason) => ({ ...byExpense(voucher), reason })),
  },
  Revenue: {
    one: "revenue",
    title: "Revenues",
    write: "ACCOUNTING_WRITE",
    undo: "ACCOUNTING_APPROVE",
    verb: "Post",
    posted: "It is in the books",
    post: actOn(PostRevenueDocument, byRevenue, ({ postRevenue }) => postRevenue.revenue?.state),
    throwAway: actOn(VoidRevenueDocument, byRevenue),
    takeBack: actOn(ReverseRevenueDocument, (voucher, reason) => ({ ...byRevenue(voucher), reason })),
  },
  Transfer: {
    one: "transfer",
    title: "Transfers",
    write: "ACCOUNTING_WRITE",
    undo: "ACCOUNTING_APPROVE",
    verb: "Process",
    posted: "The money is moved",
    post: actOn(ProcessTransferDocument, byTransfer, ({ processTransfer }) => processTransfer.transfer?.state),
    throwAway: actOn(VoidTransferDocument, byTransfer),
    takeBack: actOn(ReverseTransferDocument, (voucher, reason) => ({ ...byTransfer(voucher), reason })),
  },
  JournalDraft: {
    one: "entry by hand",
    title: "Entries by hand",
    write: "LEDGER_POST",
    undo: "LEDGER_POST",
    verb: "Post",
    posted: "It is in the books",
    post: actOn(PostJournalEntryDocument, byDraft, ({ postJournalEntry }) => postJournalEntry.journalDraft?.state),
    throwAway: actOn(VoidJournalEntryDocument, byDraft),
    takeBack: actOn(ReverseJournalEntryDocument, ({ entryId }, reason) => ({ entryId: entryId ?? "", reason })),
  },
};

function byExpense({ id }: ActOn["voucher"]): { expenseId: string } {
  return { expenseId: id };
}

function byRevenue({ id }: ActOn["voucher"]): { revenueId: string } {
  return { revenueId: id };
}

function byTransfer({ id }: ActOn["voucher"]): { transferId: string } {
  return { transferId: id };
}

function byDraft({ id }: ActOn["voucher"]): { draftId: string } {
  return { draftId: id };
}

const UNPOSTED: readonly VoucherState[] = ["DRAFT", "PENDING_APPROVAL", "REJECTED"];

/** What may be done with a voucher in its state by somebody with these permissions. */
export function actsOpen(
  kind: Kind,
  state: VoucherState,
  permissions: readonly string[],
): Readonly<Record<"post" | "change" | "throwAway" | "takeBack", boolean>> {
  const { write, undo } = KINDS[kind];
  const unposted = UNPOSTED.includes(state) && permissions.includes(write);
  return {
    post: state === "DRAFT" && unposted,
    change: unposted,
    throwAway: unposted,
    takeBack: state === "POSTED" && permissions.includes(undo),
  };
}
