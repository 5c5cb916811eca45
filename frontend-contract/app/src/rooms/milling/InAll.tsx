/** What lines of goods come to at their prices, while they are written. */
import { money } from "@daftari/client";
import type { ReactNode } from "react";

import { LiveNumber } from "@/kit";

import { inCurrency } from "../amounts";
import { isPositive, times } from "../decimals";
import styles from "./milling.module.css";

interface InAllProps {
  readonly lines: readonly { readonly quantity: string; readonly price: string }[];
  readonly currency: string;
}

export function InAll({ lines, currency }: InAllProps): ReactNode {
  const amounts = lines
    .filter(({ quantity, price }) => isPositive(quantity, 3) && isPositive(price, 3))
    .map(({ quantity, price }) => times(quantity, price));
  if (amounts.length === 0) return null;
  return (
    <p className={styles.total}>
      <span>In all</span>
      <LiveNumber value={inCurrency(currency)(money.sum(amounts))} label="In all" />
    </p>
  );
}
