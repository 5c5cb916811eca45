import { describe, expect, it } from "vitest";

import { actsOpen } from "./kinds";

const WRITER = ["ACCOUNTING_READ", "ACCOUNTING_WRITE"];
const ACCOUNTANT = [...WRITER, "ACCOUNTING_APPROVE", "LEDGER_POST"];

function open(...asked: Parameters<typeof actsOpen>): string[] {
  return Object.entries(actsOpen(...asked)).flatMap(([act, may]) => (may ? [act] : []));
}

describe("what may be done with a voucher", () => {
  it("is everything but taking back before it is in the books", () => {
    expect(open("Expense", "DRAFT", WRITER)).toEqual(["post", "change", "throwAway"]);
    for (const state of ["PENDING_APPROVAL", "REJECTED"] as const)
      expect(open("Revenue", state, WRITER)).toEqual(["change", "throwAway"]);
  });

  it("is taking it back once it is there, by who may", () => {
    expect(open("Transfer", "POSTED", ACCOUNTANT)).toEqual(["takeBack"]);
    expect(open("Transfer", "POSTED", WRITER)).toEqual([]);
  });

  it("is nothing at its end, or for who only reads", () => {
    for (const state of ["VOIDED", "REVERSED"] as const) expect(open("Expense", state, ACCOUNTANT)).toEqual([]);
    expect(open("Expense", "DRAFT", ["ACCOUNTING_READ"])).toEqual([]);
  });

  it("asks for the ledger's own permission where entries are written by hand", () => {
    expect(open("JournalDraft", "DRAFT", WRITER)).toEqual([]);
    expect(open("JournalDraft", "POSTED", ACCOUNTANT)).toEqual(["takeBack"]);
  });
});
