/** Where a sale stands, in words: how far it is, what became of its invoice, and by when it is paid. */
import type { ReactNode } from "react";

import { Badge, Day } from "@/kit";

import rooms from "../rooms.module.css";
import type { SaleRow } from "./rows";
import { FINANCE_STATUS, SALE_STATUS } from "./words";

type Standing = Pick<SaleRow, "status" | "overdue" | "dueOn" | "financeStatus">;

export function SaleState({ sale }: { readonly sale: Standing }): ReactNode {
  const { word, tone } = SALE_STATUS[sale.status];
  const finance = sale.financeStatus && FINANCE_STATUS[sale.financeStatus];
  return (
    <span className={rooms.buttons}>
      <Badge tone={tone}>{word}</Badge>
      {finance && <Badge tone={finance.tone}>{finance.word}</Badge>}
      {sale.overdue && <Badge tone="bad">Late</Badge>}
      {!sale.overdue && sale.dueOn && sale.status === "DELIVERED" && (
        <span className="muted small">
          due <Day on={sale.dueOn} />
        </span>
      )}
    </span>
  );
}
