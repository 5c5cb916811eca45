/** All rooms, in the order of the menu. */
import type { Room } from "@/shell/room";

import { room as approvals } from "./approvals/room";
import { room as notifications } from "./notifications/room";

export const rooms: readonly Room[] = [approvals, notifications];
