// mercurius on fastify with its compiler (jit) and its own subscriptions, fed from Redis. No sign-in, no rights, no log.
import fastify from "fastify";
import mercurius from "mercurius";
import { hear, schema } from "./told.mjs";

const TOPIC = "newInvoiceListed";
const subscribe = (_, __, { pubsub }) => pubsub.subscribe(TOPIC);
const app = fastify();
app.register(mercurius, {
  schema,
  resolvers: { Subscription: { newInvoiceListed: { subscribe } } },
  subscription: { fullWsTransport: true },
  jit: 1,
  path: "/graphql",
});
await app.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
await hear((newInvoiceListed) => app.graphql.pubsub.publish({ topic: TOPIC, payload: { newInvoiceListed } }));
console.log(app.server.address().port);
