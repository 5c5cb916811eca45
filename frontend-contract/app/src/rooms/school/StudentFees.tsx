/** The fees of a student that stand, each leading to its page, and what is paid in advance. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { FeeUpdatedDocument, UnusedAdvancesDocument } from "@/graphql/school";
import { Badge, Card, Day, Empty, LiveMoney } from "@/kit";
import { usePerson } from "@/session/person";

import rooms from "../rooms.module.css";
import type { StudentFull } from "./oneStudent";
import { feePath } from "./paths";
import { FEE_STATUS } from "./words";

export function StudentFees({ student }: { readonly student: StudentFull }): ReactNode {
  const mayRead = usePerson().permissions.includes("FEES_READ");
  return (
    <Card title="Fees" note={mayRead && <InAdvance studentId={student.id} />} flush>
      {student.fees.length === 0 ? (
        <Empty>Nothing was charged yet.</Empty>
      ) : (
        <ul className={rooms.list}>
          {student.fees.map(({ id, number, title, status, dueOn, outstanding }) => (
            <li key={id}>
              <div className={rooms.what}>
                <Link href={feePath(id)}>{title}</Link>
                <span className="muted small">
                  {number}, due <Day on={dueOn} />
                </span>
              </div>
              <div className={rooms.end}>
                <LiveMoney money={outstanding} label={`${title}, outstanding`} />
                <Badge tone={FEE_STATUS[status].tone}>{FEE_STATUS[status].word}</Badge>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function InAdvance({ studentId }: { readonly studentId: string }): ReactNode {
  const advances = useQuery(UnusedAdvancesDocument, { studentId }, { live: [{ document: FeeUpdatedDocument }] });
  const sums = advances.data?.unusedAdvances ?? [];
  if (sums.length === 0) return "Nothing is paid in advance.";
  return `${sums.map(({ formatted }) => formatted).join(", ")} is paid in advance.`;
}
