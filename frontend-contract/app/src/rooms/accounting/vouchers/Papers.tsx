/** The papers behind a voucher, such as receipts and invoices: keeping them, and handing in more. */
import type { ReactNode } from "react";

import { AddVoucherPapersDocument } from "@/graphql/accounting";
import { toast } from "@/kit";
import { usePerson } from "@/session/person";

import { useKeyedAct } from "../../forms";
import { AddPaper, KeepPaper, PapersCard } from "../../papers";
import roomStyles from "../../rooms.module.css";
import { KINDS, type Voucher } from "./kinds";

export function Papers({ voucher }: { readonly voucher: Voucher }): ReactNode {
  const mayWrite = usePerson().permissions.includes("ACCOUNTING_WRITE");
  const { papers } = voucher;
  return (
    <PapersCard
      mayAdd={mayWrite && voucher.state !== "VOIDED"}
      Add={({ onClose }) => <AddVoucherPaper voucher={voucher} onClose={onClose} />}
    >
      {papers.length > 0 && (
        <ul className={roomStyles.list}>
          {papers.map((file) => (
            <li key={file.id}>
              <span className={roomStyles.long}>{file.name}</span>
              <KeepPaper file={file} />
            </li>
          ))}
        </ul>
      )}
    </PapersCard>
  );
}

function AddVoucherPaper({ voucher, onClose }: { readonly voucher: Voucher; readonly onClose: () => void }): ReactNode {
  const add = useKeyedAct(AddVoucherPapersDocument, () => {
    toast({ tone: "good", title: "The paper is handed in" });
    onClose();
  });
  return (
    <AddPaper
      title={`A paper for the ${KINDS[voucher.__typename].one}`}
      act={add}
      field="fileIds"
      onHandedIn={(fileId) => add.run({ input: { voucherId: voucher.id, fileIds: [fileId] } })}
      onClose={onClose}
    />
  );
}
