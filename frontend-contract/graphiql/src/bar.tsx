/** The bar above GraphiQL: examples, the state of the socket, and who is signed in. */
import { useEffect, useRef } from "react";
import { roleWords } from "./demo-users";
import type { Library } from "./examples";
import { ExamplesMenu } from "./examples-menu";
import { ConnectingIcon, OfflineIcon, OnlineIcon, PersonIcon } from "./icons";
import type { Session } from "./session";
import { SignIn } from "./sign-in";
import type { Socket, SocketState } from "./socket";
import { useStore } from "./store";

interface BarProps {
  session: Session;
  socket: Socket;
  library: Library;
}

export function Bar({ session, socket, library }: BarProps) {
  const { tokens } = useStore(session.state);
  const account = useRef<HTMLButtonElement>(null);
  const signedIn = tokens !== null;
  const wasSignedIn = useRef(signedIn);

  // The control that was pressed disappears with the sign-in menu; the keyboard goes on from the account.
  useEffect(() => {
    if (signedIn && !wasSignedIn.current) account.current?.focus();
    wasSignedIn.current = signedIn;
  }, [signedIn]);

  return (
    <header className="bar">
      <div className="bar-row">
        <h1>Daftari GraphiQL</h1>
        <ExamplesMenu examples={library.examples} />
        <ConnectionBadge state={useStore(socket.state)} />
        <div className="account">
          <PersonIcon />
          {tokens ? (
            <span className="account-name">
              <strong>{tokens.user.name}</strong> <span>{tokens.user.roles.map(roleWords).join(", ")}</span>
            </span>
          ) : (
            <span>Not signed in</span>
          )}
          <SignIn session={session} button={account} label={tokens ? "Switch user" : "Sign in"} onSignedIn={() => account.current?.focus()} />
          {tokens && (
            <button type="button" className="plain" onClick={() => session.signOut()}>
              Sign out
            </button>
          )}
        </div>
      </div>
    </header>
  );
}

const BADGES: Record<SocketState, { icon: () => React.JSX.Element; hint: string }> = {
  online: { icon: OnlineIcon, hint: "The socket is open and acknowledged" },
  connecting: { icon: ConnectingIcon, hint: "The socket is being opened" },
  offline: { icon: OfflineIcon, hint: "No socket: it opens on sign-in, or when a subscription runs" },
};

function ConnectionBadge({ state }: { state: SocketState }) {
  const { icon: StateIcon, hint } = BADGES[state];
  return (
    <span className={`badge ${state}`} role="status" aria-label="Connection" title={hint}>
      <StateIcon />
      {state}
    </span>
  );
}
