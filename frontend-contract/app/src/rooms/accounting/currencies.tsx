/** The currencies that the books are kept in, from the accounts of income, and choosing one. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { AccountsDocument } from "@/graphql/core";
import { Segments, SelectField } from "@/kit";
import { usePerson } from "@/session/person";

/** None where the viewer may not read the ledger; the house's own is then what everything is in. */
function useCurrencies(): readonly string[] {
  const mayRead = usePerson().permissions.includes("LEDGER_READ");
  const { data } = useQuery(AccountsDocument, { filter: { kind: "INCOME" }, first: 100 }, { skip: !mayRead });
  return [...new Set(data?.accounts.nodes.map(({ currency }) => currency))].sort();
}

interface CurrencyProps {
  readonly value: string;
  readonly onChange: (currency: string) => void;
}

/** Of a page; nothing to choose where there is but one. */
export function CurrencySegments(choice: CurrencyProps): ReactNode {
  const currencies = useCurrencies();
  if (currencies.length < 2) return null;
  return <Segments label="Currency" options={currencies.map((each) => [each, each] as const)} {...choice} />;
}

/** Of a form. */
export function CurrencyField(field: CurrencyProps): ReactNode {
  const currencies = useCurrencies();
  if (currencies.length < 2) return null;
  return <SelectField label="Currency" options={currencies.map((each) => [each, each] as const)} {...field} />;
}
