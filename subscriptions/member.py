"""One open operation of one connection: a member of the group of all who follow the same feed in the same shape."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from domain.kit.ids import new_id

if TYPE_CHECKING:
    from subscriptions.connection import Connection
    from subscriptions.groups import Group


class Member:
    """``id`` is of this opening alone. ``position`` is how far the member has been told. One who is ``behind`` is being
    told from the log, not live; one who is ``catching_up`` will be told when that is over for the first time."""

    __slots__ = (
        "behind",
        "catching_up",
        "connection",
        "ended",
        "group",
        "id",
        "operation_id",
        "position",
        "prefix",
        "reading",
    )

    def __init__(self, connection: Connection, group: Group, operation_id: str, position: int) -> None:
        self.id: UUID = new_id()
        self.connection = connection
        self.group = group
        self.operation_id = operation_id
        self.position = position
        self.prefix = b""
        self.behind = True
        self.catching_up = False
        self.ended = False
        self.reading = False

    def rewind(self, position: int) -> None:
        self.behind = True
        self.position = min(self.position, position)
