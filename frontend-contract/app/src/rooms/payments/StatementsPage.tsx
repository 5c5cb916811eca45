/** Statements of the M-Pesa account: handed in here, worked through in the background, compared row by row. */
import { Upload } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";

import { DaftariError, newIdempotencyKey } from "@daftari/client";
import { liveFeed, useClient, useQuery } from "@daftari/client/react";

import {
  CancelStatementImportDocument,
  ImportMpesaStatementDocument,
  StatementImportProgressDocument,
  StatementImportsDocument,
  type StatementImportsQuery,
} from "@/graphql/payments";
import { Status } from "@/kit/Badge";
import { Button } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Loaded, Notice } from "@/kit/Empty";
import { TextField } from "@/kit/Field";
import { Page } from "@/kit/Page";
import { Progress } from "@/kit/Progress";
import { type Column, Table } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { toast } from "@/kit/toasts";
import { number } from "@/kit/words";
import { attempt } from "@/session/attempt";
import { handIn } from "@/session/files";

import { sentence } from "../forms";
import styles from "./payments.module.css";

type Import = StatementImportsQuery["statementImports"]["nodes"][number];

function useImports() {
  const moves = liveFeed(StatementImportProgressDocument, {}, (data: StatementImportsQuery, item) => {
    const { nodes } = data.statementImports;
    // One that is not in the list yet is asked for, with its place in it.
    if (!nodes.some(({ id }) => id === item.statementImport.id)) return undefined;
    const moved = nodes.map((node) =>
      node.id === item.statementImport.id ? { ...node, ...item.statementImport } : node,
    );
    return { ...data, statementImports: { ...data.statementImports, nodes: moved } };
  });
  return useQuery(StatementImportsDocument, { first: 50 }, { live: [moves] });
}

export function StatementsPage(): ReactNode {
  const query = useImports();
  return (
    <Page title="Statements" note="What the provider says came and went, compared with the books row by row.">
      <HandIn onImported={() => void query.refetch()} />
      <Card flush>
        <Loaded query={query} lines={4}>
          {({ statementImports: { nodes } }) => (
            <Table
              caption="Imports of statements"
              rows={nodes}
              rowKey={({ id }) => id}
              columns={COLUMNS}
              empty="No statement was imported yet."
            />
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function HandIn({ onImported }: { onImported: () => void }): ReactNode {
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<DaftariError | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get("statement");
    if (!(file instanceof File) || busy) return;
    setBusy(true);
    setError(null);
    try {
      const fileId = await handIn(file, "mpesa_statement");
      await client.mutate(ImportMpesaStatementDocument, { input: { fileId } }, { idempotencyKey: newIdempotencyKey() });
      toast({ title: "The statement is being worked through", body: file.name, tone: "good" });
      form.current?.reset();
      onImported();
    } catch (problem) {
      if (!(problem instanceof DaftariError)) throw problem;
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title="Import a statement" note="As the provider exports it, in CSV.">
      <form ref={form} className="stack" onSubmit={(event) => void submit(event)}>
        <div className={styles.upload}>
          <TextField label="File" name="statement" type="file" accept=".csv,text/csv,text/plain" required />
          <Button type="submit" look="primary" busy={busy} icon={<Upload aria-hidden />}>
            Import
          </Button>
        </div>
        {busy && <Progress label="Handing it in" value={null} detail="" />}
        {error && <Notice tone="bad">{sentence(error.message)}</Notice>}
      </form>
    </Card>
  );
}

const COLUMNS: readonly Column<Import>[] = [
  {
    title: "Statement",
    heading: true,
    cell: ({ number: name, fileName, createdAt }) => (
      <span className={styles.what}>
        {name} · {fileName}
        <span className="muted small">
          <Time at={createdAt} />
        </span>
      </span>
    ),
  },
  { title: "State", cell: ({ status }) => <Status status={status} /> },
  { title: "Rows", cell: (statement) => <Rows statement={statement} /> },
  { title: "Matched", numeric: true, cell: ({ matched, known }) => number(matched + known) },
  { title: "Nobody's", numeric: true, cell: ({ orphans }) => number(orphans) },
  { title: "Unreadable", numeric: true, cell: ({ badRows }) => number(badRows) },
  { title: "Act", quiet: true, cell: (statement) => <Cancel statement={statement} /> },
];

function Rows({ statement }: { statement: Import }): ReactNode {
  const { number: name, rowsDone, rowsTotal, status, problem } = statement;
  const detail = rowsTotal === null ? "counting" : `${number(rowsDone)} of ${number(rowsTotal)}`;
  return (
    <>
      <Progress
        label={`Rows of ${name}`}
        hideLabel
        value={rowsTotal === null ? null : rowsDone}
        most={rowsTotal ?? undefined}
        detail={detail}
        tone={status === "DONE" ? "good" : status === "FAILED" ? "bad" : "accent"}
      />
      {problem && <p className="small">{sentence(problem)}</p>}
    </>
  );
}

function Cancel({ statement }: { statement: Import }): ReactNode {
  const client = useClient();
  if (statement.status !== "QUEUED" && statement.status !== "RUNNING") return null;
  const cancel = (): Promise<boolean> =>
    attempt(
      () => client.mutate(CancelStatementImportDocument, { input: { importId: statement.id } }),
      "It goes no further",
    );
  return (
    <Button size="small" onClick={() => void cancel()}>
      Cancel<span className="unseen"> {statement.number}</span>
    </Button>
  );
}
