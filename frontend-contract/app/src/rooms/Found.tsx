/** The one thing that a page is about, once it is there; or that there is none, as far as the reader may know. */
import type { ReactNode } from "react";

import { Loaded, Notice } from "@/kit";

interface FoundProps<T, Thing> {
  readonly query: { readonly data: T | undefined; readonly error?: Error; readonly refetch?: () => void };
  readonly find: (data: T) => Thing | null;
  /** Such as "invoice". */
  readonly what: string;
  readonly children: (thing: Thing) => ReactNode;
}

export function Found<T, Thing>({ query, find, what, children }: FoundProps<T, Thing>): ReactNode {
  return (
    <Loaded query={query} lines={6}>
      {(data) => {
        const thing = find(data);
        return thing === null ? (
          <Notice tone="warn">There is no such {what}, or it is not yours to see.</Notice>
        ) : (
          children(thing)
        );
      }}
    </Loaded>
  );
}
