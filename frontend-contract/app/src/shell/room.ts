/** What a room tells the shell of itself: its pages, who may open them, and where their code is. */
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

import type { Permission } from "@/graphql/schema";

/** Who is signed in, and what they may do. */
export interface Person {
  id: string;
  name: string;
  roles: readonly string[];
  permissions: readonly string[];
}

export interface RoomPage {
  /** Such as "/lending/loans/:id"; the screen reads the id by wouter's useParams. */
  path: string;
  title: string;
  /** Pages with an icon stand in the menu; others are reached from these. */
  icon?: LucideIcon;
  may: (person: Person) => boolean;
  /** What people have beside their work: nobody starts there who has anything else. */
  beside?: true;
  /** The screen's own module, loaded when somebody goes there. */
  load: () => Promise<{ Screen: ComponentType }>;
  /** A small count behind the title in the menu. */
  Count?: ComponentType;
}

export interface Room {
  title: string;
  pages: readonly RoomPage[];
  /** Where the things are shown that notifications are about, by their kind: `invoice`, `loan`, `approval`. */
  subjects?: Readonly<Record<string, (id: string) => string>>;
}

/** For who has any of these permissions. */
export function whoMay(...permissions: Permission[]): (person: Person) => boolean {
  return (person) => permissions.some((permission) => person.permissions.includes(permission));
}

/** For who has one of these roles, where two look at the same data differently. */
export function whoIs(...roles: string[]): (person: Person) => boolean {
  return (person) => roles.some((role) => person.roles.includes(role));
}
