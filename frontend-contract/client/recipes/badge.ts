import type { ConnectionState, DaftariClient } from "@daftari/client";

const WORDS: Record<ConnectionState["status"], string> = {
  online: "Online",
  connecting: "Connecting",
  live: "Live",
  stale: "Not up to date",
  offline: "Offline",
};

/** Calls `show` now and after every change, until the returned function is called. */
export function watchConnection({ connection }: DaftariClient, show: (words: string) => void): () => void {
  const tell = (): void => {
    const { status, since } = connection.get();
    show(status === "stale" ? `${WORDS.stale} since ${since.toLocaleTimeString("en-KE")}` : WORDS[status]);
  };
  tell();
  return connection.subscribe(tell);
}
