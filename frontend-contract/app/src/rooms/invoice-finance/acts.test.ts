/** Which acts an invoice has: by where it stands, and by what its reader is to it. */
import { describe, expect, it } from "vitest";

import { possibleActs } from "./acts";

type Standing = Parameters<typeof possibleActs>[0];

const LISTED: Standing = {
  viewerParty: "SELLER",
  status: "LISTED",
  saleMethod: "FIXED",
  openForFunding: true,
  outstandingAmount: { amount: "0.00", currency: "INR", formatted: "INR 0.00" },
  bids: [],
};
const owed = { outstandingAmount: { amount: "60.00", currency: "INR", formatted: "INR 60.00" }, openForFunding: false };

const acts = (part: Partial<Standing>): string[] => possibleActs({ ...LISTED, ...part }).map(({ name }) => name);

describe("an invoice", () => {
  it("is listed, withdrawn or closed by its seller", () => {
    expect(acts({ status: "DRAFT", openForFunding: false })).toEqual(["list", "withdraw"]);
    expect(acts({})).toEqual(["withdraw"]);
    expect(acts({ status: "PARTIALLY_FUNDED" })).toEqual(["close"]);
    expect(acts({ saleMethod: "AUCTION" })).toEqual(["closeAuction", "withdraw"]);
    expect(acts({ status: "FUNDED", ...owed })).toEqual([]);
  });

  it("is funded while it takes money, and a bid is taken back while it stands", () => {
    const investor = { viewerParty: "INVESTOR" } as const;
    expect(acts(investor)).toEqual(["invest"]);
    expect(acts({ ...investor, bids: [{ mine: false, state: "ACTIVE" }] })).toEqual(["invest"]);
    expect(acts({ ...investor, bids: [{ mine: true, state: "ACTIVE" }] })).toEqual(["invest", "withdrawBid"]);
    expect(acts({ ...investor, openForFunding: false, bids: [{ mine: true, state: "WON" }] })).toEqual([]);
  });

  it("is paid by its debtor or through staff as long as something is owed", () => {
    expect(acts({ viewerParty: "DEBTOR", status: "FUNDED", ...owed })).toEqual(["pay"]);
    expect(acts({ viewerParty: "DEBTOR" })).toEqual([]);
    expect(acts({ viewerParty: "STAFF", status: "OVERDUE", ...owed })).toEqual(["record"]);
    expect(acts({ viewerParty: "STAFF", status: "DEFAULTED", ...owed })).toEqual(["record", "giveUp"]);
  });
});
