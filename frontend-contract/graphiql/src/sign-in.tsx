/** Signing in: one click for a user of the demo data, or e-mail and password. */
import { useId, useState, type SubmitEvent } from "react";
import { demoUsers, type DemoUser } from "./demo-users";
import type { Session } from "./session";
import { useStore } from "./store";

interface SignInProps {
  session: Session;
  onSignedIn(): void;
}

export function SignIn({ session, onSignedIn }: SignInProps) {
  const users = useStore(demoUsers);
  const { notice } = useStore(session.state);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [wantsForm, setWantsForm] = useState(false);

  async function enter(email: string, password: string): Promise<void> {
    setBusy(true);
    setRefusal(null);
    try {
      await session.signIn(email, password);
      onSignedIn();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  if (users === null) return null;
  const message = refusal ?? notice;
  return (
    <section className="sign-in" aria-label="Sign in">
      {users.length > 0 && (
        <UserList users={users} busy={busy} onChoose={enter}>
          <button type="button" className="plain" aria-expanded={wantsForm} onClick={() => setWantsForm(!wantsForm)}>
            Other account
          </button>
        </UserList>
      )}
      {(users.length === 0 || wantsForm) && <SignInForm busy={busy} onSubmit={enter} />}
      {message && (
        <p className="refusal" role="alert">
          {message}
        </p>
      )}
    </section>
  );
}

interface UserListProps {
  users: DemoUser[];
  busy: boolean;
  onChoose(email: string, password: string): Promise<void>;
  children: React.ReactNode;
}

function UserList({ users, busy, onChoose, children }: UserListProps) {
  return (
    <>
      <h2>Sign in as</h2>
      <ul className="users">
        {users.map((user) => (
          <li key={user.email}>
            <button type="button" className="user" disabled={busy} onClick={() => void onChoose(user.email, user.password)}>
              <span className="user-name">{user.name}</span>
              <span className="user-roles">{user.roles.map(roleWords).join(", ")}</span>
              {user.note && <span className="user-note">{user.note}</span>}
            </button>
          </li>
        ))}
        <li>{children}</li>
      </ul>
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

/** LOAN_OFFICER reads as "loan officer". */
export function roleWords(role: string): string {
  return role.toLowerCase().replaceAll("_", " ");
}
