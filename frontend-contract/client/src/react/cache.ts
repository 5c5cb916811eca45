/**
 * The answers to queries, shared by all components that ask the same, and kept for a while after the last one has gone.
 */
import { keyOf, type DaftariClient, type Document } from "../index.ts";
import { Answer } from "./answer.ts";
import type { SharedFeeds } from "./shared-feeds.ts";

const KEPT_MS = 5 * 60_000;

interface Entry {
  readonly answer: Answer<unknown>;
  forgetting?: ReturnType<typeof setTimeout> | undefined;
}

export class QueryCache {
  private readonly client: DaftariClient;
  private readonly feeds: SharedFeeds;
  private readonly entries = new Map<string, Entry>();

  constructor(client: DaftariClient, feeds: SharedFeeds) {
    this.client = client;
    this.feeds = feeds;
    client.connection.subscribe(() => this.connectionChanged());
  }

  /** Answers are of one person: the key begins with who asks. */
  answerTo<T, V>(document: Document<T, V>, variables: V | undefined): Answer<T> {
    const key = `${this.feeds.era.get()}\n${keyOf(document, variables)}`;
    let entry = this.entries.get(key);
    if (!entry) {
      const ask = (): Promise<unknown> => this.client.query<T, V>(document, variables);
      const made: Entry = { answer: new Answer<unknown>(ask, this.feeds, (wanted) => this.watch(key, made, wanted)) };
      this.entries.set(key, (entry = made));
      this.watch(key, made, false);
    }
    return entry.answer as Answer<T>;
  }

  private watch(key: string, entry: Entry, wanted: boolean): void {
    clearTimeout(entry.forgetting);
    entry.forgetting = wanted ? undefined : setTimeout(() => this.entries.delete(key), KEPT_MS);
  }

  /** What failed for want of a connection is asked again as soon as there is one. */
  private connectionChanged(): void {
    const { status } = this.client.connection.get();
    if (status !== "live" && status !== "online") return;
    for (const { answer } of this.entries.values()) answer.connectionReturned();
  }
}
