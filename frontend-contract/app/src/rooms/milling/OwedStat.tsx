/** What customers or suppliers owe, and how much of it is late. */
import type { ReactNode } from "react";

import { LiveMoney, Stat } from "@/kit";

import type { Mill } from "./useMill";

type Tally = Mill["salesRevenue"]["receivables"];

interface OwedStatProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly owed: Tally;
  readonly overdue: Tally;
}

export function OwedStat({ label, icon, owed, overdue }: OwedStatProps): ReactNode {
  const late = overdue.count > 0;
  return (
    <Stat
      label={label}
      icon={icon}
      tone={late ? "bad" : undefined}
      note={late ? `${overdue.amount.formatted} of it is late` : "Nothing is late"}
    >
      <LiveMoney money={owed.amount} label={label} />
    </Stat>
  );
}
