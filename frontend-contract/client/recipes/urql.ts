import type { DaftariClient } from "@daftari/client";
import { daftariExchange } from "@daftari/client/urql";
import { cacheExchange, Client } from "@urql/core";

/** urql with Daftari's sign-in, renewal and feeds beneath. */
export function urqlOver(client: DaftariClient): Client {
  return new Client({ url: "/graphql", preferGetMethod: false, exchanges: [cacheExchange, daftariExchange(client)] });
}
