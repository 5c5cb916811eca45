"""Who sees what, now: viewers and the audience of events, and the connections of each user for when rights change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.identity.actor import Actor, Anonymous
from domain.identity.permissions import Permission, Role

if TYPE_CHECKING:
    from subscriptions.connection import Connection

_ANYBODY: Final = UUID(int=2)
_PINGS_AT_ONCE: Final = 500
"""After so many the loop lets others run."""


class Viewer:
    """An actor, ready to be asked for every event whether they may see it.

    Nearly all audiences of an actor come with the roles and the branch, so these are kept once for all who have the same.
    """

    __slots__ = ("actor", "personal", "shared")

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.personal = _personal_audience(actor.id)
        anonymous = isinstance(actor, Anonymous)
        self.shared = actor.audiences if anonymous else _audiences_of(actor.roles, actor.scopes, actor.branch_id)

    def sees(self, logged: LoggedEvent) -> bool:
        audience = logged.audience
        return self.personal in audience or not self.shared.isdisjoint(audience)


class Connections:
    """The open connections of this process, found by user."""

    def __init__(self) -> None:
        self._of_user: dict[UUID, set[Connection]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Connection]:
        for connections in list(self._of_user.values()):
            yield from list(connections)

    def of_user(self, user_id: UUID) -> list[Connection]:
        return list(self._of_user.get(user_id, ()))

    def add(self, connection: Connection) -> None:
        self._of_user.setdefault(connection.viewer.actor.id, set()).add(connection)
        self._count += 1

    def discard(self, connection: Connection) -> None:
        user_id = connection.viewer.actor.id
        others = self._of_user.get(user_id)
        if others is None or connection not in others:
            return
        others.discard(connection)
        self._count -= 1
        if not others:
            del self._of_user[user_id]

    async def ping(self) -> None:
        """Everybody is told how things are now, and not when each heartbeat is due."""
        for number, connection in enumerate(self, start=1):
            connection.ping()
            if number % _PINGS_AT_ONCE == 0:
                await asyncio.sleep(0)


def _personal_audience(user_id: UUID) -> str:
    return f"user:{user_id}"


@cache
def _audiences_of(roles: frozenset[Role], scopes: frozenset[Permission] | None, branch_id: UUID | None) -> frozenset[str]:
    somebody = Actor(id=_ANYBODY, name="", roles=roles, scopes=scopes, branch_id=branch_id)
    return somebody.audiences - {_personal_audience(_ANYBODY)}
