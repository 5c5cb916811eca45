"""What customers who are registered users do with their orders themselves: they pay them, out of their own wallet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling.events import OrderFigures
from domain.milling.service.money import way_of_owner
from domain.milling.service.sale_desk import locked_order
from domain.milling.service.sale_payments import count_in, receive, require_payable


@retried
async def pay_order(actor: Actor, *, order_id: UUID, amount: Money | None = None) -> OrderFigures:
    """Pay an own order that was delivered from the own wallet: an amount, or all that is owed.

    Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, SALE_WITH_INVESTORS, INVALID_AMOUNT, CURRENCY_MISMATCH, AMOUNT_EXCEEDS_DUE
    and INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.WALLET_USE)
    async with unit_of_work() as work:
        with _said_of_an_order():
            sold = await locked_order(actor, order_id)
            require_payable(sold.sale)
            made = await receive(actor, sold.sale, way_of_owner(actor), amount)
        await count_in(work, sold, made.amount_minor)
    return OrderFigures.of_sale(sold.sale, sold.lines)


@contextmanager
def _said_of_an_order() -> Iterator[None]:
    """What is refused of a sale is about the order that the customer named."""
    try:
        yield
    except DomainError as refused:
        if refused.field == ("input", "saleId"):
            refused.field = ("input", "orderId")
        raise
