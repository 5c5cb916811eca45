/** A figure of money that came in, with a bar that says how much that is of all that is asked for. */
import type { ReactNode } from "react";

import { LiveMoney, Progress, Stat } from "@/kit";

import { sharePaid } from "./amounts";

interface Sum {
  readonly amount: string;
  readonly formatted: string;
}

interface PaidStatProps {
  readonly label: string;
  readonly paid: Sum;
  readonly left: Sum;
  readonly icon?: ReactNode;
}

export function PaidStat({ label, paid, left, icon }: PaidStatProps): ReactNode {
  const bar = <Progress label={label} hideLabel value={sharePaid(paid.amount, left.amount)} tone="good" />;
  return (
    <Stat label={label} icon={icon} note={bar}>
      <LiveMoney money={paid} label={label} />
    </Stat>
  );
}
