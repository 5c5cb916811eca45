/** The places that a student has and had in classes; moving to another class, and leaving. */
import { useQuery } from "@daftari/client/react";
import { type ComponentType, type ReactNode, useState } from "react";

import type { EnrolmentStatus } from "@/graphql/schema";
import { EndEnrolmentDocument, MoveStudentDocument, SchoolClassesDocument } from "@/graphql/school";
import { Badge, Button, Card, Day, Empty, Notice, SelectField, TextField, toast, today } from "@/kit";
import type { Tone } from "@/kit";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import { SayDialog } from "../SayDialog";
import type { StudentFull } from "./oneStudent";

type Place = StudentFull["enrolments"][number];

interface PlaceActProps {
  readonly student: StudentFull;
  readonly place: Place;
  readonly onClose: () => void;
}

const ENROLMENT: Record<EnrolmentStatus, { word: string; tone: Tone }> = {
  APPLIED: { word: "Asked for a place", tone: "warn" },
  ENROLLED: { word: "Enrolled", tone: "good" },
  PROMOTED: { word: "Promoted", tone: "info" },
  REPEATED: { word: "Repeats", tone: "warn" },
  TRANSFERRED: { word: "To another school", tone: "plain" },
  WITHDRAWN: { word: "Withdrawn", tone: "plain" },
  GRADUATED: { word: "Graduated", tone: "info" },
};

export function Enrolments({ student }: { readonly student: StudentFull }): ReactNode {
  return (
    <Card title="Classes" flush>
      {student.enrolments.length === 0 ? (
        <Empty>No place in a class yet.</Empty>
      ) : (
        <ul className={rooms.list}>
          {student.enrolments.map((place) => (
            <PlaceRow key={place.id} student={student} place={place} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function PlaceRow({ student, place }: Omit<PlaceActProps, "onClose">): ReactNode {
  const [Open, setOpen] = useState<ComponentType<PlaceActProps> | null>(null);
  const mayManage = usePerson().permissions.includes("ENROLMENTS_MANAGE");
  const { word, tone } = ENROLMENT[place.status];
  const first = place.stays[0];
  const last = place.stays.at(-1);
  const about = <span className="unseen">: {place.schoolClass?.title}</span>;
  return (
    <li>
      <div className={rooms.what}>
        <span>
          {place.schoolClass?.title ?? place.program?.title ?? "A class"} <Badge tone={tone}>{word}</Badge>
        </span>
        <span className="muted small">
          {place.year?.title}
          {first && (
            <>
              , from <Day on={first.from} />
            </>
          )}
          {last?.until && (
            <>
              {" "}
              until <Day on={last.until} />
            </>
          )}
        </span>
      </div>
      {mayManage && place.status === "ENROLLED" && (
        <div className={rooms.buttons}>
          <Button size="small" onClick={() => setOpen(() => Move)}>
            Move{about}
          </Button>
          <Button size="small" onClick={() => setOpen(() => Leave)}>
            Leaves{about}
          </Button>
        </div>
      )}
      {Open && <Open student={student} place={place} onClose={() => setOpen(null)} />}
    </li>
  );
}

function Move({ student, place, onClose }: PlaceActProps): ReactNode {
  const classes = useQuery(SchoolClassesDocument, { filter: { programId: place.program?.id }, first: 100 });
  const others = classes.data?.schoolClasses.nodes.filter(({ id }) => id !== place.classId) ?? [];
  const [chosen, setChosen] = useState("");
  const [on, setOn] = useState(today());
  const classId = chosen || (others[0]?.id ?? "");
  const move = useKeyedAct(MoveStudentDocument, () => {
    toast({ tone: "good", title: `${student.fullName} moves`, body: others.find(({ id }) => id === classId)?.title });
    onClose();
  });
  return (
    <ActDialog
      title={`${student.fullName} moves to another class`}
      submit="Move"
      act={move}
      fields={["classId", "on"]}
      disabled={classId === ""}
      onClose={onClose}
      onSubmit={() => move.run({ input: { enrolmentId: place.id, classId, on, expectedVersion: place.version } })}
    >
      <SelectField
        label="Class"
        options={others.map(({ id, title }) => [id, title] as const)}
        value={classId}
        onChange={setChosen}
        error={classes.error?.message ?? fieldError(move.error, "classId")}
      />
      {classes.data && others.length === 0 && (
        <Notice tone="warn">There is no other class of {place.program?.title ?? "this programme"}.</Notice>
      )}
      <TextField
        label="First day there"
        type="date"
        required
        value={on}
        onChange={setOn}
        error={fieldError(move.error, "on")}
      />
    </ActDialog>
  );
}

const LEAVES: readonly (readonly [EnrolmentStatus, string])[] = [
  ["TRANSFERRED", "For another school"],
  ["WITHDRAWN", "For another reason"],
];

function Leave({ student, place, onClose }: PlaceActProps): ReactNode {
  const [status, setStatus] = useState<EnrolmentStatus>("TRANSFERRED");
  const [lastOn, setLastOn] = useState(today());
  const leave = useKeyedAct(EndEnrolmentDocument, ({ endEnrolment: { refunds } }) => {
    const back = (refunds ?? []).map(({ refund }) => refund.formatted).join(", ");
    toast({
      tone: "good",
      title: `${student.fullName} leaves`,
      body: back === "" ? undefined : `To be given back: ${back}`,
    });
    onClose();
  });
  return (
    <SayDialog
      title={`${student.fullName} leaves ${place.schoolClass?.title ?? "the class"}`}
      submit="Write it down"
      danger
      act={leave}
      field="reason"
      fields={["lastOn"]}
      label="Why"
      required={false}
      onClose={onClose}
      onSubmit={(reason) =>
        leave.run({ input: { enrolmentId: place.id, status, lastOn, reason, expectedVersion: place.version } })
      }
    >
      <SelectField
        label="The student leaves"
        options={LEAVES}
        value={status}
        onChange={(value) => setStatus(value as EnrolmentStatus)}
      />
      <TextField
        label="Last day"
        type="date"
        required
        value={lastOn}
        onChange={setLastOn}
        error={fieldError(leave.error, "lastOn")}
      />
    </SayDialog>
  );
}
