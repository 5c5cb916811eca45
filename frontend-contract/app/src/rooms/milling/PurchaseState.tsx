/** Where a purchase stands, in a word: a bill that is settled counts as paid. */
import type { ReactNode } from "react";

import { Badge, today } from "@/kit";

import rooms from "../rooms.module.css";
import type { PurchaseRow } from "./rows";
import { PURCHASE_STATUS } from "./words";

type Standing = Pick<PurchaseRow, "status" | "dueAmount" | "dueOn">;

export function PurchaseState({ purchase: { status, dueAmount, dueOn } }: { readonly purchase: Standing }): ReactNode {
  const owed = Number(dueAmount.amount) > 0;
  const { word, tone } = PURCHASE_STATUS[status === "BILLED" && !owed ? "PAID" : status];
  return (
    <span className={rooms.buttons}>
      <Badge tone={tone}>{word}</Badge>
      {owed && dueOn !== null && dueOn < today() && <Badge tone="bad">Late</Badge>}
    </span>
  );
}
