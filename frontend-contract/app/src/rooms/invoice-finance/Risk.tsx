/** How risky the rules find an invoice, and why: each rule's part of the points, in its own words. */
import type { ReactNode } from "react";

import { Badge, Card, Empty, Progress } from "@/kit";

import rooms from "../rooms.module.css";
import type { InvoiceFull } from "./invoices";
import styles from "./invoices.module.css";
import { toneOfGrade } from "./words";

/** The bar of a grade has its tone as far as bars have it. */
const BARS = { good: "good", info: "accent", warn: "warn", bad: "bad" } as const;

export function Risk({ invoice: { riskScore } }: { readonly invoice: InvoiceFull }): ReactNode {
  if (!riskScore) return null;
  const { score, grade, factors } = riskScore;
  const most = Math.max(1, ...factors.map(({ points }) => Math.abs(points)));
  return (
    <Card title="Risk" actions={<Badge tone={toneOfGrade(grade)}>Grade {grade}</Badge>} flush>
      <div className={rooms.inset}>
        <Progress
          label="Points; more is riskier"
          value={score}
          detail={`${score} of 100`}
          tone={BARS[toneOfGrade(grade)]}
        />
      </div>
      {factors.length === 0 ? (
        <Empty>No rule finds anything against it.</Empty>
      ) : (
        <ul className={rooms.list}>
          {factors.map(({ rule, points, sentence }) => (
            <li key={rule}>
              <span className={rooms.what}>{sentence}</span>
              <span className={styles.points}>
                <span className={styles.weight} aria-hidden>
                  <span style={{ inlineSize: `${(Math.abs(points) / most) * 100}%` }} />
                </span>
                <span className="number muted">
                  {points > 0 ? "+" : ""}
                  {points}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
