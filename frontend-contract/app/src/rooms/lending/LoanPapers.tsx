/** The papers of a loan: what was handed in, by whom, and handing in more. */
import { Download, FileText } from "lucide-react";
import { type ReactNode, useState } from "react";

import { AddLoanDocumentsDocument } from "@/graphql/lending";
import type { DocumentKind } from "@/graphql/schema";
import {
  Badge,
  Button,
  Card,
  Empty,
  FileField,
  humanise,
  IconButton,
  Progress,
  SelectField,
  Time,
  toast,
} from "@/kit";
import { attempt } from "@/session/attempt";
import { keepFile } from "@/session/files";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useAct } from "../forms";
import rooms from "../rooms.module.css";
import { useHandIn } from "../useHandIn";
import { actsOn } from "./acts";
import type { LoanActProps, LoanFull } from "./oneLoan";

export function LoanPapers({ loan }: { readonly loan: LoanFull }): ReactNode {
  const [adding, setAdding] = useState(false);
  const mayAdd = actsOn(loan, usePerson()).has("ADD_PAPER");
  return (
    <Card
      title="Papers"
      flush
      actions={
        mayAdd && (
          <Button size="small" onClick={() => setAdding(true)}>
            Add a paper
          </Button>
        )
      }
    >
      {loan.documents.length === 0 ? (
        <Empty icon={<FileText aria-hidden />}>No paper was handed in yet.</Empty>
      ) : (
        <PaperList papers={loan.documents} />
      )}
      {adding && <AddPaper loan={loan} onClose={() => setAdding(false)} />}
    </Card>
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
          {file && (
            <IconButton
              size="small"
              icon={<Download aria-hidden />}
              label={`Keep ${fileName}`}
              onClick={() => void attempt(() => keepFile(file))}
            />
          )}
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

function AddPaper({ loan, onClose }: LoanActProps): ReactNode {
  const missing = KINDS.find((kind) => !loan.documents.some((paper) => paper.kind === kind)) ?? "OTHER";
  const [kind, setKind] = useState<DocumentKind>(missing);
  const [file, setFile] = useState<File | null>(null);
  const handingIn = useHandIn("document");
  const add = useAct(AddLoanDocumentsDocument, () => {
    toast({ tone: "good", title: `${humanise(kind)} is handed in`, body: file?.name });
    onClose();
  });
  const busy = handingIn.busy || add.busy;
  const error = handingIn.error ?? add.error;
  const send = (): void => {
    if (file) handingIn.run(file, (fileId) => add.run({ input: { loanId: loan.id, documents: [{ fileId, kind }] } }));
  };
  return (
    <ActDialog
      title={`A paper for ${loan.number}`}
      submit="Hand it in"
      act={{ busy, error }}
      fields={["fileId"]}
      onClose={onClose}
      onSubmit={send}
    >
      <SelectField
        label="What it is"
        options={KINDS.map((each) => [each, humanise(each)] as const)}
        value={kind}
        onChange={(value) => setKind(value as DocumentKind)}
      />
      <FileField
        label="File"
        hint="A PDF, or a picture of the paper"
        accept="application/pdf,image/png,image/jpeg,image/webp"
        required
        onChange={setFile}
        error={fieldError(error, "fileId")}
      />
      {busy && file && <Progress label={file.name} value={handingIn.busy ? handingIn.sent : 1} most={1} />}
    </ActDialog>
  );
}
