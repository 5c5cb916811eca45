/** All rooms, in the order of the menu. */
import type { Room } from "@/shell/room";

import { room as accounting } from "./accounting/room";
import { room as approvals } from "./approvals/room";
import { room as invoiceFinance } from "./invoice-finance/room";
import { room as lending } from "./lending/room";
import { room as milling } from "./milling/room";
import { room as notifications } from "./notifications/room";
import { room as payments } from "./payments/room";
import { room as school } from "./school/room";

export const rooms: readonly Room[] = [
  lending,
  milling,
  invoiceFinance,
  school,
  payments,
  accounting,
  approvals,
  notifications,
];
