/** The calendar of the school: its years with their terms and holidays, opening the next one, and moving classes on into it. */
import { useQuery } from "@daftari/client/react";
import { ArrowUpFromLine, CalendarPlus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { AcademicYearsDocument, SchoolRecordsChangedDocument } from "@/graphql/school";
import { Badge, Button, Card, count, Day, Page, today } from "@/kit";
import { usePerson } from "@/session/person";

import { LongCards } from "../LongTable";
import { Sums } from "../Sums";
import { useGrowing } from "../useGrowing";
import { OpenYear } from "./OpenYear";
import { Promote } from "./Promote";
import type { Year } from "./year";

export function Screen(): ReactNode {
  const [open, setOpen] = useState<"YEAR" | "PROMOTE" | null>(null);
  const pages = useGrowing(6);
  const { permissions } = usePerson();
  const years = useQuery(
    AcademicYearsDocument,
    { first: pages.first },
    { live: [{ document: SchoolRecordsChangedDocument }], keepPrevious: true },
  );
  const close = (): void => setOpen(null);
  const known = years.data?.academicYears.nodes ?? [];
  return (
    <Page
      title="School years"
      note="When there is school, and which class comes next."
      actions={
        <>
          {permissions.includes("ENROLMENTS_MANAGE") && known.length > 0 && (
            <Button icon={<ArrowUpFromLine aria-hidden />} onClick={() => setOpen("PROMOTE")}>
              Move a class on
            </Button>
          )}
          {permissions.includes("SCHOOL_MANAGE") && (
            <Button look="primary" icon={<CalendarPlus aria-hidden />} onClick={() => setOpen("YEAR")}>
              Open a year
            </Button>
          )}
        </>
      }
    >
      <LongCards
        query={years}
        list={({ academicYears }) => academicYears}
        pages={pages}
        what="years"
        empty="No year is open yet."
        card={(year) => <YearCard key={year.id} year={year} />}
      />
      {open === "YEAR" && <OpenYear onClose={close} />}
      {open === "PROMOTE" && <Promote years={known} onClose={close} />}
    </Page>
  );
}

function YearCard({ year }: { readonly year: Year }): ReactNode {
  const { title, terms, holidays, startsOn, endsOn } = year;
  const now = today();
  return (
    <Card
      title={title}
      note={<Stretch {...year} />}
      actions={
        startsOn <= now && now <= endsOn ? (
          <Badge tone="good">Now</Badge>
        ) : (
          now < startsOn && <Badge tone="info">To come</Badge>
        )
      }
    >
      <div className="stack">
        {terms.length === 0 ? <p>It has no terms.</p> : <Periods title={count(terms.length, "term")} periods={terms} />}
        {holidays.length > 0 && <Periods title={count(holidays.length, "holiday")} periods={holidays} />}
      </div>
    </Card>
  );
}

interface Period {
  readonly id: string;
  readonly title: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

function Periods({ title, periods }: { readonly title: string; readonly periods: readonly Period[] }): ReactNode {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      <Sums sums={periods.map((period) => [period.title, <Stretch key="" {...period} />] as const)} />
    </section>
  );
}

/** One day, or the first and the last of several. */
function Stretch({ startsOn, endsOn }: Pick<Period, "startsOn" | "endsOn">): ReactNode {
  if (startsOn === endsOn) return <Day on={startsOn} />;
  return (
    <>
      <Day on={startsOn} /> to <Day on={endsOn} />
    </>
  );
}
