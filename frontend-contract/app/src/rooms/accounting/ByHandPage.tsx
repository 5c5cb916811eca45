/** Entries by hand: written down as drafts whose lines balance, brought into the journal from there. */
import { liveFeed, useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { JournalDraftsDocument, type JournalDraftsQuery, VoucherUpdatedDocument } from "@/graphql/accounting";
import { type Column, Money } from "@/kit";

import { ENTRY_TABS } from "./entry-tabs";
import { largestDebit } from "./Lines";
import { JournalForm } from "./vouchers/JournalForm";
import { useAsked, VoucherList } from "./vouchers/VoucherList";

type Draft = JournalDraftsQuery["journalDrafts"]["nodes"][number];

const COLUMNS: readonly Column<Draft>[] = [
  { title: "Lines", numeric: true, cell: ({ lines }) => lines.length },
  { title: "Amount", numeric: true, cell: ({ lines }) => <Money money={largestDebit(lines)} /> },
];

export function ByHandPage(): ReactNode {
  const asked = useAsked();
  const query = useQuery(
    JournalDraftsDocument,
    { first: asked.pages.first, filter: asked.filter },
    { live: [liveFeed(VoucherUpdatedDocument, {})], keepPrevious: true },
  );
  return (
    <VoucherList
      kind="JournalDraft"
      note="What no voucher says. Above the house's threshold a second person approves it."
      tabs={ENTRY_TABS}
      asked={asked}
      query={query}
      list={({ journalDrafts }) => journalDrafts}
      columns={COLUMNS}
      writing={(onClose) => <JournalForm onClose={onClose} />}
    />
  );
}
