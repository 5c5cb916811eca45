"""Paying one's own orders."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.milling.service import orders
from schema.kit import (
    ID,
    Answer,
    Info,
    MoneyInput,
    ReplayablePayload,
    argument,
    attribute,
    idempotency_key,
    input_type,
    mutation,
    payload_type,
    read_id,
)
from schema.milling.orders.types import MillOrder


@input_type("An own order to be paid from the own wallet.")
class PayMillOrderInput:
    order_id: ID = attribute("The order, which was delivered.")
    amount: MoneyInput | None = attribute("How much; all that is owed when left out.", default=None)
    idempotency_key: str | None = idempotency_key()


@payload_type("What came of paying an order.")
class PayMillOrderPayload(ReplayablePayload):
    order: MillOrder | None = attribute("The order as it is now.")


@strawberry.type
class Mutation:
    @mutation(
        PayMillOrderPayload,
        "Pay an own order from the own wallet, in part or in full. Nobody else can: what staff record came by other ways.",
        requires=Permission.WALLET_USE,
    )
    async def pay_mill_order(
        self, info: Info, input: Annotated[PayMillOrderInput, argument("Which order, and how much.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            orders.pay_order,
            info.context.actor,
            order_id=read_id("MillOrder", input.order_id, "input", "orderId"),
            amount=None if input.amount is None else input.amount.parse("input", "amount"),
        )
        return Answer(order=outcome.result, replayed=outcome.replayed)
