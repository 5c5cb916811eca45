/** The roll of a class on a day: everybody's mark as it is called, by pointer or keyboard, and how the class stands. */
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";

import {
  AcademicYearsDocument,
  AttendanceDocument,
  AttendanceRecordedDocument,
  CorrectAttendanceDocument,
  RecordAttendanceDocument,
  SchoolClassDocument,
  SchoolClassesDocument,
  type SchoolClassesQuery,
} from "@/graphql/school";
import {
  Button,
  Card,
  count,
  Empty,
  LiveNumber,
  Loaded,
  Notice,
  Page,
  SelectField,
  Stat,
  Stats,
  TextField,
  toast,
  today,
} from "@/kit";
import { usePerson } from "@/session/person";

import { keepFocusNear } from "../focus";
import { FormError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import {
  changes,
  countMarks,
  isSchoolDay,
  lastSchoolDay,
  rollOf,
  schoolDaysUntil,
  type RollLine,
  type Said,
  type SchoolYear,
} from "./roll";
import { LastDays } from "./LastDays";
import { RollTable } from "./RollTable";

type SchoolClass = SchoolClassesQuery["schoolClasses"]["nodes"][number];

export function Screen(): ReactNode {
  const classes = useQuery(SchoolClassesDocument, { first: 100 });
  const years = useQuery(AcademicYearsDocument, { first: 5 });
  return (
    <Page title="Attendance">
      <Loaded query={classes}>
        {({ schoolClasses: { nodes } }) => (
          <Loaded query={years}>
            {({ academicYears }) =>
              nodes.length === 0 ? (
                <Empty>No class is yours.</Empty>
              ) : (
                <Roll classes={nodes} years={academicYears.nodes} />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Roll({
  classes,
  years,
}: {
  readonly classes: readonly SchoolClass[];
  readonly years: readonly SchoolYear[];
}): ReactNode {
  const [classId, setClassId] = useState(classes.at(-1)!.id);
  const [on, setOn] = useState(() => lastSchoolDay(today(), years));
  const [lesson, setLesson] = useState(1);
  const chosen = classes.find(({ id }) => id === classId) ?? classes[0]!;
  const lessonOf = chosen.lessons > 0 ? lesson : null;
  return (
    <>
      <div className={rooms.filters}>
        <SelectField
          label="Class"
          options={classes.map(({ id, title }) => [id, title] as const)}
          value={classId}
          onChange={setClassId}
        />
        <TextField label="Day" type="date" max={today()} value={on} onChange={setOn} />
        {chosen.lessons > 0 && (
          <SelectField
            label="Lesson"
            options={Array.from({ length: chosen.lessons }, (_, index) => [`${index + 1}`, `${index + 1}`] as const)}
            value={`${lesson}`}
            onChange={(value) => setLesson(Number(value))}
          />
        )}
      </div>
      {!isSchoolDay(on, years) ? (
        <Notice tone="warn">There is no school on this day.</Notice>
      ) : (
        <DayRoll key={`${classId} ${on} ${lessonOf}`} schoolClass={chosen} on={on} lesson={lessonOf}>
          <LastDays classId={chosen.id} lesson={lessonOf} days={schoolDaysUntil(on, years, 5)} />
        </DayRoll>
      )}
    </>
  );
}

interface DayRollProps {
  readonly schoolClass: SchoolClass;
  readonly on: string;
  readonly lesson: number | null;
}

/** Beside the roll of the day stands what belongs to it. */
function DayRoll({
  schoolClass,
  on,
  lesson,
  children,
}: DayRollProps & { readonly children: ReactNode }): ReactNode {
  const [said, setSaid] = useState<Said>({});
  const classId = schoolClass.id;
  const live = [{ document: AttendanceRecordedDocument, variables: { classId } }];
  const people = useQuery(SchoolClassDocument, { id: classId, on });
  const marks = useQuery(AttendanceDocument, { filter: { classId, from: on, to: on, lesson }, first: 100 }, { live });
  return (
    <Loaded query={people}>
      {({ schoolClass: full }) => (
        <Loaded query={marks}>
          {({ attendance }) => {
            const roll = rollOf(full?.roll ?? [], attendance.nodes, said);
            return (
              <>
                <RollFigures roll={roll} />
                <div className="split">
                  <CallRoll
                    {...{ schoolClass, on, lesson, roll }}
                    onSay={(studentId, status) => setSaid({ ...said, [studentId]: status })}
                    // What was said stays in sight until the roll itself says it.
                    onSaved={() => void marks.refetch().then(() => setSaid({}))}
                  />
                  <div>{children}</div>
                </div>
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

function RollFigures({ roll }: { readonly roll: readonly RollLine[] }): ReactNode {
  const counts = countMarks(roll);
  const there = counts.PRESENT + counts.LATE;
  const marked = roll.length - counts.NONE;
  return (
    <Stats label="How the class stands">
      <Stat label="There" tone={marked > 0 ? "good" : undefined} note={`of ${count(roll.length, "student")}`}>
        <LiveNumber value={there} label="There" />
      </Stat>
      <Stat label="Late">
        <LiveNumber value={counts.LATE} label="Late" />
      </Stat>
      <Stat
        label="Absent"
        tone={counts.ABSENT > 0 ? "bad" : undefined}
        note={counts.LEAVE > 0 ? `${counts.LEAVE} on leave` : undefined}
      >
        <LiveNumber value={counts.ABSENT} label="Absent" />
      </Stat>
      <Stat label="Not called yet">
        <LiveNumber value={counts.NONE} label="Not called yet" />
      </Stat>
    </Stats>
  );
}

interface CallRollProps extends DayRollProps {
  readonly roll: readonly RollLine[];
  readonly onSay: (studentId: string, status: NonNullable<RollLine["said"]>) => void;
  readonly onSaved: () => void;
}

function CallRoll({ schoolClass, on, lesson, roll, onSay, onSaved }: CallRollProps): ReactNode {
  const mayMark = usePerson().permissions.includes("ATTENDANCE_MARK");
  const [reason, setReason] = useState("");
  const { first, corrected } = changes(roll);
  const missing = countMarks(roll).NONE;
  const done = (words: string): void => {
    toast({ tone: "good", title: words, body: schoolClass.title });
    onSaved();
  };
  const record = useKeyedAct(RecordAttendanceDocument, () => done("The roll is written down"));
  const correct = useKeyedAct(CorrectAttendanceDocument, () => done("The roll is corrected"));
  const save = (pressed: HTMLElement, rest: boolean): void => {
    keepFocusNear(pressed);
    if (first.length > 0 || rest)
      record.run({
        input: { classId: schoolClass.id, on, lesson, marks: first, ...(rest && { default: "PRESENT" as const }) },
      });
    for (const { known, said } of corrected) {
      if (known && said)
        correct.run({ input: { attendanceId: known.id, status: said, reason, expectedVersion: known.version } });
    }
  };
  const nothing = first.length === 0 && corrected.length === 0;
  return (
    <Card title={`Roll of ${schoolClass.title}`} flush>
      <RollTable roll={roll} disabled={!mayMark} onSay={onSay} />
      {mayMark && (
        <div className={`stack ${rooms.inset}`}>
          {corrected.length > 0 && (
            <TextField
              label="Why it is corrected"
              required
              hint={corrected.map((line) => line.name).join(", ")}
              value={reason}
              onChange={setReason}
            />
          )}
          <FormError error={record.error ?? correct.error} />
          <div className={rooms.buttons}>
            <Button
              look="primary"
              busy={record.busy || correct.busy}
              disabled={nothing || (corrected.length > 0 && reason.trim() === "")}
              onClick={({ currentTarget }) => save(currentTarget, false)}
            >
              Write it down
            </Button>
            {missing > 0 && (
              <Button busy={record.busy} onClick={({ currentTarget }) => save(currentTarget, true)}>
                {nothing ? "Everybody is present" : "The rest is present"}
              </Button>
            )}
          </div>
        </div>
      )}
    </Card>
  );
}
