/** The conversation about an invoice: everybody who may see the invoice reads it, as it is written. */
import { useQuery } from "@daftari/client/react";
import { Send } from "lucide-react";
import { type FormEvent, useRef, useState, type ReactNode } from "react";

import {
  InvoiceMessageSentDocument,
  InvoiceMessagesDocument,
  type InvoiceMessagesQuery,
  SendInvoiceMessageDocument,
} from "@/graphql/invoice_finance";
import { Button, Card, Empty, Loaded, TextAreaField, Time } from "@/kit";

import { fieldError, FormError, useKeyedAct } from "../forms";
import rooms from "../rooms.module.css";
import styles from "./invoices.module.css";

type Message = InvoiceMessagesQuery["invoiceMessages"]["nodes"][number];

export function Messages({ invoiceId }: { readonly invoiceId: string }): ReactNode {
  const messages = useQuery(
    InvoiceMessagesDocument,
    { invoiceId, last: 50 },
    { live: [{ document: InvoiceMessageSentDocument, variables: { invoiceId } }] },
  );
  return (
    <Card title="Messages" note="All who may see the invoice read them." flush>
      <Loaded query={messages}>
        {({ invoiceMessages: { nodes, pageInfo } }) => (
          <div role="log" aria-label="Messages about the invoice">
            {pageInfo.hasPreviousPage && <p className={`${rooms.inset} muted small`}>These are the latest 50.</p>}
            {nodes.length === 0 ? (
              <Empty>Nobody has said anything yet.</Empty>
            ) : (
              <ol className={styles.messages}>
                {nodes.map((message) => (
                  <Said key={message.id} message={message} />
                ))}
              </ol>
            )}
          </div>
        )}
      </Loaded>
      <Say invoiceId={invoiceId} />
    </Card>
  );
}

function Said({ message: { authorLabel, body, mine, sentAt } }: { readonly message: Message }): ReactNode {
  return (
    <li className={mine ? styles.mine : undefined}>
      <p className="muted small">
        {mine ? "You" : authorLabel} · <Time at={sentAt} ago />
      </p>
      <p className={styles.body}>{body}</p>
    </li>
  );
}

function Say({ invoiceId }: { readonly invoiceId: string }): ReactNode {
  const [body, setBody] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const act = useKeyedAct(SendInvoiceMessageDocument, () => {
    setBody("");
    // The button rests until there is something to send again; who pressed it goes on writing.
    form.current?.querySelector("textarea")?.focus();
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!act.busy && body.trim() !== "") act.run({ input: { invoiceId, body: body.trim() } });
  };
  return (
    <form ref={form} className={`${rooms.inset} stack`} onSubmit={send}>
      <TextAreaField
        label="Say something"
        rows={2}
        maxLength={2000}
        value={body}
        onChange={setBody}
        error={fieldError(act.error, "body")}
      />
      <FormError error={act.error} fields={["body"]} />
      <div>
        <Button type="submit" busy={act.busy} disabled={body.trim() === ""} icon={<Send aria-hidden />}>
          Send
        </Button>
      </div>
    </form>
  );
}
