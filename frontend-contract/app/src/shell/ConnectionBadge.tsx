/** Whether what is seen is the present: how the connection stands, and since when it has been silent. */
import { CircleCheck, CloudOff, LoaderCircle, Radio, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { useConnection } from "@daftari/client/react";

import { clock } from "@/kit/words";

import styles from "./ConnectionBadge.module.css";

const LOOKS = {
  online: { Icon: CircleCheck, tone: styles.calm },
  connecting: { Icon: LoaderCircle, tone: styles.calm },
  live: { Icon: Radio, tone: styles.live },
  stale: { Icon: TriangleAlert, tone: styles.stale },
  offline: { Icon: CloudOff, tone: styles.offline },
} as const;

export type ConnectionStatus = keyof typeof LOOKS;

/** The words of the badge. */
export function connectionWords(status: ConnectionStatus, since: Date): string {
  if (status === "stale") return `Stale since ${clock(since)}`;
  if (status === "connecting") return "Connecting";
  return status.charAt(0).toUpperCase() + status.slice(1);
}

export function ConnectionBadge(): ReactNode {
  const { status, since } = useConnection();
  const { Icon, tone } = LOOKS[status];
  return (
    <p
      role="status"
      className={`${styles.badge} ${tone}`}
      data-connection={status}
      title={`${connectionWords(status, since)} (since ${clock(since)})`}
    >
      <Icon aria-hidden />
      <span className="unseen">Connection: </span>
      {connectionWords(status, since)}
    </p>
  );
}
