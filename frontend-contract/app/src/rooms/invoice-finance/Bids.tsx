/** The bids for an invoice in an auction: the best first, those that no longer stand below. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";

import { AuctionClosedDocument, BidPlacedDocument, BidsDocument } from "@/graphql/invoice_finance";
import type { BidState } from "@/graphql/schema";
import { Badge, Card, count, inPercent, LiveNumber, Time, type Tone } from "@/kit";

import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import type { InvoiceFull } from "./invoices";

const STATES: Record<BidState, { readonly word: string; readonly tone: Tone }> = {
  ACTIVE: { word: "Stands", tone: "info" },
  REPLACED: { word: "Bettered", tone: "plain" },
  WITHDRAWN: { word: "Taken back", tone: "plain" },
  WON: { word: "Won", tone: "good" },
  LOST: { word: "Lost", tone: "plain" },
};

export function Bids({ invoice: { id, auction } }: { readonly invoice: InvoiceFull }): ReactNode {
  const pages = useGrowing(10);
  const variables = { invoiceId: id };
  const bids = useQuery(
    BidsDocument,
    { ...variables, first: pages.first },
    {
      live: [
        { document: BidPlacedDocument, variables },
        { document: AuctionClosedDocument, variables },
      ],
      keepPrevious: true,
    },
  );
  if (!auction) return null;
  return (
    <Card
      title="Bids"
      note={
        auction.winningRate ? (
          `Sold at ${inPercent(auction.winningRate)}`
        ) : (
          <>
            {count(auction.bidCount, "bid")}, at most {inPercent(auction.maxRate)}, ends{" "}
            <Time at={auction.endsAt} ago />
          </>
        )
      }
      actions={
        auction.bestRate && (
          <Badge tone="accent">
            Best <LiveNumber value={inPercent(auction.bestRate)} label="Best rate" />
          </Badge>
        )
      }
      flush
    >
      <LongTable
        query={bids}
        list={(data) => data.bids}
        pages={pages}
        what="bids"
        caption="Bids"
        rowKey={(bid) => bid.id}
        empty="Nobody has bid yet."
        columns={[
          {
            title: "Bidder",
            heading: true,
            cell: ({ mine, bidderName }) => (mine ? "You" : (bidderName ?? "Another investor")),
          },
          { title: "When", cell: ({ placedAt }) => <Time at={placedAt} /> },
          { title: "State", cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge> },
          { title: "Rate", numeric: true, cell: ({ rate }) => inPercent(rate) },
        ]}
      />
    </Card>
  );
}
