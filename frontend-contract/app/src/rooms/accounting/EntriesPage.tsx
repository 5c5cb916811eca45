/** The journal: every entry with its lines, the newest first, as they are posted. */
import { type ReactNode, useState } from "react";

import { liveFeed, useQuery } from "@daftari/client/react";

import { JournalEntryPostedDocument } from "@/graphql/accounting";
import { JournalEntriesDocument, type JournalEntriesQuery } from "@/graphql/core";
import { Button } from "@/kit/Button";
import { Card, Facts } from "@/kit/Card";
import { Dialog } from "@/kit/Dialog";
import { TextField } from "@/kit/Field";
import { Money } from "@/kit/LiveNumber";
import { Page } from "@/kit/Page";
import type { Column } from "@/kit/Table";
import { Day, Time } from "@/kit/Time";
import { humanise } from "@/kit/words";

import { LongTable } from "../LongTable";
import roomStyles from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { ENTRY_TABS } from "./entry-tabs";
import { largestDebit, Lines } from "./Lines";

type Entry = JournalEntriesQuery["journalEntries"]["nodes"][number];

export function EntriesPage(): ReactNode {
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [open, setOpen] = useState<Entry | null>(null);
  const pages = useGrowing(25);
  const variables = { first: pages.first, filter: { since: since || null, until: until || null } };
  const query = useQuery(JournalEntriesDocument, variables, {
    live: [liveFeed(JournalEntryPostedDocument, {})],
    keepPrevious: true,
  });
  return (
    <Page
      title="Entries"
      note="The journal. Nothing in it is ever changed; what was wrong is reversed."
      tabs={ENTRY_TABS}
    >
      <div className="row">
        <TextField label="From" type="date" value={since} onChange={setSince} />
        <TextField label="To" type="date" value={until} onChange={setUntil} />
      </div>
      <Card flush>
        <LongTable
          query={query}
          list={({ journalEntries }) => journalEntries}
          pages={pages}
          what="entries"
          caption="Journal entries"
          rowKey={({ id }) => id}
          columns={columnsFor(setOpen)}
          empty="No entries in this time."
        />
      </Card>
      <Dialog open={open !== null} wide title={`Entry ${open?.number ?? ""}`} onClose={() => setOpen(null)}>
        {open && <Whole entry={open} />}
      </Dialog>
    </Page>
  );
}

function columnsFor(open: (entry: Entry) => void): Column<Entry>[] {
  return [
    { title: "Entry", heading: true, cell: ({ number, description }) => `${number} · ${description}` },
    { title: "Kind", cell: ({ kind }) => humanise(kind) },
    { title: "Of the day", cell: ({ effectiveOn }) => <Day on={effectiveOn} /> },
    { title: "By", cell: ({ actor }) => actor?.name ?? "Daftari" },
    { title: "Amount", numeric: true, cell: ({ lines }) => <Money money={largestDebit(lines)} /> },
    {
      title: "Lines",
      quiet: true,
      cell: (entry) => (
        <span className={roomStyles.acts}>
          <Button size="small" look="quiet" onClick={() => open(entry)}>
            {entry.lines.length} lines<span className="unseen"> of entry {entry.number}</span>
          </Button>
        </span>
      ),
    },
  ];
}

function Whole({ entry }: { entry: Entry }): ReactNode {
  return (
    <div className="stack">
      <Facts
        facts={[
          ["What", entry.description],
          ["Kind", humanise(entry.kind)],
          ["Of the day", <Day key="day" on={entry.effectiveOn} />],
          ["Recorded", <Time key="time" at={entry.recordedAt} />],
        ]}
      />
      <Lines lines={entry.lines} />
    </div>
  );
}
