/** A wallet: what is in it, what is held, how it went up and down, and every movement. */
import { useQuery } from "@daftari/client/react";
import { ArrowDownLeft, ArrowUpRight, Copy, Lock, Send, Wallet as WalletIcon } from "lucide-react";
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
  Button,
  Card,
  type Column,
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
  Time,
  toast,
} from "@/kit";

import { inCurrency } from "../amounts";
import { LongTable } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { SendMoney } from "./SendMoney";

type Wallet = WalletsQuery["wallets"][number];
type Movement = WalletTransactionsQuery["walletTransactions"]["nodes"][number];
type Kind = TransactionType | "ALL";

export function Screen(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const wallets = useQuery(WalletsDocument, {}, { live: [{ document: WalletBalanceChangedDocument }] });
  const all = wallets.data?.wallets ?? [];
  const wallet = all.find(({ id }) => id === chosen) ?? all[0];
  return (
    <Page
      title="Wallet"
      actions={
        wallet && (
          <>
            {all.length > 1 && (
              <Segments
                label="Which wallet"
                value={wallet.id}
                onChange={setChosen}
                options={all.map(({ id, currency }) => [id, currency])}
              />
            )}
            <Button look="primary" icon={<Send aria-hidden />} onClick={() => setSending(true)}>
              Send money
            </Button>
          </>
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
      {sending && wallet && <SendMoney wallet={wallet} onClose={() => setSending(false)} />}
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
      <Receiving wallet={wallet} />
    </>
  );
}

/** What somebody needs who wants to send money here. */
function Receiving({ wallet }: { readonly wallet: Wallet }): ReactNode {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(wallet.id);
    toast({ title: "The wallet's number is copied", tone: "good" });
  };
  return (
    <Card
      title="To receive money"
      note={`Whoever sends you ${wallet.currency} needs this wallet's number.`}
      actions={
        <Button size="small" icon={<Copy aria-hidden />} onClick={() => void copy()}>
          Copy it
        </Button>
      }
    >
      <code className={rooms.long}>{wallet.id}</code>
    </Card>
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
    <LongTable
      query={query}
      list={({ walletTransactions }) => walletTransactions}
      pages={pages}
      what="movements"
      caption="Movements of the wallet"
      rowKey={({ id }) => id}
      columns={COLUMNS}
      empty={NOTHING[kind]}
    />
  );
}

const NOTHING: Readonly<Record<Kind, string>> = {
  ALL: "Nothing has moved yet.",
  CREDIT: "Nothing has come in yet.",
  DEBIT: "Nothing has gone out yet.",
};

const COLUMNS: readonly Column<Movement>[] = [
  {
    title: "What for",
    heading: true,
    cell: ({ description, kind }) => description || humanise(kind),
  },
  { title: "When", cell: ({ timestamp }) => <Time at={timestamp} /> },
  { title: "Way", cell: ({ type }) => <Way type={type} /> },
  { title: "Amount", numeric: true, cell: ({ amount }) => <Money money={amount} /> },
  { title: "Balance after", numeric: true, cell: ({ balanceAfter }) => <Money money={balanceAfter} /> },
];

function Way({ type }: { readonly type: TransactionType }): ReactNode {
  return type === "CREDIT" ? (
    <Badge tone="good" icon={<ArrowDownLeft aria-hidden />}>
      In
    </Badge>
  ) : (
    <Badge icon={<ArrowUpRight aria-hidden />}>Out</Badge>
  );
}
