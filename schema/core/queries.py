"""Nodes, and where the log is now."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from schema.kit import ID, Cursor, Info, Node, argument, query
from schema.kit.nodes import load_node, load_nodes


@strawberry.type
class Query:
    @query(Node | None, "The object with this id; null when there is none, or none for you.", requires=Permission.SIGNED_IN)
    async def node(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await load_node(info.context, id)

    @query(
        list[Node | None],
        "The objects with these ids in the same order, each null when there is none, or none for you.",
        requires=Permission.SIGNED_IN,
        size="ids",
    )
    async def nodes(self, info: Info, ids: Annotated[list[ID], argument("Their ids.")]) -> object:
        return await load_nodes(info.context, ids)

    @query(
        Cursor,
        "The place of the event log that everything else in this operation includes. Subscribe with it as `after`, and "
        "nothing falls between what was read and what is followed.",
        requires=Permission.SIGNED_IN,
    )
    async def as_of(self, info: Info) -> str:
        return await info.context.as_of()
