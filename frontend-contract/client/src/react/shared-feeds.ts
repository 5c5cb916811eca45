/**
 * Feeds that several components follow are opened once, and stay for a moment when the last one leaves: the next screen
 * often wants the same.
 */
import {
  createStore,
  keyOf,
  type DaftariClient,
  type DaftariError,
  type Document,
  type Feed,
  type FeedHandlers,
  type WritableStore,
} from "../index.ts";

export type Follower = FeedHandlers<unknown>;

export interface Followed {
  readonly feed: Feed;
  /** Whether it was open already, so that what happened before is told to nobody who comes now. */
  readonly joined: boolean;
  leave(): void;
}

interface Shared {
  readonly feed: Feed;
  readonly followers: Set<Follower>;
  lingering?: ReturnType<typeof setTimeout> | undefined;
}

const LINGER_MS = 1_000;

export class SharedFeeds {
  private readonly client: DaftariClient;
  private readonly shared = new Map<string, Shared>();
  /** Changes when another person is signed in, after which all feeds have ended. */
  readonly era: WritableStore<string>;

  constructor(client: DaftariClient) {
    this.client = client;
    this.era = createStore(ownerOf(client));
    client.session.subscribe(() => this.era.set(ownerOf(client)));
  }

  isOpen<V>(document: Document<unknown, V>, variables: V): boolean {
    return this.shared.has(keyOf(document, variables));
  }

  follow<V>(document: Document<unknown, V>, variables: V, follower: Follower, after?: string): Followed {
    const key = keyOf(document, variables);
    const known = this.shared.get(key);
    const shared = known ?? this.open(key, document, variables, after);
    clearTimeout(shared.lingering);
    shared.followers.add(follower);
    return {
      feed: shared.feed,
      joined: known !== undefined,
      leave: () => this.leave(key, shared, follower),
    };
  }

  private open<V>(key: string, document: Document<unknown, V>, variables: V, after: string | undefined): Shared {
    const followers = new Set<Follower>();
    const all = (tell: (follower: Follower) => void): void => [...followers].forEach(tell);
    const gone = (): void => {
      if (this.shared.get(key)?.followers === followers) this.shared.delete(key);
    };
    const feed = this.client.feed<unknown, V>(
      document,
      variables,
      {
        onItem: (item, about) => all((each) => each.onItem(item, about)),
        onReady: (about) => all((each) => each.onReady?.(about)),
        onCaughtUp: () => all((each) => each.onCaughtUp?.()),
        onResync: (about) => all((each) => each.onResync?.(about)),
        onError: (error: DaftariError) => {
          gone();
          all((each) => each.onError?.(error));
        },
        onEnd: () => {
          gone();
          all((each) => each.onEnd?.());
        },
      },
      after === undefined ? {} : { after },
    );
    const shared: Shared = { feed, followers };
    this.shared.set(key, shared);
    return shared;
  }

  private leave(key: string, shared: Shared, follower: Follower): void {
    if (!shared.followers.delete(follower) || shared.followers.size) return;
    shared.lingering = setTimeout(() => {
      if (shared.followers.size) return;
      if (this.shared.get(key) === shared) this.shared.delete(key);
      shared.feed.close();
    }, LINGER_MS);
  }
}

function ownerOf(client: DaftariClient): string {
  return client.session.get().user?.id ?? "";
}
