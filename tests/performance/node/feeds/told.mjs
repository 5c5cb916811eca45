// What the peers on Node tell: the schema of one live feed, and the events that come through Redis, each parsed once.
import { Redis } from "ioredis";

export const schema = `
  type Money { amount: String! formatted: String! }
  type Invoice {
    id: ID! number: String! sellerName: String! debtorName: String! industry: String! faceValue: Money!
    requestedAmount: Money! minInvestment: Money! expectedYield: String! dueOn: String! fundingDeadlineAt: String!
  }
  type NewInvoiceListed { cursor: String! occurredAt: String! invoice: Invoice! }
  type Query { ok: Boolean! }
  type Subscription { newInvoiceListed: NewInvoiceListed! }
`;

export async function hear(tell) {
  const redis = new Redis(process.env.REDIS_URL);
  redis.on("message", (_, message) => tell(JSON.parse(message)));
  await redis.subscribe(process.env.CHANNEL);
}
