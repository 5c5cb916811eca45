/** What tells that the books have moved: each entry to those who read the journal; to others, the accounts at a glance. */
import { liveFeed, type LiveFeed } from "@daftari/client/react";

import { AccountingDashboardUpdatedDocument, JournalEntryPostedDocument } from "@/graphql/accounting";
import { usePerson } from "@/session/person";

export function useBooks<Data>(): LiveFeed<Data> {
  const { permissions } = usePerson();
  return permissions.includes("LEDGER_READ")
    ? liveFeed(JournalEntryPostedDocument, {})
    : liveFeed(AccountingDashboardUpdatedDocument, {});
}
