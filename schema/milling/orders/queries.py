"""Reading one's own orders."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.milling.events import OrderFigures
from domain.milling.queries import orders as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.milling.orders.types import MillOrder

OWN = Permission.WALLET_USE


@strawberry.type
class Query:
    @query(MillOrder | None, "One of the viewer's own orders; null when there is none.", requires=OWN)
    async def mill_order(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.orders_by_id, read_id("MillOrder", id, "id"))

    @listing(
        MillOrder,
        "What the viewer, as a customer of the mill who is a registered user, ordered there or got, the newest first.",
        requires=OWN,
    )
    async def mill_orders(
        self,
        info: Info,
        page: PageRequest,
        unpaid: Annotated[bool, argument("Only what was delivered and is still owed for.")] = False,
    ) -> Page[OrderFigures]:
        return await queries.orders(info.context.actor, page, unpaid=unpaid)
