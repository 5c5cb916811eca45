// A client that follows feeds and comes back after every cut, with the last cursor that it has:
//   node follow.mjs ws|sse URL TOKEN QUERY...
// Each item of a feed becomes a line of JSON; a feed's end and errors too. It runs until its input is closed.
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

const [transport, url, token, ...queries] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const patience = {
  retryAttempts: 1000,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
};

const client =
  transport === 'ws'
    ? createSocketClient({
        url,
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        shouldRetry: () => true,
        ...patience,
      })
    : createSseClient({ url, headers: { authorization }, ...patience });

const say = (line) => console.log(JSON.stringify(line));

function follow(query) {
  // Both clients send this object again when they reconnect, so what it holds then is where the feed goes on.
  const request = { query, variables: { after: null } };
  return client.subscribe(request, {
    next({ data, errors }) {
      if (errors) return say({ errors });
      const [[feed, item]] = Object.entries(data);
      request.variables.after = item.cursor;
      say({ feed, item });
    },
    error: (error) => say({ failed: error instanceof Error ? error.message : error }),
    complete: () => say({ complete: true }),
  });
}

const stops = queries.map(follow);

process.stdin.on('end', async () => {
  stops.forEach((stop) => stop());
  await client.dispose();
  process.exit(0);
});
process.stdin.resume();
