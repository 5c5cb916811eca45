/** The page of one thing that its address names: a loan, a student, a fee. */
import type { QueryResult } from "@daftari/client/react";
import type { ReactNode } from "react";
import { useParams } from "wouter";

import { Loaded, Notice, Page } from "@/kit";
import type { PageProps } from "@/kit/Page";

/** The id at the end of the page's address. */
export function useIdInPath(): string {
  return decodeURIComponent(useParams<{ id: string }>().id);
}

interface ThingPageProps<T, Thing> {
  /** What it is, such as "loan": the title until it is known, and what is said where there is none. */
  readonly what: string;
  readonly back: PageProps["back"];
  readonly query: Pick<QueryResult<T>, "data" | "error" | "refetch">;
  readonly thing: (data: T) => Thing | null;
  readonly title: (thing: Thing) => string;
  readonly note?: (thing: Thing) => ReactNode;
  readonly actions?: (thing: Thing) => ReactNode;
  readonly children: (thing: Thing) => ReactNode;
}

export function ThingPage<T, Thing>({
  what,
  back,
  query,
  thing,
  title,
  note,
  actions,
  children,
}: ThingPageProps<T, Thing>): ReactNode {
  const known = query.data === undefined ? null : thing(query.data);
  return (
    <Page
      title={known ? title(known) : what.charAt(0).toUpperCase() + what.slice(1)}
      back={back}
      note={known && note?.(known)}
      actions={known && actions?.(known)}
    >
      <Loaded query={query} lines={8}>
        {() =>
          known ? children(known) : <Notice tone="warn">There is no such {what}, or it is not yours to see.</Notice>
        }
      </Loaded>
    </Page>
  );
}
