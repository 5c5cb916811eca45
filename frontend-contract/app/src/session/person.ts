/** Who is signed in. */
import { useSession } from "@daftari/client/react";

import type { Person } from "@/shell/room";

export function usePerson(): Person {
  const { user } = useSession();
  if (!user) throw new Error("this is shown to people who are signed in");
  return user;
}
