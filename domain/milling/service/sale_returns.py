"""Goods that come back from customers: they go into stock again, and what they were sold for is credited or given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import DomainError, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access, accounts, units
from domain.milling.errors import (
    AlreadyCancelled,
    BlockedByLaterDocument,
    DuplicateLine,
    ExceedsReturnable,
    LineNotFound,
    SaleReturnNotFound,
)
from domain.milling.models import Item, Sale, SaleLine, SaleReturn, SaleReturnLine
from domain.milling.rules.pricing import credited
from domain.milling.service.desk import MAX_REASON, dated_by, moment_of
from domain.milling.service.desk import line as one_line
from domain.milling.service.sale_desk import Sold, keep, locked, opposite, require_not_with_investors, require_status
from domain.milling.service.sale_payments import PaidNow, give_back
from domain.milling.states import DocumentKind, MovementKind, PaymentMethod, PostedStatus, SaleChange, SaleStatus
from domain.milling.stock import Document, Leg, book, cancel

LINES: Final = ("input", "lines")
_REFUND_FIELDS: Final[Mapping[tuple[str, ...] | None, tuple[str, ...]]] = {
    ("input", "method"): ("input", "refundMethod"),
    ("input", "reference"): ("input", "refundReference"),
}
"""Where a return says what a payment says."""

# What came back of lines of the sale ($1) by one return ($2 base quantities, $3 amounts), added to what came back before.
RETURNED: Final = """
update mill_sale_line l
set returned_quantity = l.returned_quantity + r.quantity, returned_minor = l.returned_minor + r.amount
from unnest($1::uuid[], $2::numeric[], $3::bigint[]) as r (line_id, quantity, amount) where l.id = r.line_id
"""


@dataclass(frozen=True, kw_only=True)
class ReturnedLine:
    """How much of a line comes back, in the line's unit unless another one is said."""

    line_id: UUID
    quantity: Decimal
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewSaleReturn:
    """What comes back, why, and how it is paid back: without a method it is set off against what the customer owes."""

    lines: Sequence[ReturnedLine]
    reason: str
    refund_method: PaymentMethod | None = None
    refund_reference: str = ""
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaleReturned:
    """A sale as a return left it, and the return."""

    sale: Sale
    sale_return: SaleReturn


@dataclass(frozen=True, slots=True)
class _Part:
    """What comes back of one line: in base units, and what it is credited with."""

    line: SaleLine
    said: ReturnedLine
    unit: str
    base: Decimal
    amount: int
    leg: Leg


