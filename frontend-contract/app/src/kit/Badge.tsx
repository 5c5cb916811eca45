/** Small marks of state: always a word, and never a colour alone. */
import { CircleAlert, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import styles from "./Badge.module.css";
import { humanise } from "./words";

export type Tone = "plain" | "good" | "info" | "warn" | "high" | "bad" | "accent";

export function Badge({
  tone = "plain",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      {icon}
      {children}
    </span>
  );
}

/** What the states of all businesses mean to a reader, by words in their names. The first that fits decides. */
const TONES: readonly [RegExp, Tone][] = [
  [/REJECT|FAIL|DEFAULT|WRITTEN|CHARGED_OFF|OUT_OF_STOCK|ABSENT|EXPIRED/, "bad"],
  [/OVERDUE|ARREARS|LATE|DISCREPAN|MISMATCH|LOW_STOCK|SUSPENDED|ESCALAT/, "high"],
  [/UNPAID|PENDING|WAIT|PARTIAL|REVIEW|QUEUED|OPEN|UNVERIFIED|INVESTIGAT|PROMPT|DUE/, "warn"],
  [/RUNNING|PROCESSING|PROGRESS|SUBMITTED|LISTED|FUNDED|APPROVED|CONFIRMED|DISBURSED|STARTED|ASSIGNED/, "info"],
  [
    /PAID|ACTIVE|POSTED|COMPLETE|DONE|MATCHED|SETTLED|PRESENT|RESOLVED|PROCESSED|DELIVERED|SENT|VERIFIED|CREDITED/,
    "good",
  ],
];

export function toneOf(status: string): Tone {
  return TONES.find(([words]) => words.test(status))?.[1] ?? "plain";
}

/** The state of something, such as PENDING_APPROVAL, in words and a fitting tone. */
export function Status({ status, tone }: { status: string; tone?: Tone }): ReactNode {
  return <Badge tone={tone ?? toneOf(status)}>{humanise(status)}</Badge>;
}

const SEVERITIES = {
  CRITICAL: { tone: "bad", Icon: OctagonAlert },
  HIGH: { tone: "high", Icon: TriangleAlert },
  MEDIUM: { tone: "warn", Icon: CircleAlert },
  LOW: { tone: "info", Icon: Info },
} as const satisfies Record<string, { tone: Tone; Icon: typeof Info }>;

export type SeverityLevel = keyof typeof SEVERITIES;
export const SEVERITY_ORDER: readonly SeverityLevel[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/** How bad something is: an icon of its own shape, a word, and a colour. */
export function Severity({ level }: { level: SeverityLevel }): ReactNode {
  const { tone, Icon } = SEVERITIES[level];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {humanise(level)}
    </Badge>
  );
}
