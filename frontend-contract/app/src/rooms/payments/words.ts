/** What the server says of payments, in words for people. */
import { instant, sentence } from "@/kit/words";

const CODE = /^[A-Z]+(?:_[A-Z]+)+: /;
const MOMENT = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** Why something does not agree. A refusal of another room begins with its code, which says nothing to people. */
export function why(message: string): string {
  return sentence(message.replace(CODE, ""));
}

/** What was expected or received: a moment of the books, which count by UTC, is said as all moments are. */
export function evidenceInWords(said: string | null): string {
  const [, on, at] = MOMENT.exec(said ?? "") ?? [];
  return on && at ? instant(`${on}T${at}Z`) : (said ?? "–");
}