@retried
async def create_sale_return(actor: Actor, *, sale_id: UUID, back: NewSaleReturn) -> SaleReturned:
    """Take goods of a delivered sale back into its warehouse, at what they had cost (FIFO) or what such goods cost now.

    What they were sold for is taken off what the customer owes. With a refund method, what was paid for them beyond that is
    given back at once. Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, SALE_WITH_INVESTORS, LINE_NOT_FOUND, DUPLICATE_LINE,
    EXCEEDS_RETURNABLE, UNKNOWN_UNIT, INVALID_QUANTITY, WAREHOUSE_CAPACITY_EXCEEDED, FUTURE_DATE, BACKDATING_NOT_ALLOWED and
    PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_SELL)
    if back.refund_method is not None:
        actor.require(Permission.MILL_BILL)
    reason = one_line(back.reason, MAX_REASON, "reason")
    at = moment_of(actor, back.returned_at, "returnedAt")
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        _require_returnable(sold.sale, at)
        parts = await _parts(sold, back.lines)
        made = await _new_return(actor, sold.sale, back, reason, sum(part.amount for part in parts))
        await _book(work, sold, made, parts, at)
        await _refund(actor, sold.sale, made, back)
        await made.save()
        before = sold.sale.become(_status_of(sold.lines))
        await keep(work, sold, SaleChange.RETURNED, before, made)
    return SaleReturned(sold.sale, made)


@retried
async def cancel_sale_return(actor: Actor, *, sale_return_id: UUID, reason: str) -> SaleReturned:
    """Take a return out of history as if nothing had come back. It needs MILL_BACKDATE.

    Refuses with SALE_RETURN_NOT_FOUND, ALREADY_CANCELLED, BLOCKED_BY_LATER_DOCUMENT while its refund stands, and
    INSUFFICIENT_STOCK where the goods are gone again.
    """
    actor.require(Permission.MILL_SELL)
    actor.require(Permission.MILL_BACKDATE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        seen = await access.visible_sale_returns(actor).get_or_none(id=sale_return_id)
        if seen is None:
            raise SaleReturnNotFound
        sold = await locked(actor, seen.sale_id)
        made = await SaleReturn.get(id=sale_return_id)
        _require_undoable(sold.sale, made)
        lines = await SaleReturnLine.filter(sale_return_id=made.id).order_by("line_no")
        moved = [line.movement_id for line in lines if line.movement_id is not None]
        sides = opposite(accounts.taken_back(made.amount_minor))
        await cancel(work, _document_of(sold.sale, made), moved, reason=reason, sides=sides)
        await _count(work, sold, {line.sale_line_id: (-line.base_quantity, -line.amount_minor) for line in lines})
        sold.sale.returned_minor -= made.amount_minor
        made.status = PostedStatus.CANCELLED
        made.cancelled_at, made.cancelled_by_id, made.cancel_reason = clock.now(), actor.id, reason
        made.touch()
        await made.save()
        before = sold.sale.become(_status_without(sold))
        await keep(work, sold, SaleChange.RETURN_CANCELLED, before, made)
    return SaleReturned(sold.sale, made)


def _require_returnable(sale: Sale, at: datetime | None) -> None:
    require_status(sale, SaleStatus.DELIVERED, SaleStatus.PAID, SaleStatus.PART_RETURNED)
    require_not_with_investors(sale)
    assert sale.delivered_at is not None, "what comes back was delivered"
    if at is not None and at < sale.delivered_at:
        raise InvalidInput("goods come back after they were delivered", field=("input", "returnedAt"))


async def _parts(sold: Sold, said: Sequence[ReturnedLine]) -> list[_Part]:
    if len({each.line_id for each in said}) != len(said):
        raise DuplicateLine("a line is named twice", field=LINES)
    if not 1 <= len(said) <= len(sold.lines):
        raise InvalidInput("name the lines of the sale of which something comes back", field=LINES)
    lines = {line.id: line for line in sold.lines}
    items = {item.id: item for item in await Item.filter(id__in={line.item_id for line in sold.lines})}
    known = await units.units_of(items.keys())
    parts = []
    for place, each in enumerate(said):
        line = lines.get(each.line_id)
        if line is None:
            raise LineNotFound(f"sale {sold.sale.number} has no such line", field=(*LINES, str(place), "lineId"))
        parts.append(_part(sold.sale, line, each, items[line.item_id], known[line.item_id], place))
    return parts


def _part(sale: Sale, line: SaleLine, said: ReturnedLine, item: Item, known: units.Units, place: int) -> _Part:
    field = (*LINES, str(place))
    unit = line.unit if said.unit is None else units.unit_name(said.unit)
    base = _base_of(line, said.quantity, unit, item, known, field)
    returnable = line.base_quantity - line.returned_quantity
    if base > returnable:
        raise ExceedsReturnable(requested=base, returnable=returnable, field=(*field, "quantity"))
    leg = Leg(
        item_id=line.item_id,
        warehouse_id=sale.warehouse_id,
        kind=MovementKind.SALE_RETURN,
        quantity=base,
        source_id=line.movement_id,
        line_no=place + 1,
        field=(*field, "quantity"),
    )
    amount = credited(line.amount_minor, line.base_quantity, line.returned_quantity, base)
    return _Part(line, said, unit, base, amount, leg)


def _base_of(
    line: SaleLine, quantity: Decimal, unit: str, item: Item, known: units.Units, field: tuple[str, ...]
) -> Decimal:
    """In base units. In the unit of the line it is by the line's own measure, which may not be the item's any more."""
    if unit == line.unit and unit != item.base_unit:
        known = {**known, unit: line.base_quantity / line.quantity}
    return units.in_base_unit(item, known, quantity, unit, field=field)


async def _new_return(actor: Actor, sale: Sale, back: NewSaleReturn, reason: str, amount: int) -> SaleReturn:
    moment = clock.now()
    made = SaleReturn(
        id=new_id(),
        sale_id=sale.id,
        warehouse_id=sale.warehouse_id,
        branch_id=sale.branch_id,
        status=PostedStatus.POSTED,
        currency=sale.currency,
        amount_minor=amount,
        refund_method=back.refund_method,
        reason=reason,
        returned_at=moment,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    await made.save(force_create=True)
    # The tables give it its number.
    await made.refresh_from_db(fields=["serial", "number"])
    return made


async def _book(work: Work, sold: Sold, made: SaleReturn, parts: Sequence[_Part], at: datetime | None) -> None:
    """Bring the goods in, and take what they were sold for off what is owed."""
    legs = [part.leg for part in parts]
    sides = accounts.taken_back(made.amount_minor)
    with dated_by("returnedAt"):
        booked = await book(work, _document_of(sold.sale, made), legs, at=at, sides=sides)
    made.returned_at, made.entry_id = booked.at, booked.entry_id
    await SaleReturnLine.bulk_create(
        [
            SaleReturnLine(
                id=new_id(),
                sale_return_id=made.id,
                line_no=place + 1,
                sale_line_id=part.line.id,
                item_id=part.line.item_id,
                unit=part.unit,
                quantity=part.said.quantity,
                base_quantity=part.base,
                amount_minor=part.amount,
                movement_id=part.leg.id,
            )
            for place, part in enumerate(parts)
        ]
    )
    await _count(work, sold, {part.line.id: (part.base, part.amount) for part in parts})
    sold.sale.returned_minor += made.amount_minor


async def _count(work: Work, sold: Sold, back: Mapping[UUID, tuple[Decimal, int]]) -> None:
    """Add what came back to the lines, here and in the tables."""
    for line in sold.lines:
        quantity, amount = back.get(line.id, (Decimal(0), 0))
        line.returned_quantity += quantity
        line.returned_minor += amount
    await work.execute(RETURNED, list(back), [each[0] for each in back.values()], [each[1] for each in back.values()])


async def _refund(actor: Actor, sale: Sale, made: SaleReturn, back: NewSaleReturn) -> None:
    """Give back what was paid for the goods, beyond what is still owed for others."""
    if back.refund_method is None:
        return
    amount = min(made.amount_minor, sale.paid_minor - sale.refunded_minor, max(0, -sale.balance_minor))
    if amount:
        paid = PaidNow(method=back.refund_method, reference=back.refund_reference, amount=Money(amount, sale.currency))
        try:
            await give_back(actor, sale, paid, amount, of=made)
        except DomainError as refused:
            refused.field = _REFUND_FIELDS.get(refused.field, refused.field)
            raise
        made.refunded_minor = amount


def _require_undoable(sale: Sale, made: SaleReturn) -> None:
    field = ("input", "saleReturnId")
    if made.status is PostedStatus.CANCELLED:
        raise AlreadyCancelled(f"return {made.number} was cancelled before", field=field)
    require_not_with_investors(sale)
    if made.refunded_minor:
        raise BlockedByLaterDocument(f"return {made.number} was refunded; reverse the refund first", field=field)


def _document_of(sale: Sale, made: SaleReturn) -> Document:
    return Document(
        kind=DocumentKind.SALE_RETURN,
        id=made.id,
        number=made.number,
        branch_id=made.branch_id,
        description=f"Return {made.number} of sale {sale.number} by {sale.customer_name}",
    )


def _status_of(lines: Sequence[SaleLine]) -> SaleStatus:
    whole = all(line.returned_quantity == line.base_quantity for line in lines)
    return SaleStatus.RETURNED if whole else SaleStatus.PART_RETURNED


def _status_without(sold: Sold) -> SaleStatus:
    """Where a sale stands after a return of it was taken back."""
    if any(line.returned_quantity for line in sold.lines):
        return SaleStatus.PART_RETURNED
    return SaleStatus.PAID if sold.sale.balance_minor <= 0 else SaleStatus.DELIVERED
