/** The people of the demo data, whom a server in development lets anybody sign in as; grouped by their business. */

export interface DemoPerson {
  name: string;
  email: string;
  password: string;
  roles: string[];
  note?: string | null;
}

export interface Business {
  title: string;
  people: DemoPerson[];
}

/** Each role belongs to one business; somebody with several roles stands under the first. */
const BUSINESSES: readonly [title: string, roles: readonly string[]][] = [
  ["House", ["ADMIN", "ACCOUNTANT"]],
  ["Lending", ["BRANCH_MANAGER", "LOAN_OFFICER", "BORROWER"]],
  ["Invoice finance", ["SELLER", "INVESTOR", "DEBTOR"]],
  ["Mill", ["MILL_MANAGER", "STOREKEEPER", "SALES_CLERK", "CASHIER"]],
  ["School", ["REGISTRAR", "BURSAR", "TEACHER", "GUARDIAN"]],
];
/** Counsellors and clients of payments have no role of staff. */
const OTHERS = "Counselling and payments";

/** Nobody where the server offers nobody, as in production. */
export async function loadDemoPeople(): Promise<DemoPerson[]> {
  try {
    const response = await fetch("/demo-users", { headers: { accept: "application/json" } });
    return response.ok ? ((await response.json()) as DemoPerson[]) : [];
  } catch {
    return [];
  }
}

/** The businesses with their people; with `search`, those whose name, role, address or note contains all its words. */
export function byBusiness(people: readonly DemoPerson[], search: string): Business[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, DemoPerson[]>(
    [...BUSINESSES.map(([title]) => title), OTHERS].map((title) => [title, []]),
  );
  for (const person of people) {
    const business = businessOf(person);
    const text = [person.name, person.email, person.note, business, ...person.roles]
      .join(" ")
      .toLowerCase()
      .replaceAll("_", " ");
    if (words.every((word) => text.includes(word))) groups.get(business)!.push(person);
  }
  return [...groups].filter(([, found]) => found.length > 0).map(([title, found]) => ({ title, people: found }));
}

function businessOf({ roles, note }: DemoPerson): string {
  if (/counsel|session/i.test(note ?? "")) return OTHERS;
  return BUSINESSES.find(([, own]) => own.some((role) => roles.includes(role)))?.[0] ?? OTHERS;
}
