/** The rooms and their pages, as far as the person may open them. */
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";

import { rooms } from "@/rooms/rooms";
import { usePerson } from "@/session/person";

import { isHere } from "./here";
import styles from "./Navigation.module.css";
import type { RoomPage } from "./room";

export function Navigation(): ReactNode {
  const person = usePerson();
  const groups = rooms
    .map(({ title, pages }) => ({ title, pages: pages.filter((page) => page.icon && page.may(person)) }))
    .filter(({ pages }) => pages.length > 0);
  return (
    <nav aria-label="Rooms" className={styles.navigation}>
      {groups.map(({ title, pages }) => (
        <section key={title} aria-label={title}>
          <p className={styles.title} aria-hidden>
            {title}
          </p>
          <ul>
            {pages.map((page) => (
              <li key={page.path}>
                <PageLink page={page} among={pages} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function PageLink({ page, among }: { page: RoomPage; among: readonly RoomPage[] }): ReactNode {
  const [location] = useLocation();
  const here = isHere(
    location,
    page.path,
    among.map(({ path }) => path),
  );
  const { icon: Icon, Count } = page;
  const link = useRef<HTMLAnchorElement>(null);
  // In a long menu the page that is open may lie below what is seen of it.
  useEffect(() => {
    if (here && link.current) bringIntoSight(link.current);
  }, [here]);
  return (
    <Link ref={link} href={page.path} aria-current={here ? "page" : undefined} className={styles.link}>
      {Icon && <Icon aria-hidden />}
      <span>{page.title}</span>
      {Count && <Count />}
    </Link>
  );
}

/** Scrolls the menu alone. The browser's own scrollIntoView would have Tab begin here, past the link that skips the menu. */
function bringIntoSight(link: HTMLElement): void {
  const menu = link.closest("nav");
  if (menu === null) return;
  const [{ top, bottom }, seen] = [link.getBoundingClientRect(), menu.getBoundingClientRect()];
  if (top < seen.top) menu.scrollTop -= seen.top - top;
  else if (bottom > seen.bottom) menu.scrollTop += bottom - seen.bottom;
}
