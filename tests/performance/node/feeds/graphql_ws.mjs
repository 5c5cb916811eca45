// npm graphql-ws over ws, fed from Redis: one reader parses each event once and hands it to every subscriber's iterator;
// graphql-js executes for each of them, which is how the library works. No sign-in, no rights, no log.
import { createServer } from "node:http";
import { buildSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { hear, schema as text } from "./told.mjs";

// What a subscriber has not taken yet.
class Queue {
  #waiting = [];
  #taker = null;
  push(value) {
    if (this.#taker) {
      const taker = this.#taker;
      this.#taker = null;
      taker({ value, done: false });
    } else this.#waiting.push(value);
  }
  next() {
    if (this.#waiting.length) return Promise.resolve({ value: this.#waiting.shift(), done: false });
    return new Promise((resolve) => (this.#taker = resolve));
  }
  return() {
    queues.delete(this);
    return Promise.resolve({ value: undefined, done: true });
  }
  [Symbol.asyncIterator]() {
    return this;
  }
}

const queues = new Set();
const schema = buildSchema(text);
const feed = schema.getSubscriptionType().getFields().newInvoiceListed;
feed.subscribe = () => {
  const queue = new Queue();
  queues.add(queue);
  return queue;
};
feed.resolve = (event) => event;

const server = createServer((_, response) => response.end("ok"));
useServer({ schema }, new WebSocketServer({ server, path: "/graphql" }));
await hear((event) => {
  for (const queue of queues) queue.push(event);
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(server.address().port));
