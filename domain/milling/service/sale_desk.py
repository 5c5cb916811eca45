"""What every process does with a sale: take it under its lock, find its lines, write it down and tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.kit.unit_of_work import Work
from domain.ledger.service import Reference, post_entry
from domain.milling import access
from domain.milling.accounts import Side
from domain.milling.errors import SaleNotFound, SaleNotOpen, SaleWithInvestors
from domain.milling.events import OrderChanged, SaleChanged
from domain.milling.models import Customer, Sale, SaleLine, SaleReturn
from domain.milling.service.money import lines_of
from domain.milling.states import DocumentKind, MovementKind, SaleChange, SaleStatus
from domain.milling.stock import BinKey, Document, Leg

MAX_NOTE: Final = 500

# The movements by which the lines ($1) of a sale went out ($2).
MOVED: Final = """
update mill_sale_line l set movement_id = m.movement_id
from unnest($1::uuid[], $2::uuid[]) as m (line_id, movement_id) where l.id = m.line_id
"""


@dataclass(slots=True)
class Sold:
    """A sale under its lock, and its lines in their order."""

    sale: Sale
    lines: list[SaleLine]

    @property
    def wanted(self) -> dict[BinKey, Decimal]:
        """How much of each item it takes out of its warehouse: lines of one item count together."""
        wanted: dict[BinKey, Decimal] = {}
        for line in self.lines:
            key = (line.item_id, self.sale.warehouse_id)
            wanted[key] = wanted.get(key, Decimal(0)) + line.base_quantity
        return wanted

    def legs(self) -> list[Leg]:
        """The movements of its delivery, a line each."""
        return [
            Leg(
                item_id=line.item_id,
                warehouse_id=self.sale.warehouse_id,
                kind=MovementKind.SALE_DELIVERY,
                quantity=-line.base_quantity,
                line_no=line.line_no,
                field=self.field_of(line),
            )
            for line in self.lines
        ]

    def field_of(self, line: SaleLine) -> tuple[str, ...]:
        return ("input", "lines", str(line.line_no - 1), "quantity")


async def locked(actor: Actor, sale_id: UUID) -> Sold:
    """A sale that the actor may see as staff, locked until the unit of work ends; another one does not exist for them."""
    return await _locked(access.visible_sales(actor), sale_id)


async def locked_order(actor: Actor, sale_id: UUID) -> Sold:
    """The same of a sale to the actor."""
    return await _locked(access.own_orders(actor), sale_id)


async def _locked(seen: QuerySet[Sale], sale_id: UUID) -> Sold:
    sale = await seen.select_for_update(no_key=True).get_or_none(id=sale_id)
    if sale is None:
        raise SaleNotFound
    return Sold(sale, await SaleLine.filter(sale_id=sale.id).order_by("line_no"))


def require_status(sale: Sale, *statuses: SaleStatus) -> None:
    if sale.status not in statuses:
        raise SaleNotOpen(f"sale {sale.number} is {sale.status.value.lower().replace('_', ' ')}")


def require_not_with_investors(sale: Sale) -> None:
    if sale.with_investors:
        raise SaleWithInvestors(f"investors finance sale {sale.number}, or may soon")


def document_of(sale: Sale, description: str) -> Document:
    """What the stock keeper and the books know the sale as."""
    return Document(
        kind=DocumentKind.SALE, id=sale.id, number=sale.number, branch_id=sale.branch_id, description=description
    )


async def keep(work: Work, sold: Sold, change: SaleChange, before: SaleStatus, returned: SaleReturn | None = None) -> None:
    """Save the sale and tell of it, and of the return that changed it."""
    sold.sale.touch()
    await sold.sale.save()
    await tell(work, sold, change, before, returned)


async def tell(work: Work, sold: Sold, change: SaleChange, before: SaleStatus, returned: SaleReturn | None = None) -> None:
    """Tell the staff, and the customer who is a registered user."""
    work.record(SaleChanged.of(sold.sale, sold.lines, change=change, status_before=before, returned=returned))
    if sold.sale.ordered and sold.sale.customer_id is not None:
        customer = await Customer.get(id=sold.sale.customer_id)
        if customer.user_id is not None:
            work.record(OrderChanged.of(sold.sale, sold.lines, user_id=customer.user_id, change=change))


async def post_about_sale(kind: str, description: str, sides: Sequence[Side], *, about: Sale, at: datetime) -> UUID:
    """Post an entry of a sale on accounts of the house; returns it."""
    posted = await post_entry(
        kind=kind,
        description=description,
        lines=await lines_of(sides, about.currency),
        reference=Reference(DocumentKind.SALE.value.lower(), about.id),
        effective_on=at.date(),
        branch_id=about.branch_id,
    )
    return posted.entry_id


async def save_movements(work: Work, lines: Sequence[SaleLine]) -> None:
    await work.execute(MOVED, [line.id for line in lines], [line.movement_id for line in lines])


def opposite(sides: Sequence[Side]) -> list[Side]:
    """What takes sides of an entry back."""
    return [Side(side.account, -side.amount_minor) for side in sides]


def after_money(sale: Sale) -> SaleStatus:
    """Where a delivered sale stands by what is owed for it; one with returns says by its amounts whether it is paid."""
    if sale.status not in (SaleStatus.DELIVERED, SaleStatus.PAID):
        return sale.status
    return SaleStatus.PAID if sale.balance_minor <= 0 else SaleStatus.DELIVERED
