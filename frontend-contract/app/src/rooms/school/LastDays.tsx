/** How many of a class came on the last days of school, each day a bar. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { AttendanceRecordedDocument, AttendanceStatsDocument } from "@/graphql/school";
import { Card, day, Progress } from "@/kit";

interface LastDaysProps {
  readonly classId: string;
  readonly lesson: number | null;
  /** The latest first. */
  readonly days: readonly string[];
}

export function LastDays({ classId, lesson, days }: LastDaysProps): ReactNode {
  return (
    <Card title="The last days" note="How many were there, of those who were called">
      <div className="stack">
        {days.map((on) => (
          <OneDay key={on} classId={classId} lesson={lesson} on={on} />
        ))}
      </div>
    </Card>
  );
}

interface OneDayProps extends Omit<LastDaysProps, "days"> {
  readonly on: string;
}

function OneDay({ classId, lesson, on }: OneDayProps): ReactNode {
  const stats = useQuery(
    AttendanceStatsDocument,
    { date: on, classId, lesson },
    { live: [{ document: AttendanceRecordedDocument, variables: { classId } }] },
  );
  const { present = 0, late = 0, marked = 0 } = stats.data?.attendanceStats ?? {};
  const there = present + late;
  return (
    <Progress
      label={day(on)}
      value={stats.data === undefined ? null : there}
      most={Math.max(1, marked)}
      detail={stats.data === undefined ? "" : marked === 0 ? "Not called" : `${there} of ${marked}`}
      tone={marked > 0 && there / marked < 0.8 ? "warn" : "good"}
    />
  );
}
