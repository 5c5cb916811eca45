/** The accounts of the house in a currency: those that money lies in with what is there, and all others. */
import { liveFeed, useQuery } from "@daftari/client/react";

import { CashPositionDocument, JournalEntryPostedDocument } from "@/graphql/accounting";
import { ChartOfAccountsDocument } from "@/graphql/core";

import type { AccountsOf } from "./forms";

export interface HouseAccount {
  readonly id: string;
  /** Such as "1200 Bank". */
  readonly title: string;
  /** How much money is there, where it is an account of money. */
  readonly holds?: string;
}

export interface HouseAccounts {
  /** The house's own when none was chosen; empty while that is not known. */
  readonly currency: string;
  of(which: AccountsOf): readonly HouseAccount[];
}

export function useHouseAccounts(chosen: string | null): HouseAccounts {
  const { data } = useQuery(
    CashPositionDocument,
    { currency: chosen },
    { live: [liveFeed(JournalEntryPostedDocument, {})], keepPrevious: true },
  );
  const position = data?.cashPosition;
  const currency = position?.currency ?? "";
  const chart = useQuery(ChartOfAccountsDocument, { currency }, { skip: !currency }).data?.chartOfAccounts ?? [];
  const cash = (position?.accounts ?? []).map(({ accountId, code, name, amount }) => ({
    id: accountId ?? "",
    title: `${code} ${name}`,
    holds: amount.formatted,
  }));
  const ofKind = (which: AccountsOf): HouseAccount[] =>
    chart
      .filter(({ kind }) => which === "ANY" || kind === which)
      .map(({ accountId, code, name }) => ({ id: accountId, title: `${code} ${name}` }));
  return { currency, of: (which) => (which === "CASH" ? cash : ofKind(which)) };
}
