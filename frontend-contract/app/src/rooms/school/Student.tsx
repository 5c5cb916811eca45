/** One student: class and family, places in classes, fees, and the statement of what was charged and paid. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import {
  EnrolmentUpdatedDocument,
  FeeUpdatedDocument,
  SchoolRecordsChangedDocument,
  StudentDocument,
  WardUpdatedDocument,
} from "@/graphql/school";
import { Badge, Card, Day, Empty, Facts, humanise, Notice } from "@/kit";
import { usePerson } from "@/session/person";

import rooms from "../rooms.module.css";
import { ThingPage, useIdInPath } from "../ThingPage";
import { Enrolments } from "./Enrolments";
import type { StudentFull } from "./oneStudent";
import { StudentActs } from "./StudentActs";
import { StudentFees } from "./StudentFees";
import { Statement } from "./Statement";

export function Screen(): ReactNode {
  const id = useIdInPath();
  const { permissions } = usePerson();
  const staff = permissions.includes("SCHOOL_READ");
  const money = permissions.includes("FEES_READ");
  const live = [
    ...(staff
      ? [{ document: EnrolmentUpdatedDocument, variables: { studentId: id } }, { document: SchoolRecordsChangedDocument }]
      : []),
    ...(money ? [{ document: FeeUpdatedDocument }] : []),
    ...(permissions.includes("WARDS_READ") ? [{ document: WardUpdatedDocument, variables: { studentId: id } }] : []),
  ];
  const query = useQuery(StudentDocument, { id }, { live });
  return (
    <ThingPage
      what="student"
      back={staff ? { href: "/school/students", title: "Students" } : { href: "/school/children", title: "My children" }}
      query={query}
      thing={({ student }) => student}
      title={({ fullName }) => fullName}
      note={({ admissionNumber, classes }) => [admissionNumber, ...classes.map(({ title }) => title)].join(" · ")}
      actions={(student) => <StudentActs student={student} />}
    >
      {(student) => <StudentBody student={student} statement={money || permissions.includes("WARDS_READ")} />}
    </ThingPage>
  );
}

interface StudentBodyProps {
  readonly student: StudentFull;
  readonly statement: boolean;
}

function StudentBody({ student, statement }: StudentBodyProps): ReactNode {
  return (
    <>
      {student.deletedAt && <Notice tone="warn">This student was deleted. What was written of them stays.</Notice>}
      <div className="split">
        <div className="stack">
          {statement && <StudentFees student={student} />}
          <Enrolments student={student} />
        </div>
        <div className="stack">
          <Family guardians={student.guardians} />
          <About student={student} />
        </div>
      </div>
      {statement && <Statement studentId={student.id} />}
    </>
  );
}

function About({ student }: { readonly student: StudentFull }): ReactNode {
  return (
    <Card title="About">
      <Facts
        facts={[
          ["Number", student.number],
          ["Admission", student.admissionNumber],
          ["Born", <Day key="" on={student.bornOn} />],
          ["Campus", student.branch?.name ?? "The whole school"],
        ]}
      />
    </Card>
  );
}

function Family({ guardians }: { readonly guardians: StudentFull["guardians"] }): ReactNode {
  return (
    <Card title="Family" flush>
      {guardians.length === 0 ? (
        <Empty>Nobody answers for this student yet.</Empty>
      ) : (
        <ul className={rooms.list}>
          {guardians.map(({ userId, fullName, relation, isPrimary }) => (
            <li key={userId}>
              <div className={rooms.what}>
                <span>{fullName}</span>
                <span className="muted small">{humanise(relation)}</span>
              </div>
              {isPrimary && <Badge tone="info">Gets the bills</Badge>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
