/** Expenses: written down as drafts, brought into the books, waiting for approval above the threshold. */
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import {
  ExpensesDocument,
  type ExpensesQuery,
  PostExpenseDocument,
  VoucherUpdatedDocument,
} from "@/graphql/accounting";
import type { VoucherState } from "@/graphql/schema";
import { Status } from "@/kit/Badge";
import { Button } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { Money } from "@/kit/LiveNumber";
import { Page, Segments } from "@/kit/Page";
import { type Column, Table } from "@/kit/Table";
import { Day } from "@/kit/Time";
import { toast } from "@/kit/toasts";
import { usePerson } from "@/session/person";

import { ActDialog, useKeyedAct } from "../forms";
import { More } from "../More";
import { useGrowing } from "../useGrowing";
import { NewExpense } from "./NewExpense";

type Expense = ExpensesQuery["expenses"]["nodes"][number];
type Which = VoucherState | "ALL";

const WHICH: readonly (readonly [Which, string])[] = [
  ["ALL", "All"],
  ["DRAFT", "Drafts"],
  ["PENDING_APPROVAL", "Waiting"],
  ["POSTED", "Posted"],
];

export function ExpensesPage(): ReactNode {
  const [which, setWhich] = useState<Which>("ALL");
  const [creating, setCreating] = useState(false);
  const [posting, setPosting] = useState<Expense | null>(null);
  const pages = useGrowing();
  const mayWrite = usePerson().permissions.includes("ACCOUNTING_WRITE");
  const variables = { first: pages.first, filter: which === "ALL" ? null : { states: [which] } };
  const query = useQuery(ExpensesDocument, variables, {
    live: [liveFeed(VoucherUpdatedDocument, {})],
    keepPrevious: true,
  });
  return (
    <Page
      title="Expenses"
      note="Above the house's threshold a second person approves before the books are touched."
      actions={
        mayWrite && (
          <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
            New expense
          </Button>
        )
      }
    >
      <Segments label="Which expenses" value={which} onChange={setWhich} options={WHICH} />
      <Card flush>
        <Loaded query={query} lines={8}>
          {({ expenses: { nodes, pageInfo } }) => (
            <>
              <Table
                caption="Expenses"
                rows={nodes}
                rowKey={({ id }) => id}
                columns={mayWrite ? [...COLUMNS, postColumn(setPosting)] : COLUMNS}
                empty="No expenses of this kind."
              />
              <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.refreshing} what="expenses" />
            </>
          )}
        </Loaded>
      </Card>
      {creating && <NewExpense onClose={() => setCreating(false)} />}
      {posting && <PostExpense expense={posting} onClose={() => setPosting(null)} />}
    </Page>
  );
}

const COLUMNS: readonly Column<Expense>[] = [
  { title: "Expense", heading: true, cell: ({ number, description }) => `${number} · ${description}` },
  { title: "Paid to", cell: ({ payee }) => payee },
  { title: "Of the day", cell: ({ datedOn }) => <Day on={datedOn} /> },
  { title: "Written by", cell: ({ creator }) => creator?.name ?? "Daftari" },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
  { title: "State", cell: ({ state }) => <Status status={state} tone={state === "DRAFT" ? "plain" : undefined} /> },
];

function postColumn(post: (expense: Expense) => void): Column<Expense> {
  return {
    title: "Post",
    quiet: true,
    cell: (expense) =>
      expense.state === "DRAFT" && (
        <Button size="small" onClick={() => post(expense)}>
          Post<span className="unseen"> {expense.description}</span>
        </Button>
      ),
  };
}

function PostExpense({ expense, onClose }: { expense: Expense; onClose: () => void }): ReactNode {
  const act = useKeyedAct(PostExpenseDocument, ({ postExpense }) => {
    const posted = postExpense.expense?.state === "POSTED";
    toast({
      title: posted ? "It is in the books" : "It waits for approval",
      body: expense.description,
      tone: posted ? "good" : "info",
    });
    onClose();
  });
  return (
    <ActDialog
      title="Bring this into the books?"
      submit="Post"
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { expenseId: expense.id } })}
    >
      <p>
        <Money money={expense.amount} /> to {expense.payee}: {expense.description}.
      </p>
    </ActDialog>
  );
}
