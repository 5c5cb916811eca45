/** The sign-in menu: one click for a user of the demo data, found by name, role or business, or e-mail and password. */
import { useEffect, useId, useRef, useState, type SubmitEvent } from "react";
import { demoUsers, findUsers, roleWords, type DemoUser } from "./demo-users";
import { placeBelow, walk } from "./menu";
import type { Session } from "./session";
import { useStore } from "./store";

interface SignInProps {
  session: Session;
  onSignedIn(): void;
  button: React.RefObject<HTMLButtonElement | null>;
  /** What the button that opens the menu says. */
  label: string;
}

export function SignIn({ session, onSignedIn, button, label }: SignInProps) {
  const users = useStore(demoUsers) ?? [];
  const { notice, tokens } = useStore(session.state);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  const panel = useRef<HTMLDivElement>(null);
  const message = refusal ?? notice;

  // Who was signed out by the server is told why, where signing in again is one click away.
  useEffect(() => {
    if (notice !== null && tokens === null) panel.current?.showPopover();
  }, [notice, tokens]);

  async function enter(email: string, password: string): Promise<void> {
    setBusy(true);
    setRefusal(null);
    try {
      await session.signIn(email, password);
      panel.current?.hidePopover();
      onSignedIn();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  function toggled(event: React.ToggleEvent): void {
    if (event.newState !== "open" || !panel.current || !button.current) return;
    setFilter("");
    setRefusal(null);
    placeBelow(button.current, panel.current);
    panel.current.querySelector("input")?.focus();
  }

  return (
    <>
      <button ref={button} type="button" className={tokens ? "plain" : "primary"} popoverTarget="sign-in" aria-haspopup="dialog">
        {label}
      </button>
      <div ref={panel} id="sign-in" className="menu sign-in" popover="auto" role="dialog" aria-label="Sign in" onToggle={toggled} onKeyDown={walk}>
        {message && (
          <p className="refusal" role="alert">
            {message}
          </p>
        )}
        {users.length > 0 && <UserList users={users} busy={busy} filter={filter} onFilter={setFilter} onChoose={enter} />}
        <details className="other" open={users.length === 0}>
          <summary>Other account</summary>
          <SignInForm busy={busy} onSubmit={enter} />
        </details>
      </div>
    </>
  );
}

interface UserListProps {
  users: DemoUser[];
  busy: boolean;
  filter: string;
  onFilter(filter: string): void;
  onChoose(email: string, password: string): Promise<void>;
}

function UserList({ users, busy, filter, onFilter, onChoose }: UserListProps) {
  const groups = findUsers(users, filter);
  return (
    <>
      <input
        type="search"
        aria-label="Find somebody by name, role or business"
        placeholder="Name, role or business"
        value={filter}
        onChange={(event) => onFilter(event.target.value)}
      />
      <div className="menu-list">
        {groups.length === 0 && <p>Nobody matches.</p>}
        {groups.map(([business, members]) => (
          <section key={business} aria-label={business}>
            <h2>{business}</h2>
            <ul>
              {members.map((user) => (
                <li key={user.email}>
                  <button type="button" className="user" disabled={busy} onClick={() => void onChoose(user.email, user.password)}>
                    <span className="user-name">{user.name}</span>
                    <span className="user-roles">{user.roles.map(roleWords).join(", ")}</span>
                    {user.note && <span className="user-note">{user.note}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

interface SignInFormProps {
  busy: boolean;
  onSubmit(email: string, password: string): Promise<void>;
}

function SignInForm({ busy, onSubmit }: SignInFormProps) {
  const id = useId();

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void onSubmit(String(form.get("email")), String(form.get("password")));
  }

  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label htmlFor={`${id}-email`}>E-mail</label>
      <input id={`${id}-email`} name="email" type="email" autoComplete="username" required />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} name="password" type="password" autoComplete="current-password" required />
      <button type="submit" className="primary" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
