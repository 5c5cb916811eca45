"""Reading payments."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest
from domain.payments import models
from domain.payments.queries import payments as queries
from schema.kit import ID, Info, argument, listing, query, read_id
from schema.payments.paying.inputs import PaymentFilter
from schema.payments.paying.types import MpesaCommand, Payment

OnlySome = Annotated[PaymentFilter | None, argument("Only some of them.")]


@strawberry.type
class Query:
    @query(
        Payment | None,
        "One payment; null when there is none, or the viewer may not see it.",
        requires=Permission.SIGNED_IN,
    )
    async def payment(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.payments_by_id, read_id("Payment", id, "id"))

    @listing(
        Payment,
        "Payments that the viewer may see, the newest first: own ones, and for staff who collect those of their branch.",
        requires=Permission.SIGNED_IN,
    )
    async def payments(self, info: Info, page: PageRequest, filter: OnlySome = None) -> Page[models.Payment]:
        return await queries.payments(info.context.actor, page, (filter or PaymentFilter()).parse())

    @listing(Payment, "What the viewer pays, the newest first.", requires=Permission.SIGNED_IN)
    async def my_payments(self, info: Info, page: PageRequest, filter: OnlySome = None) -> Page[models.Payment]:
        return await queries.my_payments(info.context.actor, page, (filter or PaymentFilter()).parse())

    @query(
        MpesaCommand | None,
        "A request that the provider answers later; null when there is none.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def mpesa_command(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(queries.commands_by_id, read_id("MpesaCommand", id, "id"))
