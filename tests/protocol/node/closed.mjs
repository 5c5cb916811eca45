// What graphql-ws does by itself when its socket is closed; only its pause before the next attempt is left out:
//   node closed.mjs URL...
// Writes one JSON object: how the operation at each URL ended, with the close code after which it was given up or with
// "complete".
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

function endOf(url) {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryWait: async () => {},
  });
  return new Promise((resolve) => {
    client.subscribe(
      { query: 'subscription { anything }' },
      {
        next: () => {},
        error: (error) => resolve([url, error.code ?? String(error)]),
        complete: () => resolve([url, 'complete']),
      },
    );
  });
}

console.log(JSON.stringify(Object.fromEntries(await Promise.all(process.argv.slice(2).map(endOf)))));
