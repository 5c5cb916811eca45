"""Reading what was sent to us; for those who reconcile, and nobody else."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments.queries import messages as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.payments.messages.inputs import MpesaMessageFilter
from schema.payments.messages.types import MpesaMessage

RECONCILE = Permission.PAYMENTS_RECONCILE


@strawberry.type
class Query:
    @query(MpesaMessage | None, "One message; null when there is none.", requires=RECONCILE)
    async def mpesa_message(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.messages_by_id, read_id("MpesaMessage", id, "id"))

    @listing(MpesaMessage, "What was sent to us as messages of M-Pesa, the newest first.", requires=RECONCILE)
    async def mpesa_messages(
        self,
        info: Info,
        page: PageRequest,
        filter: Annotated[MpesaMessageFilter | None, argument("Only some of them.")] = None,
    ) -> Page[queries.ShownMessage]:
        return await queries.mpesa_messages(info.context.actor, page, filter.parse() if filter else None)
