/** The currencies that the books are kept in, from the accounts of income. */
import { useQuery } from "@daftari/client/react";

import { AccountsDocument } from "@/graphql/core";
import { usePerson } from "@/session/person";

/** None where the viewer may not read the ledger; the house's own is then what everything is in. */
export function useCurrencies(): readonly string[] {
  const mayRead = usePerson().permissions.includes("LEDGER_READ");
  const { data } = useQuery(AccountsDocument, { filter: { kind: "INCOME" }, first: 100 }, { skip: !mayRead });
  return [...new Set(data?.accounts.nodes.map(({ currency }) => currency))].sort();
}
