/** The school at a glance: how many learn and teach, what fees came in, how full the classes are, and what just happened. */
import { useQuery } from "@daftari/client/react";
import { GraduationCap, HandCoins, Presentation, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { Ranking } from "@/charts";
import {
  AttendanceRecordedDocument,
  EnrollmentStatsDocument,
  EnrolmentUpdatedDocument,
  RecentActivitiesDocument,
  SchoolDashboardDocument,
  type SchoolDashboardQuery,
  SchoolDashboardUpdatedDocument,
  SchoolRecordsChangedDocument,
} from "@/graphql/school";
import {
  Card,
  count,
  Empty,
  humanise,
  LiveMoney,
  LiveNumber,
  Loaded,
  number,
  Page,
  Stat,
  Stats,
  Time,
} from "@/kit";

import { PaidStat } from "../PaidStat";
import rooms from "../rooms.module.css";
import { studentPath } from "./paths";

export function Screen(): ReactNode {
  const board = useQuery(SchoolDashboardDocument, {}, { live: [{ document: SchoolDashboardUpdatedDocument }] });
  return (
    <Page title="School today" note="Who learns here, and what happens.">
      <Loaded query={board}>{({ schoolDashboard }) => <Figures board={schoolDashboard} />}</Loaded>
      <div className="split">
        <Activities />
        <div className="stack">
          <Classes />
        </div>
      </div>
    </Page>
  );
}

/** Amounts are there for who reads fees. */
function Figures({ board }: { readonly board: SchoolDashboardQuery["schoolDashboard"] }): ReactNode {
  const { feesCollected, feesOutstanding } = board;
  return (
    <Stats label="The school at a glance">
      <Stat label="Students" icon={<GraduationCap aria-hidden />}>
        <LiveNumber value={board.totalStudents} label="Students" />
      </Stat>
      <Stat label="Teachers" icon={<Presentation aria-hidden />}>
        <LiveNumber value={board.totalTeachers} label="Teachers" />
      </Stat>
      {feesCollected && feesOutstanding && (
        <>
          <PaidStat
            label="Fees collected"
            icon={<HandCoins aria-hidden />}
            paid={feesCollected}
            left={feesOutstanding}
          />
          <Stat label="Fees outstanding" icon={<TriangleAlert aria-hidden />}>
            <LiveMoney money={feesOutstanding} label="Fees outstanding" />
          </Stat>
        </>
      )}
    </Stats>
  );
}

function Classes(): ReactNode {
  const enrolled = useQuery(EnrollmentStatsDocument, {}, { live: [{ document: EnrolmentUpdatedDocument }] });
  return (
    <Card
      title="Classes"
      note={enrolled.data && `${count(enrolled.data.enrollmentStats.total, "student")} enrolled`}
    >
      <Loaded query={enrolled}>
        {({ enrollmentStats: { byClass } }) => (
          <Ranking
            title="Students by class"
            hideTitle
            format={number}
            empty="Nobody is enrolled."
            items={byClass.map(({ classId, class: schoolClass, students }) => ({
              key: classId,
              name: schoolClass?.title ?? "Another class",
              value: students,
            }))}
          />
        )}
      </Loaded>
    </Card>
  );
}

function Activities(): ReactNode {
  const latest = useQuery(
    RecentActivitiesDocument,
    { days: 7, limit: 50 },
    {
      live: [
        { document: SchoolDashboardUpdatedDocument },
        { document: SchoolRecordsChangedDocument },
        { document: EnrolmentUpdatedDocument },
        { document: AttendanceRecordedDocument },
      ],
    },
  );
  return (
    <Card title="What happened" note="The last seven days" flush>
      <Loaded query={latest} lines={8}>
        {({ recentActivities }) =>
          recentActivities.length === 0 ? (
            <Empty>Nothing happened these days.</Empty>
          ) : (
            <ul className={rooms.list}>
              {recentActivities.map(({ id, at, activity, title, actor, studentId }) => (
                <li key={id}>
                  <div className={rooms.what}>
                    {studentId ? <Link href={studentPath(studentId)}>{title}</Link> : <span>{title}</span>}
                    <span className="muted small">
                      {humanise(activity)}
                      {actor && ` · ${actor.name}`}
                    </span>
                  </div>
                  <span className="muted small">
                    <Time at={at} ago />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
