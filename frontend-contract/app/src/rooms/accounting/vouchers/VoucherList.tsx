/** The vouchers of one kind, by state and by words; drafts are brought into the books from here. */
import type { QueryResult } from "@daftari/client/react";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import type { VoucherFilter, VoucherState } from "@/graphql/schema";
import { Button, Card, type Column, Day, humanise, Money, type MoneyShape, Page, Status, type TabLink } from "@/kit";
import { usePerson } from "@/session/person";

import { Filters } from "../../Filters";
import { useFocusWhenRowsLeave } from "../../focus";
import { LongTable } from "../../LongTable";
import { type Growing, useGrowing } from "../../useGrowing";
import { useSettled } from "../../useSettled";
import { voucherPath } from "../paths";
import { Post } from "./acts";
import { actsOpen, type Kind, KINDS } from "./kinds";

/** What all kinds tell in a list. */
export interface Listed {
  readonly id: string;
  readonly number: number;
  readonly state: VoucherState;
  readonly datedOn: string;
  readonly description: string;
  readonly entryId: string | null;
  readonly amount?: MoneyShape;
}

type Which = VoucherState | "ALL";

const WHICH: readonly (readonly [Which, string])[] = [
  ["ALL", "All"],
  ["DRAFT", "Drafts"],
  ["PENDING_APPROVAL", "Waiting"],
  ["POSTED", "Posted"],
  ["REVERSED", "Taken back"],
];

interface Asked {
  readonly filter: VoucherFilter | null;
  readonly pages: Growing;
  /** The fields with which it is chosen. */
  readonly filters: ReactNode;
}

/** Which vouchers of a kind are asked for. */
export function useAsked(): Asked {
  const [which, setWhich] = useState<Which>("ALL");
  const [words, setWords] = useState("");
  const pages = useGrowing();
  const search = useSettled(words).trim();
  const filter = { ...(which !== "ALL" && { states: [which] }), ...(search && { search }) };
  const filters = (
    <Filters
      which={{ label: "In which state", value: which, onChange: setWhich, options: WHICH }}
      find={{ by: "Words or a name", value: words, onChange: setWords }}
    />
  );
  return { filter: Object.keys(filter).length > 0 ? filter : null, pages, filters };
}

interface VoucherListProps<T, Row extends Listed> {
  readonly kind: Kind;
  readonly note?: string;
  readonly tabs?: readonly TabLink[];
  readonly asked: Asked;
  readonly query: QueryResult<T>;
  readonly list: (data: T) => { readonly nodes: readonly Row[]; readonly pageInfo: { readonly hasNextPage: boolean } };
  /** What this kind tells beside what all do. */
  readonly columns: readonly Column<Row>[];
  /** The form with which a new one is written. */
  readonly writing: (onClose: () => void) => ReactNode;
}

export function VoucherList<T, Row extends Listed>({
  kind,
  note,
  tabs,
  asked,
  query,
  list,
  columns,
  writing,
}: VoucherListProps<T, Row>): ReactNode {
  const [creating, setCreating] = useState(false);
  const [posting, setPosting] = useState<Row | null>(null);
  const { permissions } = usePerson();
  const { one, title, write } = KINDS[kind];
  const mayWrite = permissions.includes(write);
  const focus = useFocusWhenRowsLeave(query.data);
  const create = mayWrite && (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
      New {one}
    </Button>
  );
  return (
    <Page title={title} note={note} tabs={tabs} actions={create}>
      {asked.filters}
      <div {...focus}>
        <Card flush>
          <LongTable
            query={query}
            list={list}
            pages={asked.pages}
            what={title.toLowerCase()}
            caption={title}
            rowKey={({ id }) => id}
            columns={columnsOf(kind, columns, mayWrite && postColumn<Row>(kind, permissions, setPosting))}
            empty={asked.filter ? `No ${title.toLowerCase()} like that.` : `No ${title.toLowerCase()} yet.`}
          />
        </Card>
      </div>
      {creating && writing(() => setCreating(false))}
      {posting && <Post kind={kind} voucher={posting} amount={posting.amount} onClose={() => setPosting(null)} />}
    </Page>
  );
}

function columnsOf<Row extends Listed>(
  kind: Kind,
  own: readonly Column<Row>[],
  act: Column<Row> | false,
): Column<Row>[] {
  return [
    {
      title: humanise(KINDS[kind].one),
      heading: true,
      cell: ({ id, number, description }) => <Link href={voucherPath(kind, id)}>{`${number} · ${description}`}</Link>,
    },
    ...own.filter(({ numeric }) => !numeric),
    { title: "Of the day", cell: ({ datedOn }) => <Day on={datedOn} /> },
    ...own.filter(({ numeric }) => numeric),
    { title: "State", cell: ({ state }) => <VoucherStatus state={state} /> },
    ...(act ? [act] : []),
  ];
}

export function VoucherStatus({ state }: { readonly state: VoucherState }): ReactNode {
  return <Status status={state} tone={state === "DRAFT" ? "plain" : undefined} />;
}

/** The column with what vouchers of money are about. */
export function amountColumn<Row extends { readonly amount: MoneyShape }>(): Column<Row> {
  return { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> };
}

function postColumn<Row extends Listed>(
  kind: Kind,
  permissions: readonly string[],
  post: (row: Row) => void,
): Column<Row> {
  const { verb } = KINDS[kind];
  return {
    title: verb,
    quiet: true,
    cell: (row) =>
      actsOpen(kind, row.state, permissions).post && (
        <Button size="small" onClick={() => post(row)}>
          {verb}
          <span className="unseen"> {row.description}</span>
        </Button>
      ),
  };
}
