import { describe, expect, it } from "vitest";

import { instant } from "@/kit/words";

import { evidenceInWords, why } from "./words";

describe("what the server says of payments", () => {
  it("is a sentence without codes", () => {
    expect(why("SERVICE_SESSION_NOT_BOOKED: the session is cancelled")).toBe("The session is cancelled.");
    expect(why("less was paid than asked for")).toBe("Less was paid than asked for.");
  });

  it("has moments as they are written elsewhere, and leaves the rest as it is", () => {
    expect(evidenceInWords("2026-10-25 09:13:16")).toBe(instant("2026-10-25T09:13:16Z"));
    expect(evidenceInWords("KES 2,500.00")).toBe("KES 2,500.00");
    expect(evidenceInWords(null)).toBe("–");
  });
});
