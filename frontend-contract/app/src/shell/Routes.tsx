/** Which screen an address shows. Screens are loaded when somebody goes there. */
import { type ComponentType, lazy, type LazyExoticComponent, type ReactNode, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";

import { ButtonLink } from "@/kit/Button";
import { Empty, Skeleton } from "@/kit/Empty";
import { Page } from "@/kit/Page";
import { rooms } from "@/rooms/rooms";
import { usePerson } from "@/session/person";

import { Boundary } from "./Boundary";
import type { Person, RoomPage } from "./room";

const pages: readonly RoomPage[] = rooms.flatMap((room) => room.pages);

const screens = new Map<RoomPage, LazyExoticComponent<ComponentType>>(
  pages.map((page) => [page, lazy(async () => ({ default: (await page.load()).Screen }))]),
);

/** Where somebody starts: the first page of their work in the menu. Who keeps the books of the house starts there. */
export function homeOf(person: Person): string {
  const accounts = ["ADMIN", "ACCOUNTANT"].some((role) => person.roles.includes(role));
  if (accounts) return "/accounting";
  const theirs = pages.filter((page) => page.icon && page.may(person));
  return (theirs.find((page) => !page.beside) ?? theirs[0])?.path ?? "/notifications";
}

export function Routes(): ReactNode {
  const person = usePerson();
  return (
    <Switch>
      <Route path="/">
        <Redirect to={homeOf(person)} replace />
      </Route>
      {pages.map((page) => (
        <Route key={page.path} path={page.path}>
          {page.may(person) ? <Shown page={page} /> : <NotYours title={page.title} />}
        </Route>
      ))}
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}

function Shown({ page }: { page: RoomPage }): ReactNode {
  const Screen = screens.get(page)!;
  return (
    <Boundary key={page.path}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Screen />
      </Suspense>
    </Boundary>
  );
}

function NotYours({ title }: { title: string }): ReactNode {
  return (
    <Page title={title}>
      <Empty action={<ButtonLink href="/">To your first page</ButtonLink>}>
        This page is for people with another role.
      </Empty>
    </Page>
  );
}

function NothingHere(): ReactNode {
  return (
    <Page title="There is no such page">
      <Empty action={<ButtonLink href="/">To your first page</ButtonLink>}>
        The address may be mistyped, or the page may have moved.
      </Empty>
    </Page>
  );
}
