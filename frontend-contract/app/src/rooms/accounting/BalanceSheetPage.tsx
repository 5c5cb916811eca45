/** The balance sheet: what the house has at the end of a day, and whose it is. */
import { liveFeed, useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import { StackedBar } from "@/charts";
import { BalanceSheetDocument, type BalanceSheetQuery, JournalEntryPostedDocument } from "@/graphql/accounting";
import {
  Badge,
  Card,
  day,
  Empty,
  LiveMoney,
  Loaded,
  Money,
  type MoneyShape,
  Page,
  Stat,
  Stats,
  TextField,
  today,
} from "@/kit";

import { inCurrency } from "../amounts";
import { Sums } from "../Sums";
import { CurrencySegments } from "./currencies";

type Sheet = BalanceSheetQuery["balanceSheet"];

export function BalanceSheetPage(): ReactNode {
  const [asOf, setAsOf] = useState(today);
  const [currency, setCurrency] = useState<string | null>(null);
  const query = useQuery(
    BalanceSheetDocument,
    { asOf, currency },
    { live: [liveFeed(JournalEntryPostedDocument, {})], keepPrevious: true, skip: !asOf },
  );
  const shown = query.data?.balanceSheet;
  return (
    <Page
      title="Balance sheet"
      note={shown && `At the end of ${day(shown.asOf)}, in ${shown.currency}`}
      actions={
        <>
          <CurrencySegments value={currency ?? shown?.currency ?? ""} onChange={setCurrency} />
          <TextField label="At the end of" type="date" required max={today()} value={asOf} onChange={setAsOf} />
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {({ balanceSheet }) => <Shown sheet={balanceSheet} />}
      </Loaded>
    </Page>
  );
}

function Shown({ sheet }: { readonly sheet: Sheet }): ReactNode {
  const { assets, liabilities, equity, totalAssets, totalLiabilities, totalEquity, currentResult, balanced } = sheet;
  const result = { code: "", name: "Result of the years not closed yet", amount: currentResult };
  return (
    <>
      <Stats label="What there is, and whose it is">
        <Stat
          label="Assets"
          note={<Badge tone={balanced ? "good" : "bad"}>{balanced ? "In balance" : "Out of balance"}</Badge>}
        >
          <LiveMoney money={totalAssets} label="Assets" />
        </Stat>
        <Stat label="Liabilities" note="what the house owes">
          <LiveMoney money={totalLiabilities} label="Liabilities" />
        </Stat>
        <Stat label="Equity" note="what is its owners'" tone={Number(totalEquity.amount) < 0 ? "bad" : undefined}>
          <LiveMoney money={totalEquity} label="Equity" />
        </Stat>
      </Stats>
      <Card title="Whose it is">
        <StackedBar
          title="Whose the assets are"
          hideTitle
          parts={[
            { name: "Owed to others", value: totalLiabilities.amount, colour: 2 },
            { name: "The owners' own", value: totalEquity.amount, colour: 1 },
          ]}
          format={inCurrency(sheet.currency)}
          empty="There is nothing yet."
        />
      </Card>
      <div className="split split-even">
        <Accounts title="Assets" rows={assets} total={totalAssets} />
        <div className="stack">
          <Accounts title="Liabilities" rows={liabilities} total={totalLiabilities} />
          <Accounts title="Equity" rows={[...equity, result]} total={totalEquity} />
        </div>
      </div>
    </>
  );
}

interface Row {
  readonly code: string;
  readonly name: string;
  readonly amount: MoneyShape & { readonly amount: string };
}

interface AccountsProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly total: MoneyShape;
}

function Accounts({ title, rows, total }: AccountsProps): ReactNode {
  const moved = rows.filter(({ amount }) => Number(amount.amount) !== 0);
  return (
    <Card
      title={title}
      actions={
        <strong>
          <Money money={total} />
        </strong>
      }
    >
      {moved.length === 0 ? (
        <Empty>Nothing here on this day.</Empty>
      ) : (
        <Sums
          sums={moved.map(({ code, name, amount }) => [
            `${code} ${name}`.trim(),
            <LiveMoney key={code} money={amount} />,
          ])}
        />
      )}
    </Card>
  );
}
