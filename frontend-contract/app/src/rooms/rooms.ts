/** All rooms, in the order of the menu. */
import type { Room } from "@/shell/room";

import { room as accounting } from "./accounting/room";
import { room as approvals } from "./approvals/room";
import { room as lending } from "./lending/room";
import { room as notifications } from "./notifications/room";
import { room as payments } from "./payments/room";

export const rooms: readonly Room[] = [lending, payments, accounting, approvals, notifications];
