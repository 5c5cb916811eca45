/** The papers behind a voucher, such as receipts and invoices: keeping them, and handing in more. */
import { Download, FileText } from "lucide-react";
import { type ReactNode, useState } from "react";

import { AddVoucherPapersDocument } from "@/graphql/accounting";
import { Button, Card, Empty, FileField, IconButton, Progress, toast } from "@/kit";
import { attempt } from "@/session/attempt";
import { keepFile } from "@/session/files";
import { usePerson } from "@/session/person";

import { ActDialog, fieldError, useKeyedAct } from "../../forms";
import roomStyles from "../../rooms.module.css";
import { useHandIn } from "../../useHandIn";
import { KINDS, type Voucher } from "./kinds";

export function Papers({ voucher }: { readonly voucher: Voucher }): ReactNode {
  const [adding, setAdding] = useState(false);
  const { permissions } = usePerson();
  const { papers } = voucher;
  const mayAdd = permissions.includes("ACCOUNTING_WRITE") && permissions.includes(KINDS[voucher.__typename].write);
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
      {papers.length === 0 ? (
        <Empty icon={<FileText aria-hidden />}>No paper was handed in yet.</Empty>
      ) : (
        <ul className={roomStyles.list}>
          {papers.map((file) => (
            <li key={file.id}>
              <span className={roomStyles.long}>{file.name}</span>
              <IconButton
                size="small"
                icon={<Download aria-hidden />}
                label={`Keep ${file.name}`}
                onClick={() => void attempt(() => keepFile(file))}
              />
            </li>
          ))}
        </ul>
      )}
      {adding && <AddPaper voucher={voucher} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function AddPaper({ voucher, onClose }: { readonly voucher: Voucher; readonly onClose: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const handingIn = useHandIn("document");
  const add = useKeyedAct(AddVoucherPapersDocument, () => {
    toast({ tone: "good", title: "The paper is handed in", body: file?.name });
    onClose();
  });
  const busy = handingIn.busy || add.busy;
  const error = handingIn.error ?? add.error;
  const send = (): void => {
    if (file) handingIn.run(file, (fileId) => add.run({ input: { voucherId: voucher.id, fileIds: [fileId] } }));
  };
  return (
    <ActDialog
      title={`A paper for the ${KINDS[voucher.__typename].one}`}
      submit="Hand it in"
      act={{ busy, error }}
      fields={["fileIds"]}
      onClose={onClose}
      onSubmit={send}
    >
      <FileField
        label="File"
        hint="A PDF, or a picture of the paper"
        accept="application/pdf,image/png,image/jpeg,image/webp"
        required
        onChange={setFile}
        error={fieldError(error, "fileIds")}
      />
      {busy && file && <Progress label={file.name} value={handingIn.busy ? handingIn.sent : 1} most={1} />}
    </ActDialog>
  );
}
