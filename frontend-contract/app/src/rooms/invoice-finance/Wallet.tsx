/** A wallet: what is in it, what is held, how it went up and down, and every movement. */
import { useQuery } from "@daftari/client/react";
import { ArrowDownLeft, ArrowUpRight, Lock, Wallet as WalletIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { LineChart } from "@/charts";
import type { TransactionType } from "@/graphql/schema";
import {
  WalletBalanceChangedDocument,
  WalletsDocument,
  type WalletsQuery,
  WalletTransactionsDocument,
  type WalletTransactionsQuery,
} from "@/graphql/wallets";
import {
  Badge,
  Card,
  Empty,
  humanise,
  instant,
  LiveMoney,
  Loaded,
  Money,
  Page,
  Segments,
  Stat,
  Stats,
  Table,
  Time,
} from "@/kit";

import { inCurrency } from "../amounts";
import { More } from "../More";
import { useGrowing } from "../useGrowing";

type Wallet = WalletsQuery["wallets"][number];
type Movement = WalletTransactionsQuery["walletTransactions"]["nodes"][number];
type Kind = TransactionType | "ALL";

export function Screen(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const wallets = useQuery(WalletsDocument, {}, { live: [{ document: WalletBalanceChangedDocument }] });
  const all = wallets.data?.wallets ?? [];
  const wallet = all.find(({ id }) => id === chosen) ?? all[0];
  return (
    <Page
      title="Wallet"
      actions={
        all.length > 1 &&
        wallet && (
          <Segments
            label="Which wallet"
            value={wallet.id}
            onChange={setChosen}
            options={all.map(({ id, currency }) => [id, currency])}
          />
        )
      }
    >
      <Loaded query={wallets}>
        {() =>
          wallet ? (
            <OneWallet key={wallet.id} wallet={wallet} />
          ) : (
            <Empty>You have no wallet yet. It is opened with the first money that comes in.</Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function OneWallet({ wallet }: { readonly wallet: Wallet }): ReactNode {
  const [kind, setKind] = useState<Kind>("ALL");
  return (
    <>
      <Stats label="What is in the wallet">
        <Stat label="Balance" icon={<WalletIcon aria-hidden />}>
          <LiveMoney money={wallet.balance} label="Balance" />
        </Stat>
        <Stat label="To spend" icon={<ArrowUpRight aria-hidden />}>
          <LiveMoney money={wallet.available} label="To spend" />
        </Stat>
        <Stat label="Held" icon={<Lock aria-hidden />} note="Set aside for bids and invoices that are not filled yet">
          <LiveMoney money={wallet.held} label="Held" />
        </Stat>
      </Stats>
      <BalanceChart wallet={wallet} />
      <Card
        title="Statement"
        flush
        actions={
          <Segments
            label="Which movements"
            value={kind}
            onChange={setKind}
            options={[
              ["ALL", "All"],
              ["CREDIT", "In"],
              ["DEBIT", "Out"],
            ]}
          />
        }
      >
        <Statement key={kind} wallet={wallet} kind={kind} />
      </Card>
    </>
  );
}

/** The balance after each of the latest movements, the oldest of them first. */
function BalanceChart({ wallet }: { readonly wallet: Wallet }): ReactNode {
  const query = useQuery(
    WalletTransactionsDocument,
    { walletId: wallet.id, first: 40 },
    { live: [{ document: WalletBalanceChangedDocument, variables: { walletId: wallet.id } }] },
  );
  const movements = [...(query.data?.walletTransactions.nodes ?? [])].reverse();
  if (movements.length < 2) return null;
  return (
    <Card title="Balance" note={`After each of the latest ${movements.length} movements`}>
      <LineChart
        title="Balance of the wallet"
        hideTitle
        description={`The balance after each of the latest ${movements.length} movements; it is ${wallet.balance.formatted} now.`}
        area
        height={180}
        labels={movements.map(({ timestamp }) => instant(timestamp).replace(/,.*/, ""))}
        labelHeading="When"
        series={[{ name: "Balance", values: movements.map(({ balanceAfter }) => balanceAfter.amount) }]}
        format={inCurrency(wallet.currency)}
      />
    </Card>
  );
}

function Statement({ wallet, kind }: { readonly wallet: Wallet; readonly kind: Kind }): ReactNode {
  const pages = useGrowing();
  const variables = { walletId: wallet.id, type: kind === "ALL" ? null : kind, first: pages.first };
  const query = useQuery(WalletTransactionsDocument, variables, {
    live: [{ document: WalletBalanceChangedDocument, variables: { walletId: wallet.id } }],
    keepPrevious: true,
  });
  return (
    <Loaded query={query}>
      {({ walletTransactions: { nodes, pageInfo } }) => (
        <>
          <Table<Movement>
            caption="Movements of the wallet"
            rows={nodes}
            rowKey={({ id }) => id}
            columns={[
              {
                title: "What for",
                heading: true,
                cell: ({ description, kind: what }) => description || humanise(what),
              },
              { title: "When", cell: ({ timestamp }) => <Time at={timestamp} /> },
              { title: "Way", cell: ({ type }) => <Way type={type} /> },
              { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
              { title: "Balance after", numeric: true, cell: ({ balanceAfter }) => <Money money={balanceAfter} /> },
            ]}
          />
          <More pages={pages} hasMore={pageInfo.hasNextPage} loading={query.loading} what="movements" />
        </>
      )}
    </Loaded>
  );
}

function Way({ type }: { readonly type: TransactionType }): ReactNode {
  return type === "CREDIT" ? (
    <Badge tone="good" icon={<ArrowDownLeft aria-hidden />}>
      In
    </Badge>
  ) : (
    <Badge icon={<ArrowUpRight aria-hidden />}>Out</Badge>
  );
}
