/** A guardian's children: what is owed for each, what is paid, and paying it from the wallet. */
import { money } from "@daftari/client";
import { useQuery } from "@daftari/client/react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";

import { MyWardsDocument, type MyWardsQuery, WardUpdatedDocument } from "@/graphql/school";
import {
  Badge,
  Button,
  Card,
  Day,
  Empty,
  humanise,
  LiveMoney,
  Loaded,
  Money,
  Page,
  Progress,
  Stat,
  Stats,
} from "@/kit";

import { sharePaid } from "../amounts";
import rooms from "../rooms.module.css";
import { isOwed } from "./feePossible";
import { feePath, studentPath } from "./paths";
import { PayFee } from "./PayFee";
import styles from "./school.module.css";
import { FEE_STATUS } from "./words";

type Ward = MyWardsQuery["myWards"][number];
type Fee = Ward["fees"][number];

export function Screen(): ReactNode {
  const [paying, setPaying] = useState<Fee | null>(null);
  const wards = useQuery(MyWardsDocument, {}, { live: [{ document: WardUpdatedDocument }] });
  return (
    <Page title="My children" note="What the school charges, and what you have paid.">
      <Loaded query={wards}>
        {({ myWards }) =>
          myWards.length === 0 ? (
            <Empty>The school knows of no child of yours.</Empty>
          ) : (
            myWards.map((ward) => <OneWard key={ward.studentId} ward={ward} onPay={setPaying} />)
          )
        }
      </Loaded>
      {paying && <PayFee fee={paying} by="WALLET" onClose={() => setPaying(null)} />}
    </Page>
  );
}

function OneWard({ ward, onPay }: { readonly ward: Ward; readonly onPay: (fee: Fee) => void }): ReactNode {
  const fees = ward.fees.filter(({ deletedAt }) => deletedAt === null);
  return (
    <section className={`stack ${styles.child}`} aria-label={ward.studentName}>
      <h2>
        <Link href={studentPath(ward.studentId)}>{ward.studentName}</Link>{" "}
        <span className="muted small">you are: {humanise(ward.relation).toLowerCase()}</span>
      </h2>
      <div className={styles.ward}>
        <Stats label={`${ward.studentName} at a glance`}>
          {ward.balances.map(({ currency, outstanding, credit, advances }) => (
            <Stat
              key={currency}
              label="To pay"
              note={
                <>
                  {beyondZero(credit) && (
                    <span className={styles.line}>
                      <Money money={credit} /> is credit
                    </span>
                  )}
                  {beyondZero(advances) && (
                    <span className={styles.line}>
                      <Money money={advances} /> is paid in advance
                    </span>
                  )}
                </>
              }
            >
              <LiveMoney money={outstanding} label={`To pay for ${ward.studentName}`} />
            </Stat>
          ))}
        </Stats>
        {fees.length === 0 ? (
          <Empty>Nothing was charged yet.</Empty>
        ) : (
          <div className={rooms.cards}>
            {fees.map((fee) => (
              <FeeCard key={fee.id} fee={fee} onPay={() => onPay(fee)} />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function beyondZero({ amount }: { readonly amount: string }): boolean {
  return !money.isZero(amount);
}

function FeeCard({ fee, onPay }: { readonly fee: Fee; readonly onPay: () => void }): ReactNode {
  const owed = isOwed(fee);
  return (
    <Card
      title={<Link href={feePath(fee.id)}>{fee.title}</Link>}
      note={
        <>
          {fee.number}, due <Day on={fee.dueOn} />
        </>
      }
      actions={<Badge tone={FEE_STATUS[fee.status].tone}>{FEE_STATUS[fee.status].word}</Badge>}
    >
      <div className="stack">
        <Progress
          label="Paid"
          value={sharePaid(fee.amountPaid.amount, fee.outstanding.amount)}
          detail={`${fee.amountPaid.formatted} of ${fee.amountDue.formatted}`}
          tone={owed ? "accent" : "good"}
        />
        {owed && (
          <div>
            <Button look="primary" onClick={onPay}>
              Pay
              <span className="unseen">
                {" "}
                {fee.title} of {fee.studentName}
              </span>
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
