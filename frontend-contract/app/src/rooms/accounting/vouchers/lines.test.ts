import { describe, expect, it } from "vitest";

import { balanceOf, draftLines, emptyLine, linesInput } from "./lines";

const rent = { key: 0, accountId: "rent", debit: "1000.10", credit: "" };
const bank = { key: 1, accountId: "bank", debit: "", credit: "1000.10" };

describe("the lines of an entry", () => {
  it("balance when debits and credits are equal to the cent", () => {
    expect(balanceOf([rent, bank])).toEqual({ debits: "1000.10", credits: "1000.10", missing: null, complete: true });
    const cents = [{ ...rent, debit: "0.1" }, { ...rent, debit: "0.2" }, { ...bank, credit: "0.30" }];
    expect(balanceOf(cents).complete).toBe(true);
  });

  it("say what is missing, and where", () => {
    expect(balanceOf([rent, { ...bank, credit: "900" }]).missing).toEqual({ side: "credit", amount: "100.10" });
    expect(balanceOf([{ ...rent, debit: "0.10" }, bank]).missing).toEqual({ side: "debit", amount: "1000.00" });
  });

  it("are not complete while one of them is not whole", () => {
    expect(balanceOf([rent, bank, emptyLine(2)]).complete).toBe(false);
    expect(balanceOf([{ ...rent, accountId: "" }, bank]).complete).toBe(false);
    const nothing = { debits: "0", credits: "0", missing: null, complete: false };
    expect(balanceOf([emptyLine(0), emptyLine(1)])).toEqual(nothing);
  });

  it("leave out what cannot be read", () => {
    expect(balanceOf([{ ...rent, debit: "10x" }, bank]).missing).toEqual({ side: "debit", amount: "1000.10" });
  });

  it("go to the API one side each, and come back as they were", () => {
    expect(linesInput([rent, bank], "KES")).toEqual([
      { accountId: "rent", debit: { amount: "1000.10", currency: "KES" } },
      { accountId: "bank", credit: { amount: "1000.10", currency: "KES" } },
    ]);
    const written = [
      { account: { id: "rent" }, debit: { amount: "1000.10" }, credit: null },
      { account: { id: "bank" }, debit: null, credit: { amount: "1000.10" } },
    ];
    expect(draftLines(written)).toEqual([rent, bank]);
  });
});
