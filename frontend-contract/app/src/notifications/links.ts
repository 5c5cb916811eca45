/** Where the thing is shown that a notification is about; each room says so of its own. */
import { createContext, useContext } from "react";

import { usePerson } from "@/session/person";
import type { Room } from "@/shell/room";

/** All rooms, as the start of the app gives them: their screens ask here, so they cannot be asked for by name. */
export const RoomsContext = createContext<readonly Room[]>([]);

/** The way to a thing, by its kind and its id; nothing when no room shows such things to the person. */
export function useLinkTo(): (subjectKind: string | null, subjectId: string | null) => string | undefined {
  const rooms = useContext(RoomsContext);
  const person = usePerson();
  return (subjectKind, subjectId) => {
    if (!subjectKind || !subjectId) return undefined;
    const room = rooms.find(({ subjects, pages }) => subjects?.[subjectKind] && pages.some((page) => page.may(person)));
    return room?.subjects?.[subjectKind]?.(subjectId);
  };
}
