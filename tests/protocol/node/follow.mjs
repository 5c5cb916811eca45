// A client that follows a feed and comes back after every cut, with the last cursor that it has:
//   node follow.mjs ws|sse URL TOKEN QUERY
// Each item of the feed becomes a line of JSON; the feed's end and errors too. It runs until its input is closed.
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

const [transport, url, token, query] = process.argv.slice(2);
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
// Both clients send this object again when they reconnect, so what it holds then is where the feed goes on.
const request = { query, variables: { after: null } };

const stop = client.subscribe(request, {
  next({ data, errors }) {
    if (errors) return say({ errors });
    const [item] = Object.values(data);
    if (item.cursor) request.variables.after = item.cursor;
    say({ item });
  },
  error: (error) => say({ failed: error instanceof Error ? error.message : error }),
  complete: () => say({ complete: true }),
});

process.stdin.on('end', async () => {
  stop();
  await client.dispose();
  process.exit(0);
});
process.stdin.resume();
