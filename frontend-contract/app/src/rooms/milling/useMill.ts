/** The mill at a glance: one question and one feed for all of its screens. */
import type { QueryResult } from "@daftari/client/react";
import { liveFeed, useQuery } from "@daftari/client/react";

import { MillDashboardDocument, type MillDashboardQuery, MillDashboardUpdatedDocument } from "@/graphql/milling";

export type Mill = MillDashboardQuery["millDashboard"];

export function useMill(): QueryResult<MillDashboardQuery> {
  return useQuery(
    MillDashboardDocument,
    {},
    {
      live: [
        liveFeed(MillDashboardUpdatedDocument, {}, (data: MillDashboardQuery, item) =>
          item.__typename === "MillDashboardState" ? { ...data, millDashboard: item.state } : data,
        ),
      ],
    },
  );
}
