/** The papers of a loan: what was handed in, by whom, and handing in more. */
import { type ReactNode, useState } from "react";

import { AddLoanDocumentsDocument } from "@/graphql/lending";
import type { DocumentKind } from "@/graphql/schema";
import { Badge, humanise, SelectField, Time, toast } from "@/kit";
import { usePerson } from "@/session/person";

import { useAct } from "../forms";
import { AddPaper, KeepPaper, PapersCard } from "../papers";
import rooms from "../rooms.module.css";
import { actsOn } from "./acts";
import type { LoanActProps, LoanFull } from "./oneLoan";

export function LoanPapers({ loan }: { readonly loan: LoanFull }): ReactNode {
  return (
    <PapersCard
      mayAdd={actsOn(loan, usePerson()).has("ADD_PAPER")}
      Add={({ onClose }) => <AddLoanPaper loan={loan} onClose={onClose} />}
    >
      {loan.documents.length > 0 && <PaperList papers={loan.documents} />}
    </PapersCard>
  );
}

export function PaperList({ papers }: { readonly papers: LoanFull["documents"] }): ReactNode {
  return (
    <ul className={rooms.list}>
      {papers.map(({ id, kind, fileName, uploadedAt, uploadedBy, verifiedAt, file }) => (
        <li key={id}>
          <div className={rooms.what}>
            <span>
              {humanise(kind)} {verifiedAt && <Badge tone="good">Verified</Badge>}
            </span>
            <span className="muted small">
              <span className={rooms.long}>{fileName}</span>
              {file && `, ${size(file.sizeBytes)}`} · {uploadedBy?.name ?? "Somebody"}, <Time at={uploadedAt} ago />
            </span>
          </div>
          {file && <KeepPaper file={file} />}
        </li>
      ))}
    </ul>
  );
}

function size(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What a borrower is usually asked for comes first. */
const KINDS: readonly DocumentKind[] = [
  "NATIONAL_ID",
  "PASSPORT",
  "PHOTO",
  "PROOF_OF_INCOME",
  "PROOF_OF_ADDRESS",
  "BANK_STATEMENT",
  "BUSINESS_LICENCE",
  "COLLATERAL",
  "GUARANTEE",
  "SIGNED_AGREEMENT",
  "OTHER",
];

function AddLoanPaper({ loan, onClose }: LoanActProps): ReactNode {
  const missing = KINDS.find((kind) => !loan.documents.some((paper) => paper.kind === kind)) ?? "OTHER";
  const [kind, setKind] = useState<DocumentKind>(missing);
  const add = useAct(AddLoanDocumentsDocument, ({ addLoanDocuments: { documents } }) => {
    toast({ tone: "good", title: `${humanise(kind)} is handed in`, body: documents?.[0]?.fileName });
    onClose();
  });
  return (
    <AddPaper
      title={`A paper for ${loan.number}`}
      act={add}
      field="fileId"
      onHandedIn={(fileId) => add.run({ input: { loanId: loan.id, documents: [{ fileId, kind }] } })}
      onClose={onClose}
    >
      <SelectField
        label="What it is"
        options={KINDS.map((each) => [each, humanise(each)] as const)}
        value={kind}
        onChange={(value) => setKind(value as DocumentKind)}
      />
    </AddPaper>
  );
}
