/** The papers behind a voucher, such as receipts and invoices: keeping them, and handing in more. */
import type { ReactNode } from "react";

import { AddVoucherPapersDocument } from "@/graphql/accounting";
import { toast } from "@/kit";
import { usePerson } from "@/session/person";

import { useKeyedAct } from "../../forms";
import { AddPaper, KeepPaper, PapersCard } from "../../papers";
import roomStyles from "../../rooms.module.css";
import { KINDS, type Voucher } from "./kinds";

interface VoucherProps {
  readonly voucher: Voucher;
}

export function Papers({ voucher }: VoucherProps): ReactNode {
  const { permissions } = usePerson();
  const { papers } = voucher;
  return (
    <PapersCard
      mayAdd={permissions.includes("ACCOUNTING_WRITE") && permissions.includes(KINDS[voucher.__typename].write)}
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

function AddVoucherPaper({ voucher, onClose }: VoucherProps & { readonly onClose: () => void }): ReactNode {
  const { one } = KINDS[voucher.__typename];
  const add = useKeyedAct(AddVoucherPapersDocument, () => {
    toast({ tone: "good", title: "The paper is handed in", body: `It belongs to the ${one} ${voucher.number}.` });
    onClose();
  });
  return (
    <AddPaper
      title={`A paper for the ${one}`}
      act={add}
      field="fileIds"
      onHandedIn={(fileId) => add.run({ input: { voucherId: voucher.id, fileIds: [fileId] } })}
      onClose={onClose}
    />
  );
}
