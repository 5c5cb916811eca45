/** Acts of one press, without a form that would show why they were refused. */
import { DaftariError } from "@daftari/client";

import { toast } from "@/kit/toasts";

/** Does it, and says how it went: `done` when it did, the reason when it was refused. True when it did. */
export async function attempt(act: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof DaftariError)) throw problem;
    toast({ title: "That did not happen", body: problem.message, tone: "bad" });
    return false;
  }
  if (done) toast({ title: done, tone: "good" });
  return true;
}
