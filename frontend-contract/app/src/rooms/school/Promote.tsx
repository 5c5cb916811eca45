/** Moving a class on: what would become of each student is seen before, and can be decided otherwise, one by one. */
import { useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import {
  EnrolmentUpdatedDocument,
  PromoteStudentsDocument,
  PromotionPlanDocument,
  type PromotionPlanQuery,
  SchoolClassesDocument,
} from "@/graphql/school";
import type { PromotionDecision, PromotionInput } from "@/graphql/schema";
import { Badge, humanise, Loaded, Notice, SelectField, Status, Table, toast } from "@/kit";

import { ActDialog, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import type { Year } from "./year";

type Plan = PromotionPlanQuery["promotionPlan"];
type Step = Plan["steps"][number];
type Decisions = Readonly<Record<string, PromotionDecision>>;

interface PromoteProps {
  /** The latest first. */
  readonly years: readonly Year[];
  readonly onClose: () => void;
}

export function Promote({ years, onClose }: PromoteProps): ReactNode {
  const classes = useQuery(SchoolClassesDocument, { first: 100 }).data?.schoolClasses.nodes ?? [];
  const [chosen, setChosen] = useState({
    fromClassId: "",
    fromYearId: years[1]?.id ?? "",
    toYearId: years[0]?.id ?? "",
  });
  const [decisions, setDecisions] = useState<Decisions>({});
  const asked = { ...chosen, fromClassId: chosen.fromClassId || (classes[0]?.id ?? "") };
  const complete = asked.fromClassId !== "" && asked.fromYearId !== "" && asked.toYearId !== "";
  const decided = Object.entries(decisions).map(([studentId, decision]) => ({ studentId, decision }));
  const input: PromotionInput = { ...asked, decisions: decided };
  const plan = useQuery(
    PromotionPlanDocument,
    { input },
    { skip: !complete, live: [{ document: EnrolmentUpdatedDocument }], keepPrevious: true },
  );
  const act = useKeyedAct(PromoteStudentsDocument, ({ promoteStudents: { run } }) => {
    toast({ tone: "good", title: `${run?.number ?? "It"} is under way`, body: "Each student moves on by the plan." });
    onClose();
  });
  const choose = (part: Partial<typeof chosen>): void => {
    setChosen({ ...chosen, ...part });
    setDecisions({});
  };
  return (
    <ActDialog
      title="Move a class on"
      submit="Move it on"
      wide
      act={act}
      disabled={!complete || !plan.data || !movesAnybody(plan.data.promotionPlan)}
      onClose={onClose}
      onSubmit={() => act.run({ input })}
    >
      {years.length < 2 && <Notice tone="warn">Open the year that comes first.</Notice>}
      <Choices years={years} classes={classes} chosen={asked} onChoose={choose} />
      {complete && (
        <Loaded query={plan}>
          {({ promotionPlan }) => (
            <PlanTable
              plan={promotionPlan}
              decisions={decisions}
              onDecide={(studentId, decision) => setDecisions({ ...decisions, [studentId]: decision })}
            />
          )}
        </Loaded>
      )}
    </ActDialog>
  );
}

interface Chosen {
  readonly fromClassId: string;
  readonly fromYearId: string;
  readonly toYearId: string;
}

interface ChoicesProps {
  readonly years: readonly Year[];
  readonly classes: readonly { readonly id: string; readonly title: string }[];
  readonly chosen: Chosen;
  readonly onChoose: (part: Partial<Chosen>) => void;
}

/** Which class, out of which year and into which. */
function Choices({ years, classes, chosen, onChoose }: ChoicesProps): ReactNode {
  const yearOptions = years.map(({ id, title }) => [id, title] as const);
  return (
    <div className={rooms.pair}>
      <SelectField
        label="Class"
        options={classes.map(({ id, title }) => [id, title] as const)}
        value={chosen.fromClassId}
        onChange={(fromClassId) => onChoose({ fromClassId })}
      />
      <SelectField
        label="Year that ends"
        options={yearOptions}
        value={chosen.fromYearId}
        onChange={(fromYearId) => onChoose({ fromYearId })}
      />
      <SelectField
        label="Year that comes"
        options={yearOptions}
        value={chosen.toYearId}
        onChange={(toYearId) => onChoose({ toYearId })}
      />
    </div>
  );
}

function movesAnybody({ counts }: Plan): boolean {
  return counts.some(({ outcome, number }) => number > 0 && ["PROMOTED", "REPEATED", "GRADUATED"].includes(outcome));
}

/** Whoever was moved before, or has gone, is not decided about again. */
function isOpen({ reason }: Step): boolean {
  return reason === null || reason === "ASKED_FOR" || reason === "CLASS_FULL";
}

const DECISIONS: readonly (readonly [PromotionDecision, string])[] = [
  ["PROMOTE", "Moves on"],
  ["REPEAT", "Repeats"],
  ["GRADUATE", "Is done with school"],
  ["LEAVE_OUT", "Decided later"],
];

interface PlanTableProps {
  readonly plan: Plan;
  readonly decisions: Decisions;
  readonly onDecide: (studentId: string, decision: PromotionDecision) => void;
}

function PlanTable({ plan, decisions, onDecide }: PlanTableProps): ReactNode {
  const { toClass, steps } = plan;
  const nameOf = ({ student }: Step): string => student?.fullName ?? "A student";
  return (
    <>
      <Notice>
        {toClass ? `Who moves on goes to ${toClass.title}.` : "No class follows: who moves on is done with the school."}
      </Notice>
      <Table
        caption="What would become of each student"
        rows={steps}
        rowKey={({ studentId }) => studentId}
        empty="Nobody is on the roll of this class in that year."
        columns={[
          { title: "Student", heading: true, cell: nameOf },
          {
            title: "Becomes",
            cell: ({ outcome, reason }) => (
              <span className={rooms.buttons}>
                <Status status={outcome} />
                {reason && <Badge>{humanise(reason)}</Badge>}
              </span>
            ),
          },
          {
            title: "Decide",
            quiet: true,
            cell: (step) =>
              isOpen(step) && (
                <SelectField
                  label={<span className="unseen">What becomes of {nameOf(step)}</span>}
                  options={DECISIONS}
                  value={decisions[step.studentId] ?? "PROMOTE"}
                  onChange={(decision) => onDecide(step.studentId, decision as PromotionDecision)}
                />
              ),
          },
        ]}
      />
    </>
  );
}
