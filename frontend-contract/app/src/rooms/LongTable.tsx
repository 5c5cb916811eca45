/** A list as a table that grows: the rows that there are, and below them the way to more. */
import type { QueryResult } from "@daftari/client/react";
import type { ReactNode } from "react";

import { Loaded } from "@/kit";
import { Table, type TableProps } from "@/kit/Table";

import { More } from "./More";
import type { Growing } from "./useGrowing";

interface LongTableProps<T, Row> extends Omit<TableProps<Row>, "rows"> {
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

export function LongTable<T, Row>({ query, list, pages, what, ...table }: LongTableProps<T, Row>): ReactNode {
  return (
    <Loaded query={query}>
      {(data) => {
        const { nodes, pageInfo } = list(data);
        return (
          <>
            <Table {...table} rows={nodes} />
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.loading || query.refreshing} what={what} />
          </>
        );
      }}
    </Loaded>
  );
}
