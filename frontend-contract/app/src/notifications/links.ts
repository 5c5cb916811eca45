/** Where the thing is shown that a notification is about; each room says so of its own. */
import { rooms } from "@/rooms/rooms";
import type { Person } from "@/shell/room";

/** Nothing when no room shows such things to the person. */
export function linkOf(person: Person, subjectKind: string | null, subjectId: string | null): string | undefined {
  if (!subjectKind || !subjectId) return undefined;
  const room = rooms.find(({ subjects, pages }) => subjects?.[subjectKind] && pages.some((page) => page.may(person)));
  return room?.subjects?.[subjectKind]?.(subjectId);
}
