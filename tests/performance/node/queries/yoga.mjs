// graphql-yoga on Node's own server, with its plug-in for compiled execution and DataLoaders.
import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import { people, resolvers, schedules, schema } from "./book.mjs";

const yoga = createYoga({
  schema: createSchema({
    typeDefs: schema,
    resolvers: {
      ...resolvers,
      Loan: {
        ...resolvers.Loan,
        borrower: (row, _, { loaders }) => loaders.people.load(row.borrower_id),
        schedule: (row, _, { loaders }) => loaders.schedules.load(row.id),
      },
    },
  }),
  context: () => ({ loaders: { people: new DataLoader(people), schedules: new DataLoader(schedules) } }),
  plugins: [useGraphQlJit()],
  logging: false,
  maskedErrors: false,
  landingPage: false,
  graphiql: false,
});
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
