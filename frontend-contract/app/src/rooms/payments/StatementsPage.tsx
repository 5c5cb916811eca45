/** Statements of the M-Pesa account: handed in here, worked through in the background, compared row by row. */
import { Upload } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";

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
import { FileField } from "@/kit/Field";
import { Page } from "@/kit/Page";
import { Progress } from "@/kit/Progress";
import type { Column } from "@/kit/Table";
import { Time } from "@/kit/Time";
import { number, sentence } from "@/kit/words";
import { attempt } from "@/session/attempt";

import { useKeyedAct } from "../forms";
import { LongTable } from "../LongTable";
import { useGrowing } from "../useGrowing";
import { useHandIn } from "../useHandIn";
import styles from "./payments.module.css";

type Import = StatementImportsQuery["statementImports"]["nodes"][number];

function useImports(first: number) {
  const moves = liveFeed(StatementImportProgressDocument, {}, (data: StatementImportsQuery, item) => {
    const { nodes } = data.statementImports;
    // One that is not in the list yet is asked for, with its place in it.
    if (!nodes.some(({ id }) => id === item.statementImport.id)) return undefined;
    const moved = nodes.map((node) =>
      node.id === item.statementImport.id ? { ...node, ...item.statementImport } : node,
    );
    return { ...data, statementImports: { ...data.statementImports, nodes: moved } };
  });
  return useQuery(StatementImportsDocument, { first }, { live: [moves], keepPrevious: true });
}

export function StatementsPage(): ReactNode {
  const pages = useGrowing();
  const query = useImports(pages.first);
  return (
    <Page title="Statements" note="What the provider says came and went, compared with the books row by row.">
      <HandIn imports={query.data?.statementImports.nodes ?? []} onImported={() => void query.refetch()} />
      <Card flush>
        <LongTable
          query={query}
          list={({ statementImports }) => statementImports}
          pages={pages}
          what="imports"
          caption="Imports of statements"
          rowKey={({ id }) => id}
          columns={COLUMNS}
          empty="No statement was imported yet."
        />
      </Card>
    </Page>
  );
}

/** A file on its way to us, and then through the books: one bar after the other. */
function HandIn({ imports, onImported }: HandInProps): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const [importId, setImportId] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const handingIn = useHandIn("mpesa_statement");
  const start = useKeyedAct(ImportMpesaStatementDocument, ({ importMpesaStatement }) => {
    setImportId(importMpesaStatement.statementImport?.id ?? null);
    setFile(null);
    setRound(round + 1);
    onImported();
  });
  const busy = handingIn.busy || start.busy;
  const error = handingIn.error ?? start.error;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!file || busy) return;
    setImportId(null);
    handingIn.run(file, (fileId) => start.run({ input: { fileId } }));
  };
  const imported = imports.find(({ id }) => id === importId);
  return (
    <Card title="Import a statement" note="As the provider exports it, in CSV.">
      <form className="stack" onSubmit={submit}>
        <div className={styles.upload}>
          <FileField
            key={round}
            label="File"
            accept=".csv,text/csv,text/plain"
            required
            onChange={setFile}
            error={error && !busy ? sentence(error.message) : undefined}
          />
          <Button type="submit" look="primary" busy={busy} icon={<Upload aria-hidden />}>
            Import
          </Button>
        </div>
        {busy && file && (
          <Progress label={`Handing in ${file.name}`} value={handingIn.busy ? handingIn.sent : 1} most={1} />
        )}
        {imported && <Rows statement={imported} label={`${imported.number} · ${imported.fileName}`} />}
      </form>
    </Card>
  );
}

interface HandInProps {
  /** As far as they are known, the newest first. */
  readonly imports: readonly Import[];
  readonly onImported: () => void;
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

/** How far a statement is worked through; its name is shown where the row around does not tell it. */
function Rows({ statement, label }: { readonly statement: Import; readonly label?: string }): ReactNode {
  const { number: name, rowsDone, rowsTotal, status, problem } = statement;
  const detail = rowsTotal === null ? "counting" : `${number(rowsDone)} of ${number(rowsTotal)} rows`;
  return (
    <>
      <Progress
        label={label ?? `Rows of ${name}`}
        hideLabel={label === undefined}
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
