/** Papers that belong to something, such as a loan or a voucher: keeping one, and handing in more. */
import { Download, FileText } from "lucide-react";
import { type ReactNode, useState } from "react";

import { Button, Card, Empty, FileField, IconButton, Progress } from "@/kit";
import { attempt } from "@/session/attempt";
import { keepFile } from "@/session/files";

import { type Act, ActDialog, fieldError } from "./forms";
import { useHandIn } from "./useHandIn";

interface PapersCardProps {
  readonly mayAdd: boolean;
  /** The dialog in which one is added. */
  readonly Add: (props: { readonly onClose: () => void }) => ReactNode;
  /** The papers as a list; nothing where there are none. */
  readonly children: ReactNode;
}

export function PapersCard({ mayAdd, Add, children }: PapersCardProps): ReactNode {
  const [adding, setAdding] = useState(false);
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
      {children || <Empty icon={<FileText aria-hidden />}>No paper was handed in yet.</Empty>}
      {adding && Add({ onClose: () => setAdding(false) })}
    </Card>
  );
}

interface KeepProps {
  readonly file: { readonly name: string; readonly downloadPath: string };
}

export function KeepPaper({ file }: KeepProps): ReactNode {
  return (
    <IconButton
      size="small"
      icon={<Download aria-hidden />}
      label={`Keep ${file.name}`}
      onClick={() => void attempt(() => keepFile(file))}
    />
  );
}

interface AddPaperProps {
  readonly title: string;
  /** The mutation that says what the paper belongs to, and its field that takes the file. */
  readonly act: Pick<Act<never>, "busy" | "error">;
  readonly field: string;
  readonly onHandedIn: (fileId: string) => void;
  readonly onClose: () => void;
  /** What is to be said of the paper before it is chosen. */
  readonly children?: ReactNode;
}

export function AddPaper({ title, act, field, onHandedIn, onClose, children }: AddPaperProps): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const handingIn = useHandIn("document");
  const busy = handingIn.busy || act.busy;
  const error = handingIn.error ?? act.error;
  return (
    <ActDialog
      title={title}
      submit="Hand it in"
      act={{ busy, error }}
      fields={[field]}
      onClose={onClose}
      onSubmit={() => file && handingIn.run(file, onHandedIn)}
    >
      {children}
      <FileField
        label="File"
        hint="A PDF, or a picture of the paper"
        accept="application/pdf,image/png,image/jpeg,image/webp"
        required
        onChange={setFile}
        error={fieldError(error, field)}
      />
      {busy && file && <Progress label={file.name} value={handingIn.busy ? handingIn.sent : 1} most={1} />}
    </ActDialog>
  );
}
