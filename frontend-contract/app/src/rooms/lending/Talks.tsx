/** What was said with borrowers: on the telephone, at the door, at the branch; and what they promised. */
import { useQuery } from "@daftari/client/react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { CommunicationLoggedDocument, CommunicationLogsDocument, type CommunicationLogsQuery } from "@/graphql/lending";
import type { CommunicationChannel } from "@/graphql/schema";
import { Day, Money, Time } from "@/kit";

import { LongList } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import { loanPath } from "./oneLoan";

type Talk = CommunicationLogsQuery["communicationLogs"]["nodes"][number];

const HOW: Record<CommunicationChannel, string> = {
  CALL: "Call",
  SMS: "Text message",
  EMAIL: "E-mail",
  CHAT: "Chat",
  LETTER: "Letter",
  VISIT: "Visit",
  MEETING: "Meeting",
  OTHER: "Otherwise",
};

interface TalksProps {
  /** Only about this loan. */
  readonly loanId?: string;
  /** Only what is to be come back to by this day. */
  readonly followUpBy?: string;
  readonly empty: string;
}

export function Talks({ loanId, followUpBy, empty }: TalksProps): ReactNode {
  const pages = useGrowing();
  const query = useQuery(
    CommunicationLogsDocument,
    { loanId, followUpBy, first: pages.first },
    { live: [{ document: CommunicationLoggedDocument, variables: { loanId } }], keepPrevious: true },
  );
  return (
    <LongList
      query={query}
      list={({ communicationLogs }) => communicationLogs}
      pages={pages}
      what="talks"
      empty={empty}
      item={(talk) => <TalkRow key={talk.id} talk={talk} ofOneLoan={loanId !== undefined} />}
    />
  );
}

function TalkRow({ talk, ofOneLoan }: { readonly talk: Talk; readonly ofOneLoan: boolean }): ReactNode {
  return (
    <li>
      <div className={rooms.what}>
        <span>
          {!ofOneLoan && `${talk.borrowerName}: `}
          {!ofOneLoan && talk.loanId ? <Link href={loanPath(talk.loanId)}>{talk.subject}</Link> : talk.subject}
        </span>
        {talk.body && <span className="small">{talk.body}</span>}
        {talk.outcome && <span className="small">Came to: {talk.outcome}</span>}
        {talk.promisedAmount && (
          <span className="small">
            Promised <Money money={talk.promisedAmount} /> by <Day on={talk.promisedOn} />
          </span>
        )}
        {talk.followUpOn && (
          <span className="small">
            To come back to on <Day on={talk.followUpOn} />
          </span>
        )}
        <span className="muted small">
          {HOW[talk.channel]} {talk.direction === "INBOUND" ? "from them" : `by ${talk.loggedByName}`},{" "}
          <Time at={talk.spokenAt} ago />
        </span>
      </div>
    </li>
  );
}
