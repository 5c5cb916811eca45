/** What stands around every page: the menu of the rooms one may enter, and the bar with connection, bell and person. */
import { Menu, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";

import { LiveRegion } from "@/kit/LiveNumber";
import { IconButton } from "@/kit/Button";
import { Toasts } from "@/kit/Toasts";
import icon from "@/icon.svg";
import { Bell } from "@/notifications/Bell";

import { ConnectionBadge } from "./ConnectionBadge";
import { Navigation } from "./Navigation";
import { PersonMenu } from "./PersonMenu";
import styles from "./Shell.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

export function Shell({ children }: { children: ReactNode }): ReactNode {
  const main = useRef<HTMLElement>(null);
  return (
    <div className={styles.shell}>
      <a
        href="#main"
        className={styles.skip}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <aside className={styles.side} aria-label="Menu">
        <div className={styles.rest}>
          <Brand />
          <Navigation />
        </div>
      </aside>
      <header className={styles.bar}>
        <NarrowMenu />
        <ConnectionBadge />
        <span className={styles.space} />
        <ThemeSwitch />
        <Bell />
        <PersonMenu />
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {children}
      </main>
      <Toasts />
      <LiveRegion />
    </div>
  );
}

function Brand(): ReactNode {
  return (
    <Link href="/" className={styles.brand}>
      <img src={icon} alt="" width="28" height="28" />
      Daftari Live
    </Link>
  );
}

/** The menu where there is no room for it beside the page: a dialog that closes when somebody goes somewhere. */
function NarrowMenu(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [location] = useLocation();
  useEffect(() => dialog.current?.close(), [location]);
  return (
    <div className={styles.narrow}>
      <IconButton label="Menu" icon={<Menu aria-hidden />} onClick={() => dialog.current?.showModal()} />
      <dialog
        ref={dialog}
        className={styles.drawer}
        aria-label="Menu"
        onClick={(event) => {
          if (event.target === event.currentTarget) event.currentTarget.close();
        }}
      >
        <div className={styles.drawerBody}>
          <div className={styles.drawerHead}>
            <Brand />
            <IconButton label="Close the menu" icon={<X aria-hidden />} onClick={() => dialog.current?.close()} />
          </div>
          <Navigation />
        </div>
      </dialog>
    </div>
  );
}
