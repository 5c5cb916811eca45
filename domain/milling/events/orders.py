"""What a customer who is a registered user hears of the own orders: no more of a sale than its customer may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self
from uuid import UUID

from domain.events.event import Event, event
from domain.kit.money import Money
from domain.milling.events.topics import Figures, order_topic, orders_topic
from domain.milling.states import SaleChange, SaleStatus

if TYPE_CHECKING:
    from domain.milling.models import Sale, SaleLine


@dataclass(frozen=True, kw_only=True)
class OrderLineFigures(Figures):
    """Goods of an order: ``quantity`` in ``unit``."""

    line_no: int
    item_name: str
    unit: str
    quantity: Decimal
    unit_price: Money | None
    discount: Money
    amount: Money
    returned_amount: Money

    @classmethod
    def of_line(cls, line: SaleLine, currency: str) -> Self:
        price = line.unit_price_minor
        return cls.of(
            line,
            unit_price=None if price is None else Money(price, currency),
            discount=Money(line.discount_minor, currency),
            amount=Money(line.amount_minor, currency),
            returned_amount=Money(line.returned_minor, currency),
        )


@dataclass(frozen=True, kw_only=True)
class OrderFigures(Figures):
    """A sale as its customer sees it: nothing of its cost, of the stock, and of what staff wrote down for themselves."""

    id: UUID
    number: str
    status: SaleStatus
    currency: str
    amount: Money
    discount: Money
    returned_amount: Money
    paid_amount: Money
    refunded_amount: Money
    due_amount: Money
    confirmed_at: datetime | None
    delivered_at: datetime | None
    invoice_number: str | None
    invoiced_at: datetime | None
    due_on: date | None
    with_investors: bool
    cancelled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: list[OrderLineFigures]

    @classmethod
    def of_sale(cls, sale: Sale, lines: Sequence[SaleLine]) -> Self:
        return cls.of(sale, lines=[OrderLineFigures.of_line(line, sale.currency) for line in lines])


@event("milling.order_changed")
@dataclass(frozen=True, kw_only=True)
class OrderChanged(Event):
    """Something happened to an order of a customer who is a registered user; nobody else hears of it."""

    user_id: UUID
    order: OrderFigures
    change: SaleChange

    def topics(self) -> Iterable[str]:
        return [orders_topic(self.user_id), order_topic(self.order.id)]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.user_id}"]

    @classmethod
    def of(cls, sale: Sale, lines: Sequence[SaleLine], *, user_id: UUID, change: SaleChange) -> Self:
        return cls(user_id=user_id, order=OrderFigures.of_sale(sale, lines), change=change)
