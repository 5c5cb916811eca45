/** The users of the demo data, offered in development. A production server has no such list, and the page asks for e-mail and password. */
import { createStore } from "./store";

export interface DemoUser {
  name: string;
  email: string;
  password: string;
  roles: string[];
  note?: string | null;
  business: string;
}

/** The businesses with those of their users whose name, role, address or note has all the words; businesses without any are left out. */
export function findUsers(users: DemoUser[], words: string): [business: string, users: DemoUser[]][] {
  const wanted = words.toLowerCase().split(/\s+/);
  const found = users.filter((user) => {
    const text = [user.name, user.email, user.business, user.note, ...user.roles.map(roleWords)].join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  return [...Map.groupBy(found, ({ business }) => business)];
}

/** LOAN_OFFICER reads as "loan officer". */
export function roleWords(role: string): string {
  return role.toLowerCase().replaceAll("_", " ");
}

/** Null until the server has answered; empty when it offers nobody. */
export const demoUsers = createStore<DemoUser[] | null>(null);

export async function loadDemoUsers(): Promise<void> {
  try {
    const response = await fetch("/demo-users", { headers: { accept: "application/json" } });
    demoUsers.set(response.ok ? ((await response.json()) as DemoUser[]) : []);
  } catch {
    demoUsers.set([]);
  }
}
