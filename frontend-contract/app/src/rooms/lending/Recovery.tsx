/** Getting back what is late: every step of the branch, and what was said with borrowers. */
import { type ReactNode, useState } from "react";

import type { RecoveryActionFilter } from "@/graphql/schema";
import { Card, Page, Segments, today } from "@/kit";
import { usePerson } from "@/session/person";

import { RecoverySteps } from "./RecoverySteps";
import { Talks } from "./Talks";

type Which = "MINE" | "OPEN" | "OVER";

const EMPTY: Record<Which, string> = {
  MINE: "No step is yours to do.",
  OPEN: "No step is to be done.",
  OVER: "No step was ended yet.",
};

export function Screen(): ReactNode {
  return (
    <Page title="Recovery" note="Steps are planned on the page of a loan. What is received is recorded there too.">
      <div className="split split-even">
        <Steps />
        <WhatWasSaid />
      </div>
    </Page>
  );
}

function Steps(): ReactNode {
  const { id: me } = usePerson();
  const [which, setWhich] = useState<Which>("OPEN");
  const filters: Record<Which, RecoveryActionFilter> = {
    MINE: { statuses: ["OPEN", "IN_PROGRESS"], assignedToId: me },
    OPEN: { statuses: ["OPEN", "IN_PROGRESS"] },
    OVER: { statuses: ["COMPLETED", "CANCELLED"] },
  };
  return (
    <Card
      title="Steps"
      flush
      actions={
        <Segments
          label="Which steps"
          value={which}
          onChange={setWhich}
          options={[
            ["MINE", "Mine"],
            ["OPEN", "All"],
            ["OVER", "Over"],
          ]}
        />
      }
    >
      <RecoverySteps key={which} filter={filters[which]} empty={EMPTY[which]} />
    </Card>
  );
}

function WhatWasSaid(): ReactNode {
  const [which, setWhich] = useState<"ALL" | "DUE">("ALL");
  const due = which === "DUE";
  return (
    <Card
      title="What was said"
      flush
      actions={
        <Segments
          label="Which talks"
          value={which}
          onChange={setWhich}
          options={[
            ["ALL", "All"],
            ["DUE", "To come back to"],
          ]}
        />
      }
    >
      <Talks
        key={which}
        followUpBy={due ? today() : undefined}
        empty={due ? "Nobody is to be called back today." : "Nothing was noted yet."}
      />
    </Card>
  );
}
