import { browserStorage, createClient, type DaftariClient } from "@daftari/client";

/** One client for the whole page. The session outlives a reload; tokens are renewed by themselves. */
export function connect(url: string, showSignIn: (reason: string) => void): DaftariClient {
  return createClient({
    url,
    storage: browserStorage(),
    onSignedOut: (reason) => showSignIn(reason === "expired" ? "Please sign in again." : "Goodbye."),
  });
}
