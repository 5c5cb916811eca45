/** Signing in: with e-mail and password, or, in development, as one of the people of the demo. */
import { LogIn, Search } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";

import type { DaftariError } from "@daftari/client";
import { useClient, useSession } from "@daftari/client/react";

import icon from "@/icon.svg";
import { Button } from "@/kit/Button";
import { Card } from "@/kit/Card";
import { Notice } from "@/kit/Empty";
import { TextField } from "@/kit/Field";
import { humanise, sentence } from "@/kit/words";
import { ThemeSwitch } from "@/shell/ThemeSwitch";

import { byBusiness, type DemoPerson, loadDemoPeople } from "./demo-people";
import { keepInTabOnly } from "./keeping";
import styles from "./SignIn.module.css";

interface Attempt {
  email: string;
  password: string;
  tabOnly: boolean;
}

function useSignIn(): { signIn: (attempt: Attempt) => Promise<void>; busy: string | null; error: DaftariError | null } {
  const client = useClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<DaftariError | null>(null);
  const signIn = async ({ email, password, tabOnly }: Attempt): Promise<void> => {
    setBusy(email);
    setError(null);
    keepInTabOnly(tabOnly);
    try {
      await client.signIn({ email, password });
    } catch (problem) {
      setError(problem as DaftariError);
      setBusy(null);
    }
  };
  return { signIn, busy, error };
}

export function SignIn(): ReactNode {
  const { status } = useSession();
  const { signIn, busy, error } = useSignIn();
  const [people, setPeople] = useState<DemoPerson[]>([]);
  useEffect(() => {
    document.title = "Sign in · Daftari Live";
    void loadDemoPeople().then(setPeople);
  }, []);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <p className={styles.brand}>
          <img src={icon} alt="" width="32" height="32" />
          Daftari Live
        </p>
        <ThemeSwitch />
      </header>
      <main className={people.length > 0 ? styles.main : `${styles.main} ${styles.alone}`}>
        <div className={`${styles.entry} stack`}>
          <div className="stack-tight">
            <h1>Sign in</h1>
            <p className="muted">Five businesses, one set of books. Every figure moves as it happens.</p>
          </div>
          {status === "expired" && !error && (
            <Notice tone="warn">Your session has ended. Sign in again to go on where you were.</Notice>
          )}
          {error && <Notice tone="bad">{sentence(error.message)}</Notice>}
          <Card>
            <PasswordForm busy={busy !== null} onSubmit={signIn} />
          </Card>
        </div>
        {people.length > 0 && (
          <DemoPeople
            people={people}
            busy={busy}
            onChoose={({ email, password }) => signIn({ email, password, tabOnly: true })}
          />
        )}
      </main>
    </div>
  );
}

function PasswordForm({ busy, onSubmit }: { busy: boolean; onSubmit: (attempt: Attempt) => Promise<void> }): ReactNode {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tabOnly, setTabOnly] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void onSubmit({ email: email.trim(), password, tabOnly });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label="E-mail" type="email" autoComplete="username" required value={email} onChange={setEmail} />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
      />
      <label className={styles.choice}>
        <input type="checkbox" checked={tabOnly} onChange={(event) => setTabOnly(event.target.checked)} />
        <span>Only in this tab, so that another can be somebody else</span>
      </label>
      <Button type="submit" look="primary" busy={busy} icon={<LogIn aria-hidden />}>
        Sign in
      </Button>
    </form>
  );
}

interface DemoPeopleProps {
  people: readonly DemoPerson[];
  busy: string | null;
  onChoose: (person: DemoPerson) => Promise<void>;
}

function DemoPeople({ people, busy, onChoose }: DemoPeopleProps): ReactNode {
  const [search, setSearch] = useState("");
  const businesses = byBusiness(people, search);
  return (
    <Card
      title="Or look at it as somebody of the demo"
      note="Each tab can be somebody else: put a seller beside an investor and watch both."
      flush
    >
      <search className={styles.search}>
        <Search aria-hidden />
        <input
          type="search"
          aria-label="Search people by name, role or business"
          placeholder="Name, role or business"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </search>
      <p className="unseen" role="status">
        {search && `${businesses.reduce((sum, business) => sum + business.people.length, 0)} people found`}
      </p>
      <div className={styles.businesses}>
        {businesses.length === 0 && <p className="muted">Nobody fits “{search}”.</p>}
        {businesses.map((business) => (
          <section key={business.title} aria-label={business.title}>
            <h3>{business.title}</h3>
            <ul>
              {business.people.map((person) => (
                <li key={person.email}>
                  <button
                    type="button"
                    aria-busy={busy === person.email || undefined}
                    onClick={() => void onChoose(person)}
                  >
                    <span className={styles.name}>{person.name}</span>
                    <span className={styles.role}>{person.roles.map(humanise).join(", ")}</span>
                    {person.note && <span className={styles.note}>{person.note}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}
