// mercurius on fastify, with its compiler (jit) and its own loaders.
import fastify from "fastify";
import mercurius from "mercurius";
import { people, resolvers, schedules, schema } from "./book.mjs";

const app = fastify();
const opts = { cache: false };
app.register(mercurius, {
  schema,
  resolvers,
  loaders: {
    Loan: {
      borrower: { loader: (asked) => people(asked.map(({ obj }) => obj.borrower_id)), opts },
      schedule: { loader: (asked) => schedules(asked.map(({ obj }) => obj.id)), opts },
    },
  },
  jit: 1,
  path: "/graphql",
});
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(app.server.address().port);
