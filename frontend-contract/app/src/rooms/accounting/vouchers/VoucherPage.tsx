/** One voucher of whichever kind: what it says, its way into the books and out of them, what can be done with it. */
import { liveFeed, useQuery } from "@daftari/client/react";
import { type ReactNode, useState } from "react";

import { VoucherDocument, type VoucherQuery, VoucherUpdatedDocument } from "@/graphql/accounting";
import { Button, Card, Day, Facts, humanise, Money, Time } from "@/kit";
import { usePerson } from "@/session/person";

import { useFocusWhenRowsLeave } from "../../focus";
import { ThingPage, useIdInPath } from "../../ThingPage";
import { Lines } from "../Lines";
import { PATHS } from "../paths";
import { Post, TakeBack, ThrowAway } from "./acts";
import { JournalForm } from "./JournalForm";
import { actsOpen, KINDS, type Voucher } from "./kinds";
import { MoneyVoucherForm } from "./MoneyVoucherForm";
import { Papers } from "./Papers";
import { VoucherStatus } from "./VoucherList";

type Fact = readonly [label: string, value: ReactNode];

function asVoucher(node: VoucherQuery["node"] | undefined): Voucher | undefined {
  return node && "state" in node && node.__typename in KINDS ? (node as Voucher) : undefined;
}

export function VoucherPage(): ReactNode {
  const id = useIdInPath();
  const query = useQuery(VoucherDocument, { id }, { live: [liveFeed(VoucherUpdatedDocument, {})], keepPrevious: true });
  const focus = useFocusWhenRowsLeave(query.data);
  const kind = asVoucher(query.data?.node)?.__typename;
  return (
    <div {...focus}>
      <ThingPage
        what="voucher"
        back={kind && { href: PATHS[kind], title: KINDS[kind].title }}
        query={query}
        thing={({ node }) => asVoucher(node) ?? null}
        title={({ __typename, number }) => `${humanise(KINDS[__typename].one)} ${number}`}
        note={({ description }) => description}
        actions={(voucher) => <Acts voucher={voucher} refetch={() => void query.refetch()} />}
      >
        {(voucher) => <Shown voucher={voucher} />}
      </ThingPage>
    </div>
  );
}

type Doing = "post" | "change" | "throwAway" | "takeBack";

function Acts({ voucher, refetch }: { readonly voucher: Voucher; readonly refetch: () => void }): ReactNode {
  const [doing, setDoing] = useState<Doing | null>(null);
  const { permissions } = usePerson();
  const kind = voucher.__typename;
  const open = actsOpen(kind, voucher.state, permissions);
  const end = (): void => {
    setDoing(null);
    refetch();
  };
  const about = { kind, voucher, amount: "amount" in voucher ? voucher.amount : undefined, onClose: end };
  return (
    <>
      {open.takeBack && <Button onClick={() => setDoing("takeBack")}>Take back</Button>}
      {open.throwAway && <Button onClick={() => setDoing("throwAway")}>Throw away</Button>}
      {open.change && <Button onClick={() => setDoing("change")}>Change</Button>}
      {open.post && (
        <Button look="primary" onClick={() => setDoing("post")}>
          {KINDS[kind].verb}
        </Button>
      )}
      {doing === "post" && <Post {...about} />}
      {doing === "throwAway" && <ThrowAway {...about} state={voucher.state} />}
      {doing === "takeBack" && <TakeBack {...about} />}
      {doing === "change" && <Change voucher={voucher} onClose={end} />}
    </>
  );
}

function Change({ voucher, onClose }: { readonly voucher: Voucher; readonly onClose: () => void }): ReactNode {
  if (voucher.__typename === "JournalDraft") return <JournalForm voucher={voucher} onClose={onClose} />;
  return <MoneyVoucherForm kind={voucher.__typename} voucher={voucher} onClose={onClose} />;
}

function Shown({ voucher }: { readonly voucher: Voucher }): ReactNode {
  const { entry } = voucher;
  const lines = voucher.__typename === "JournalDraft" ? voucher.lines : entry?.lines;
  return (
    <>
      <div className="split split-even">
        <Card title="What it says">
          <Facts
            facts={[
              ...ownFacts(voucher),
              ["Of the day", <Day key="day" on={voucher.datedOn} />],
              ["Number of its paper", voucher.reference || "–"],
              ["Branch", voucher.branch?.name ?? "The whole house"],
            ]}
          />
        </Card>
        <Card title="Its way">
          <Facts facts={way(voucher)} />
        </Card>
      </div>
      {lines && (
        <Card title={entry ? `Entry ${entry.number}` : "Lines"} flush>
          <Lines lines={lines} />
        </Card>
      )}
      <Papers voucher={voucher} />
    </>
  );
}

function ownFacts(voucher: Voucher): Fact[] {
  if (voucher.__typename === "JournalDraft") return [];
  const amount: Fact = ["Amount", <Money key="amount" money={voucher.amount} />];
  switch (voucher.__typename) {
    case "Expense":
      return [
        amount,
        ["Paid to", voucher.payee],
        ["Kind of expense", named(voucher.categoryAccount)],
        ["Paid from", named(voucher.paidFromAccount)],
      ];
    case "Revenue":
      return [
        amount,
        ["Received from", voucher.payer],
        ["Kind of revenue", named(voucher.categoryAccount)],
        ["Received into", named(voucher.receivedIntoAccount)],
      ];
    case "Transfer":
      return [amount, ["From", named(voucher.fromAccount)], ["To", named(voucher.toAccount)]];
  }
}

function named(account: { readonly code: string; readonly name: string } | null): string {
  return account ? `${account.code} ${account.name}` : "–";
}

/** Its way so far, the earliest step first. */
function way(voucher: Voucher): Fact[] {
  const { state, creator, createdAt, submittedAt, decider, decidedAt, decisionComment, postedAt, reversedAt } = voucher;
  const steps: (readonly [label: string, at: string | null])[] = [
    ["Approval asked for", submittedAt],
    ["Decided", decidedAt],
    ["Posted", postedAt],
    ["Taken back", reversedAt],
  ];
  return [
    ["State", <VoucherStatus key="state" state={state} />],
    ["Written by", creator?.name ?? "Daftari"],
    ["Written", <Time key="written" at={createdAt} />],
    ...steps.flatMap(([label, at]) => (at ? [[label, <Time key={label} at={at} />] as const] : [])),
    ...(decider ? [["Decided by", decider.name] as const] : []),
    ...(decisionComment ? [["They said", decisionComment] as const] : []),
  ];
}
