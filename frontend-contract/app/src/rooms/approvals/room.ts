import { Stamp } from "lucide-react";

import { whoMay, type Room } from "@/shell/room";

import { WaitingCount } from "./WaitingCount";

/** The approvals centre: whatever a second person has to agree to, in one queue. */
export const room: Room = {
  title: "Decisions",
  pages: [
    {
      path: "/approvals",
      title: "Approvals",
      icon: Stamp,
      may: whoMay("APPROVALS_READ"),
      load: () => import("./ApprovalsPage").then(({ ApprovalsPage }) => ({ Screen: ApprovalsPage })),
      Count: WaitingCount,
    },
  ],
  subjects: { approval: () => "/approvals" },
};
