/** A school year as the list of years shows it. */
import type { AcademicYearsQuery } from "@/graphql/school";

export type Year = AcademicYearsQuery["academicYears"]["nodes"][number];
