/** What is open, by how bad it is, and the worst of it. */
import type { ReactNode } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import { DiscrepanciesDocument, DiscrepancyAlertDocument, DiscrepancyUpdatedDocument } from "@/graphql/payments";
import type { DiscrepancyFilter } from "@/graphql/schema";
import { ButtonLink } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Loaded } from "@/kit/Empty";
import { Table } from "@/kit/Table";
import { humanise, number } from "@/kit/words";
import { StackedBar } from "@/charts";

import { DISCREPANCIES, type Discrepancy } from "./discrepancies";
import styles from "./payments.module.css";

/** More than that are not open unless something is very wrong, and then the count says "100 or more". */
const MOST = 100;
const SHOWN = 8;
const LEVELS = [
  ["HIGH", "--high"],
  ["MEDIUM", "--warn"],
  ["LOW", "--info"],
] as const;

export function useDiscrepancies(filter: DiscrepancyFilter, first: number) {
  return useQuery(
    DiscrepanciesDocument,
    { filter, first, order: "MOST_URGENT_FIRST" },
    { live: [liveFeed(DiscrepancyAlertDocument, {}), liveFeed(DiscrepancyUpdatedDocument, {})], keepPrevious: true },
  );
}

export function UrgentDiscrepancies(): ReactNode {
  const query = useDiscrepancies({ statuses: ["OPEN", "ASSIGNED"] }, MOST);
  return (
    <Card
      title="Open discrepancies"
      note="The most urgent first"
      flush
      actions={
        <ButtonLink href="/payments/discrepancies" size="small" look="quiet">
          All discrepancies
        </ButtonLink>
      }
    >
      <Loaded query={query} lines={6}>
        {({ discrepancies: { nodes } }) => (
          <>
            <BySeverity nodes={nodes} />
            <Table {...DISCREPANCIES} rows={nodes.slice(0, SHOWN)} empty="Everything agrees." />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function BySeverity({ nodes }: { nodes: readonly Discrepancy[] }): ReactNode {
  const parts = LEVELS.map(([level, colour]) => ({
    name: humanise(level),
    value: nodes.filter(({ severity }) => severity === level).length,
    colour,
  }));
  if (nodes.length === 0) return null;
  return (
    <div className={styles.severities}>
      <StackedBar title="Open discrepancies by severity" hideTitle parts={parts} format={number} />
    </div>
  );
}
