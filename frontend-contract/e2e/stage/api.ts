/** What happens beside the browsers: people who act by programs, and the hand that breaks things. */
const SERVER = process.env.DAFTARI_URL ?? "";
const PASSWORD = "try-daftari-now";

export class Caller {
  private constructor(private readonly bearer: string) {}

  /** Somebody of the demo, by the first part of their address. */
  static async signIn(who: string): Promise<Caller> {
    const login = "mutation($input: LoginInput!) { login(input: $input) { accessToken } }";
    const answer = await post(login, { input: { email: `${who}@daftari.example`, password: PASSWORD } });
    return new Caller((answer.login as { accessToken: string }).accessToken);
  }

  async ask(query: string, variables: object = {}): Promise<Record<string, unknown>> {
    return await post(query, variables, this.bearer);
  }

  /** Does a mutation that takes one input; what it answers besides its errors. Throws what it refuses. */
  async change(name: string, input: object, answer = "", type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`): Promise<unknown> {
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { errors { message } ${answer} } }`;
    const { errors, ...rest } = (await this.ask(query, { input }))[name] as { errors: unknown[] };
    if (errors.length > 0) throw new Error(`${name}: ${JSON.stringify(errors)}`);
    return rest;
  }

  /** Puts an invoice on the marketplace, as a seller. Resolves to its id when the server has said so. */
  async listInvoice(number: string, more: object = {}): Promise<string> {
    const dueOn = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    const faceValue = { amount: "1000.00", currency: "INR" };
    const asked = { number, debtorName: "Metro Retail", faceValue, dueOn, advanceRate: "80", fee: { method: "FLAT", rate: "2" } };
    const { invoice } = (await this.change("createInvoice", { ...asked, ...more }, "invoice { id }")) as { invoice: { id: string } };
    return invoice.id;
  }
}

async function post(query: string, variables: object, bearer?: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${SERVER}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown[] };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

let invoices = 0;

/** A number that no other test of this run uses. */
export function invoiceNumber(): string {
  invoices += 1;
  return `E2E-${process.pid}-${invoices}`;
}

async function hand(what: string): Promise<void> {
  const response = await fetch(`${process.env.DAFTARI_HAND}/${what}`, { method: "POST" });
  if (!response.ok) throw new Error(`the stage could not ${what}`);
}

export const valkey = { kill: () => hand("valkey/kill"), wake: () => hand("valkey/wake") };
