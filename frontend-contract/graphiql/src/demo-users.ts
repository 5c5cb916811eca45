/** The users of the demo data, offered in development. A production server has no such list, and the page asks for e-mail and password. */
import { createStore } from "./store";

export interface DemoUser {
  name: string;
  email: string;
  password: string;
  roles: string[];
  note?: string | null;
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
