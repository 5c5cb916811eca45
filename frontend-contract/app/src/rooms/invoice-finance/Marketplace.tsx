/** The marketplace: invoices that take money now. New ones appear and funded ones leave while one looks. */
import { useQuery } from "@daftari/client/react";
import { Gavel, Wallet as WalletIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { MarketplaceDocument, MarketplaceUpdatedDocument } from "@/graphql/invoice_finance";
import type { MarketSort } from "@/graphql/schema";
import { WalletBalanceChangedDocument, WalletsDocument } from "@/graphql/wallets";
import {
  Badge,
  Button,
  Card,
  count,
  Day,
  Empty,
  humanise,
  inPercent,
  LiveMoney,
  LiveNumber,
  Loaded,
  Money,
  Page,
  Progress,
  SelectField,
  Stat,
  Stats,
  TextField,
  Time,
} from "@/kit";
import { usePerson } from "@/session/person";

import { useFocusWhenRowsLeave } from "../focus";
import { More } from "../More";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { useSettled } from "../useSettled";
import { Invest } from "./Invest";
import { invoicePath, type Offer, type Wallet } from "./invoices";
import styles from "./invoices.module.css";
import { toneOfGrade } from "./words";

const SORTS: readonly (readonly [MarketSort, string])[] = [
  ["NEWEST", "Newest first"],
  ["ENDING_SOON", "Ending soon"],
  ["HIGHEST_YIELD", "Highest yield"],
  ["DUE_SOON", "Due soon"],
  ["LARGEST_REMAINING", "Most to fund"],
  ["SMALLEST_REMAINING", "Least to fund"],
];

export function Screen(): ReactNode {
  const pages = useGrowing(24);
  const [sort, setSort] = useState<MarketSort>("NEWEST");
  const [search, setSearch] = useState("");
  const settled = useSettled(search.trim());
  const wallets = useQuery(WalletsDocument, {}, { live: [{ document: WalletBalanceChangedDocument }] });
  const filter = settled === "" ? null : { search: settled };
  const market = useQuery(
    MarketplaceDocument,
    { filter, sort, first: pages.first },
    { live: [{ document: MarketplaceUpdatedDocument }], keepPrevious: true },
  );
  return (
    <Page title="Marketplace" note="Invoices that take money now. New ones appear by themselves.">
      <MarketFigures offers={market.data?.marketplaceInvoices.nodes} wallets={wallets.data?.wallets ?? []} />
      <div className={rooms.filters}>
        <TextField
          label="Find"
          type="search"
          placeholder="Number, seller or debtor"
          value={search}
          onChange={setSearch}
        />
        <SelectField label="Order" options={SORTS} value={sort} onChange={(value) => setSort(value as MarketSort)} />
      </div>
      <Loaded query={market}>
        {({ marketplaceInvoices: { nodes, pageInfo } }) => (
          <>
            <Offers offers={nodes} wallets={wallets.data?.wallets ?? []} />
            <More pages={pages} hasMore={pageInfo.hasNextPage} loading={market.loading} what="invoices" />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function MarketFigures({
  offers,
  wallets,
}: {
  readonly offers: readonly Offer[] | undefined;
  readonly wallets: readonly Wallet[];
}): ReactNode {
  return (
    <Stats label="The marketplace at a glance">
      <Stat label="Invoices to fund">
        <LiveNumber value={offers?.length} label="Invoices to fund" />
      </Stat>
      {wallets.map((wallet) => (
        <Stat
          key={wallet.id}
          label="To spend in my wallet"
          icon={<WalletIcon aria-hidden />}
          note={
            <>
              held: <Money money={wallet.held} />
            </>
          }
        >
          <LiveMoney money={wallet.available} label="To spend in my wallet" />
        </Stat>
      ))}
    </Stats>
  );
}

function Offers({
  offers,
  wallets,
}: {
  readonly offers: readonly Offer[];
  readonly wallets: readonly Wallet[];
}): ReactNode {
  const [chosen, setChosen] = useState<Offer | null>(null);
  const keepFocus = useFocusWhenRowsLeave(offers);
  const [atFirst] = useState(() => new Set(offers.map(({ id }) => id)));
  // What is chosen is shown as it is now, and stays on the screen after it left the marketplace.
  const offer = chosen && (offers.find(({ id }) => id === chosen.id) ?? chosen);
  const wallet = wallets.find(({ currency }) => currency === offer?.remainingAmount.currency);
  const close = (): void => setChosen(null);
  if (offers.length === 0 && offer === null)
    return <Empty>No invoice takes money at the moment. The next one appears here.</Empty>;
  return (
    <>
      <ul className={styles.offers} {...keepFocus}>
        {offers.map((each) => (
          <li key={each.id} className={atFirst.has(each.id) ? undefined : styles.arrived}>
            <OfferCard offer={each} onInvest={() => setChosen(each)} />
          </li>
        ))}
      </ul>
      {offer && <Invest offer={offer} wallet={wallet} onClose={close} />}
    </>
  );
}

function OfferCard({ offer, onInvest }: { readonly offer: Offer; readonly onInvest: () => void }): ReactNode {
  const mayFund = usePerson().permissions.includes("INVOICE_FUND");
  const auction = offer.saleMethod === "AUCTION";
  return (
    <Card
      className={styles.offer}
      title={<Link href={invoicePath(offer.id)}>{offer.number}</Link>}
      note={`${offer.sellerName} · ${humanise(offer.industry)}`}
      actions={
        offer.riskScore && <Badge tone={toneOfGrade(offer.riskScore.grade)}>Grade {offer.riskScore.grade}</Badge>
      }
    >
      <div className="stack">
        <p>
          <span className="muted small">{offer.debtorName} owes</span> <Money money={offer.faceValue} />
        </p>
        <dl className={styles.terms}>
          <div>
            <dt>To fund</dt>
            <dd>
              <LiveMoney money={offer.remainingAmount} label={`${offer.number}, to fund`} />
            </dd>
          </div>
          <div>
            <dt>{auction ? "Best rate" : "Yield a year"}</dt>
            <dd className="number">
              {auction
                ? offer.auction?.bestRate
                  ? inPercent(offer.auction.bestRate)
                  : "No bid yet"
                : offer.expectedYield
                  ? inPercent(offer.expectedYield)
                  : "–"}
            </dd>
          </div>
          <div>
            <dt>Due</dt>
            <dd>
              <Day on={offer.dueOn} />
            </dd>
          </div>
        </dl>
        {auction ? (
          <p className="small">
            <Gavel aria-hidden className={styles.icon} /> {count(offer.auction?.bidCount ?? 0, "bid")}, ends{" "}
            <Time at={offer.auction?.endsAt} ago />
          </p>
        ) : (
          <Progress
            label="Funded"
            value={Number(offer.fundedPercent)}
            detail={`${Math.floor(Number(offer.fundedPercent))} % of ${offer.requestedAmount.formatted}`}
          />
        )}
        {mayFund && (
          <Button look="primary" onClick={onInvest}>
            {auction ? "Bid" : "Fund"}
            <span className="unseen"> {offer.number}</span>
          </Button>
        )}
      </div>
    </Card>
  );
}
