/** A list that grows: the rows that there are, and below them the way to more; as a table, a list of items, or cards. */
import type { QueryResult } from "@daftari/client/react";
import type { ReactNode } from "react";

import { Empty, Loaded } from "@/kit";
import { Table, type TableProps } from "@/kit/Table";

import { More } from "./More";
import styles from "./rooms.module.css";
import type { Growing } from "./useGrowing";

interface LongProps<T, Row> {
  readonly query: Pick<QueryResult<T>, "data" | "error" | "refetch" | "loading" | "refreshing">;
  /** Where the list is in what the query answers. */
  readonly list: (data: T) => {
    readonly nodes: readonly Row[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
  readonly pages: Growing;
  /** What there is more of, such as "loans". */
  readonly what: string;
}

interface GrowingProps<T, Row> extends LongProps<T, Row> {
  readonly children: (rows: readonly Row[]) => ReactNode;
}

function Long<T, Row>({ query, list, pages, what, children }: GrowingProps<T, Row>): ReactNode {
  return (
    <Loaded query={query}>
      {(data) => {
        const { nodes, pageInfo } = list(data);
        return (
          <>
            {children(nodes)}
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.loading || query.refreshing} what={what} />
          </>
        );
      }}
    </Loaded>
  );
}

type LongTableProps<T, Row> = LongProps<T, Row> & Omit<TableProps<Row>, "rows">;

export function LongTable<T, Row>({ query, list, pages, what, ...table }: LongTableProps<T, Row>): ReactNode {
  return (
    <Long query={query} list={list} pages={pages} what={what}>
      {(rows) => <Table {...table} rows={rows} />}
    </Long>
  );
}

interface LongListProps<T, Row> extends LongProps<T, Row> {
  /** What stands where there are none. */
  readonly empty: ReactNode;
  /** A row as an item of a list. */
  readonly item: (row: Row) => ReactNode;
}

export function LongList<T, Row>({ empty, item, ...long }: LongListProps<T, Row>): ReactNode {
  return (
    <Long {...long}>
      {(rows) => (rows.length === 0 ? <Empty>{empty}</Empty> : <ul className={styles.list}>{rows.map(item)}</ul>)}
    </Long>
  );
}

interface LongCardsProps<T, Row> extends LongProps<T, Row> {
  /** What stands where there are none, and what is drawn above it. */
  readonly empty: ReactNode;
  readonly icon?: ReactNode;
  /** A row as a card. */
  readonly card: (row: Row) => ReactNode;
}

export function LongCards<T, Row>({ empty, icon, card, ...long }: LongCardsProps<T, Row>): ReactNode {
  return (
    <Long {...long}>
      {(rows) =>
        rows.length === 0 ? <Empty icon={icon}>{empty}</Empty> : <div className={styles.cards}>{rows.map(card)}</div>
      }
    </Long>
  );
}
