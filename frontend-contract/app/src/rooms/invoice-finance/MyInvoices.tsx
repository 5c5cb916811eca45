/** A seller's invoices: how far each is funded, what came in, and offering another one. */
import { useQuery } from "@daftari/client/react";
import { FilePlus, FileText, TriangleAlert, Wallet as WalletIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import {
  InvoicesDocument,
  InvoiceUpdatedDocument,
  UserDashboardDocument,
  UserDashboardUpdatedDocument,
} from "@/graphql/invoice_finance";
import {
  Badge,
  Button,
  Card,
  count,
  Day,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  Page,
  Progress,
  Stat,
  Stats,
  Table,
} from "@/kit";

import { More } from "../More";
import { useGrowing } from "../useGrowing";
import { OfferInvoice } from "./OfferInvoice";
import { INVOICE_STATUS } from "./words";

export function Screen(): ReactNode {
  const [offering, setOffering] = useState(false);
  const board = useQuery(UserDashboardDocument, {}, { live: [{ document: UserDashboardUpdatedDocument }] });
  const mine = board.data?.userDashboard;
  return (
    <Page
      title="My invoices"
      note="Every investor hears of a new one at once."
      actions={
        <Button look="primary" icon={<FilePlus aria-hidden />} onClick={() => setOffering(true)}>
          Offer an invoice
        </Button>
      }
    >
      <Stats label="My invoices at a glance">
        <Stat
          label="Raised so far"
          icon={<FileText aria-hidden />}
          note={mine && count(mine.stats.settledInvoices, "invoice settled", "invoices settled")}
        >
          <LiveMoney money={mine?.stats.raised} label="Raised so far" />
        </Stat>
        <Stat label="Taking money now" icon={<FilePlus aria-hidden />}>
          <LiveNumber value={mine?.stats.openInvoices} label="Taking money now" />
        </Stat>
        <Stat
          label="Overdue"
          icon={<TriangleAlert aria-hidden />}
          tone={mine && mine.stats.overdueInvoices > 0 ? "bad" : undefined}
        >
          <LiveNumber value={mine?.stats.overdueInvoices} label="Overdue" />
        </Stat>
        <Stat label="In my wallet" icon={<WalletIcon aria-hidden />}>
          <LiveMoney money={mine?.walletAvailable} label="In my wallet" />
        </Stat>
      </Stats>
      <InvoiceList />
      {offering && <OfferInvoice currency={mine?.currency ?? "INR"} onClose={() => setOffering(false)} />}
    </Page>
  );
}

function InvoiceList(): ReactNode {
  const pages = useGrowing();
  const query = useQuery(
    InvoicesDocument,
    { party: "SELLER", first: pages.first },
    { live: [{ document: InvoiceUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Card flush>
      <Loaded query={query}>
        {({ invoices: { nodes, pageInfo } }) => (
          <>
            <Table
              caption="My invoices"
              rows={nodes}
              rowKey={({ id }) => id}
              empty="You have offered no invoice yet."
              columns={[
                {
                  title: "Invoice",
                  heading: true,
                  cell: ({ id, number }) => <Link href={`/invoices/${encodeURIComponent(id)}`}>{number}</Link>,
                },
                { title: "Debtor", cell: ({ debtorName }) => debtorName },
                {
                  title: "State",
                  cell: ({ status }) => <Badge tone={INVOICE_STATUS[status].tone}>{INVOICE_STATUS[status].word}</Badge>,
                },
                { title: "Due", cell: ({ dueOn }) => <Day on={dueOn} /> },
                { title: "Face value", numeric: true, cell: ({ faceValue }) => <Money money={faceValue} /> },
                {
                  title: "Funded",
                  cell: ({ number, fundedPercent, fundedAmount }) => (
                    <Progress
                      label={`${number} funded`}
                      hideLabel
                      value={Number(fundedPercent)}
                      detail={fundedAmount.formatted}
                      tone={Number(fundedPercent) >= 100 ? "good" : "accent"}
                    />
                  ),
                },
              ]}
            />
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.loading} what="invoices" />
          </>
        )}
      </Loaded>
    </Card>
  );
}
