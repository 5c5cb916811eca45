/** The bar above GraphiQL: examples, the state of the socket, and who is signed in. */
import { useEffect, useRef, useState } from "react";
import type { Library } from "./examples";
import { ExamplesMenu } from "./examples-menu";
import { ConnectingIcon, OfflineIcon, OnlineIcon, PersonIcon } from "./icons";
import type { Session } from "./session";
import { roleWords, SignIn } from "./sign-in";
import type { Socket, SocketState } from "./socket";
import { useStore } from "./store";

interface BarProps {
  session: Session;
  socket: Socket;
  library: Library;
}

export function Bar({ session, socket, library }: BarProps) {
  const { tokens } = useStore(session.state);
  const [switching, setSwitching] = useState(false);
  const account = useRef<HTMLButtonElement>(null);
  const signedIn = tokens !== null;
  const wasSignedIn = useRef(signedIn);

  // The control that was pressed disappears with the sign-in panel; the keyboard goes on from the account.
  useEffect(() => {
    if (signedIn && !wasSignedIn.current) account.current?.focus();
    wasSignedIn.current = signedIn;
  }, [signedIn]);

  function signedInAgain(): void {
    setSwitching(false);
    account.current?.focus();
  }

  return (
    <header className="bar">
      <div className="bar-row">
        <h1>Daftari GraphiQL</h1>
        <ExamplesMenu examples={library.examples} />
        <ConnectionBadge state={useStore(socket.state)} />
        {tokens ? (
          <div className="account">
            <PersonIcon />
            <span className="account-name">
              <strong>{tokens.user.name}</strong> <span>{tokens.user.roles.map(roleWords).join(", ")}</span>
            </span>
            <button ref={account} type="button" className="plain" aria-expanded={switching} onClick={() => setSwitching(!switching)}>
              Switch user
            </button>
            <button type="button" className="plain" onClick={() => session.signOut()}>
              Sign out
            </button>
          </div>
        ) : (
          <span className="account">Not signed in</span>
        )}
      </div>
      {(!signedIn || switching) && <SignIn session={session} onSignedIn={signedInAgain} />}
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
