/** In which of the house's currencies a voucher is; nothing to choose where there is but one. */
import type { ReactNode } from "react";

import { SelectField } from "@/kit";

import { useCurrencies } from "../currencies";

interface CurrencyFieldProps {
  readonly value: string;
  readonly onChange: (currency: string) => void;
}

export function CurrencyField(field: CurrencyFieldProps): ReactNode {
  const currencies = useCurrencies();
  if (currencies.length < 2) return null;
  return <SelectField label="Currency" options={currencies.map((each) => [each, each] as const)} {...field} />;
}
