/** Who is signed in, and the way out. */
import { CircleUserRound, LogOut } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useLocation } from "wouter";

import { useClient } from "@daftari/client/react";

import { Button } from "@/kit/Button";
import { humanise } from "@/kit/words";
import { usePerson } from "@/session/person";

import styles from "./Popover.module.css";

export function PersonMenu(): ReactNode {
  const { name, roles } = usePerson();
  const client = useClient();
  const [, go] = useLocation();
  const id = useId();
  const signOut = async (): Promise<void> => {
    await client.signOut();
    go("/");
  };
  return (
    <>
      <button type="button" className={styles.person} popoverTarget={id} aria-label={`${name}: your account`}>
        <CircleUserRound aria-hidden />
        <span className={styles.name}>{name}</span>
      </button>
      <div id={id} popover="auto" className={styles.popover} role="group" aria-label="Your account">
        <div className={styles.who}>
          <p className={styles.strong}>{name}</p>
          <p className="muted small">{roles.map(humanise).join(", ")}</p>
        </div>
        <div className={styles.acts}>
          <Button look="quiet" icon={<LogOut aria-hidden />} onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </div>
    </>
  );
}
