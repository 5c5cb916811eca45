/** A student and a fee as their pages know them. */
import type { SchoolFeeQuery, StudentQuery } from "@/graphql/school";

export type StudentFull = NonNullable<StudentQuery["student"]>;
export type FeeFull = NonNullable<SchoolFeeQuery["schoolFee"]>;

export interface StudentActProps {
  readonly student: StudentFull;
  readonly onClose: () => void;
}

export interface FeeActProps {
  readonly fee: FeeFull;
  readonly onClose: () => void;
}
