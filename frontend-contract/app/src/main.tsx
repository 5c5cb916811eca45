/** The start of the app: the theme, the client, and whoever is signed in. */
import "@/shell/theme";
import "@/styles/tokens.css";
import "@/styles/base.css";

import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";

import { DaftariProvider, useSession } from "@daftari/client/react";

import { RoomsContext } from "@/notifications/links";
import { rooms } from "@/rooms/rooms";
import { client } from "@/session/client";
import { SignIn } from "@/session/SignIn";
import { Routes } from "@/shell/Routes";
import { Shell } from "@/shell/Shell";

function App(): ReactNode {
  const { status, user } = useSession();
  if (status === "restoring") return null;
  if (status !== "signed-in" || !user) return <SignIn />;
  // Nothing of the one person is left on the screen for the next.
  return (
    <RoomsContext value={rooms}>
      <Shell key={user.id}>
        <Routes />
      </Shell>
    </RoomsContext>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <DaftariProvider client={client}>
      <App />
    </DaftariProvider>
  </StrictMode>,
);
