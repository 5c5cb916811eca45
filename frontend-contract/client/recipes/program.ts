import { readFile, rename, writeFile } from "node:fs/promises";

import { createClient, type Feed } from "@daftari/client";

const EVENTS = `
  subscription Events($domains: [String!], $after: Cursor) {
    events(domains: $domains, after: $after) {
      __typename
      ... on FeedItem { cursor }
      ... on Ready { recovered }
      ... on ResyncRequired { reason }
      ... on DomainEvent { name occurredAt payload }
    }
  }
`;

export interface DomainEvent {
  __typename: "DomainEvent";
  name: string;
  payload: Record<string, unknown>;
}

/**
 * A program that takes every event of wallets, across its own restarts too: the cursor is kept beside what it has done.
 * It is told of an event again when it stopped between taking and keeping, so taking twice must do no harm. Its key has
 * the scopes EVENTS_READ and WALLETS_READ_ALL.
 */
export async function takeEvents(
  { url, apiKey, cursorFile }: { url: string; apiKey: string; cursorFile: string },
  take: (event: DomainEvent) => void,
): Promise<{ feed: Feed; stop(): Promise<void> }> {
  const client = createClient({ url, apiKey });
  const after = await readFile(cursorFile, "utf8").catch(() => undefined);
  let kept: Promise<void> = Promise.resolve();
  const keep = (cursor: string): void => {
    kept = kept.then(async () => {
      await writeFile(`${cursorFile}.next`, cursor);
      await rename(`${cursorFile}.next`, cursorFile);
    });
  };
  const feed = client.feed<{ events: DomainEvent | { __typename: "Ready" | "CaughtUp" | "ResyncRequired" } }>(
    EVENTS,
    { domains: ["wallets"] },
    {
      onItem: (event, { cursor }) => {
        take(event);
        keep(cursor);
      },
      onError: (error) => console.error(error),
    },
    after ? { after } : {},
  );
  return {
    feed,
    async stop() {
      await client.close();
      await kept;
    },
  };
}
