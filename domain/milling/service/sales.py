"""Selling: an offer, an order that holds the goods back, their delivery, and calling it off.

A sale over the counter does all of it at once: what is wanted is there and goes out, or nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access, accounts, settings
from domain.milling.errors import AlreadyCancelled, BlockedByLaterDocument, CreditLimitExceeded
from domain.milling.models import Customer, Sale, SaleLine
from domain.milling.service.desk import MAX_REASON, dated_by, moment_of, prose, require_version
from domain.milling.service.desk import line as one_line
from domain.milling.service.sale_desk import (
    MAX_NOTE,
    Sold,
    after_money,
    document_of,
    keep,
    locked,
    opposite,
    require_not_with_investors,
    require_status,
    save_movements,
    tell,
)
from domain.milling.service.sale_payments import PaidNow, take_payment
from domain.milling.service.sale_terms import NewSale, buyer_of, lines_of_sale
from domain.milling.states import SaleChange, SaleStatus
from domain.milling.stock import book, cancel, release, reserve

# What a customer ($1) owes for deliveries, and will owe for orders, besides one sale ($2).
EXPOSURE: Final = """
select coalesce(sum(case when status = 'CONFIRMED' then amount_minor else due_minor end), 0)::bigint
from mill_sale
where customer_id = $1 and id <> $2 and status in ('CONFIRMED', 'DELIVERED', 'PAID', 'PART_RETURNED', 'RETURNED')
"""


@dataclass(frozen=True, kw_only=True)
class Doing:
    """How far a new sale goes at once, when that was, and what is paid on delivery."""

    up_to: SaleStatus = SaleStatus.DELIVERED
    delivered_at: datetime | None = None
    payment: PaidNow | None = None


@retried
async def create_sale(actor: Actor, *, sale: NewSale, doing: Doing | None = None) -> Sale:
    """Sell goods: as an offer (DRAFT), an order that holds them back (CONFIRMED), or delivered at once.

    Refuses with WAREHOUSE_NOT_FOUND, WAREHOUSE_CLOSED, CUSTOMER_NOT_FOUND, PARTNER_INACTIVE, ITEM_NOT_FOUND, ITEM_INACTIVE,
    ITEM_NOT_IN_WAREHOUSE, UNKNOWN_UNIT, INVALID_QUANTITY, PRICE_REQUIRED, INVALID_DISCOUNT, INSUFFICIENT_STOCK,
    CREDIT_LIMIT_EXCEEDED, FUTURE_DATE, BACKDATING_NOT_ALLOWED, PERIOD_CLOSED, and what a payment is refused with.
    """
    doing = doing or Doing()
    _require_may_sell(actor, doing.payment)
    _require_consistent(doing)
    at = moment_of(actor, doing.delivered_at, "deliveredAt")
    async with unit_of_work() as work:
        sold = await _drafted(actor, sale)
        match doing.up_to:
            case SaleStatus.CONFIRMED:
                await _confirm(work, actor, sold)
                change = SaleChange.CONFIRMED
            case SaleStatus.DELIVERED:
                await _deliver(work, actor, sold, at, doing.payment)
                change = SaleChange.DELIVERED
            case _:
                change = SaleChange.DRAFTED
        await SaleLine.bulk_create(sold.lines)
        await sold.sale.save()
        await tell(work, sold, change, SaleStatus.DRAFT)
        if doing.payment is not None:
            await take_payment(work, actor, sold, doing.payment)
    return sold.sale


@retried
async def update_sale(actor: Actor, *, sale_id: UUID, sale: NewSale, expected_version: int | None = None) -> Sale:
    """Say anew what an offer is about. The warehouse stays, for the document is of its branch.

    Refuses with SALE_NOT_OPEN once it is confirmed, RECORD_CHANGED, and with what :func:`create_sale` refuses.
    """
    actor.require(Permission.MILL_SELL)
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        require_status(sold.sale, SaleStatus.DRAFT)
        require_version(sold.sale, expected_version)
        if sale.warehouse_id != sold.sale.warehouse_id:
            raise InvalidInput("a sale stays with its warehouse", field=("input", "warehouseId"))
        await SaleLine.filter(sale_id=sale_id).delete()
        sold.lines = await _fill(actor, sold.sale, sale)
        await SaleLine.bulk_create(sold.lines)
        await keep(work, sold, SaleChange.EDITED, SaleStatus.DRAFT)
    return sold.sale


@retried
async def confirm_sale(actor: Actor, *, sale_id: UUID) -> Sale:
    """Make an order of an offer: its goods are held back from now on.

    Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, INSUFFICIENT_STOCK, ITEM_NOT_IN_WAREHOUSE and CREDIT_LIMIT_EXCEEDED.
    """
    actor.require(Permission.MILL_SELL)
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        require_status(sold.sale, SaleStatus.DRAFT)
        await _confirm(work, actor, sold)
        await keep(work, sold, SaleChange.CONFIRMED, SaleStatus.DRAFT)
    return sold.sale


@retried
async def deliver_sale(
    actor: Actor, *, sale_id: UUID, delivered_at: datetime | None = None, payment: PaidNow | None = None
) -> Sale:
    """Hand the goods of an offer or an order to the customer, whose debt they are from now on.

    An order uses what is held back for it. Refuses with SALE_NOT_FOUND, SALE_NOT_OPEN, INSUFFICIENT_STOCK,
    ITEM_NOT_IN_WAREHOUSE, CREDIT_LIMIT_EXCEEDED, FUTURE_DATE, BACKDATING_NOT_ALLOWED, PERIOD_CLOSED.
    """
    _require_may_sell(actor, payment)
    at = moment_of(actor, delivered_at, "deliveredAt")
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        require_status(sold.sale, SaleStatus.DRAFT, SaleStatus.CONFIRMED)
        before = sold.sale.status
        await _deliver(work, actor, sold, at, payment)
        await save_movements(work, sold.lines)
        await keep(work, sold, SaleChange.DELIVERED, before)
        if payment is not None:
            await take_payment(work, actor, sold, payment)
    return sold.sale


@retried
async def cancel_sale(actor: Actor, *, sale_id: UUID, reason: str) -> Sale:
    """Call a sale off: an order lets its goods go; a delivery is taken out of history as if it had never been.

    The latter needs MILL_BACKDATE. Refuses with SALE_NOT_FOUND, ALREADY_CANCELLED, SALE_WITH_INVESTORS,
    BLOCKED_BY_LATER_DOCUMENT while payments or returns of it stand, and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_SELL)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        sold = await locked(actor, sale_id)
        sale = sold.sale
        if sale.status is SaleStatus.CANCELLED:
            raise AlreadyCancelled(f"sale {sale.number} was cancelled before", field=("input", "saleId"))
        document = document_of(sale, f"Sale {sale.number} to {sale.customer_name} cancelled")
        if sale.status is SaleStatus.CONFIRMED:
            await release(work, document)
        elif sale.status is not SaleStatus.DRAFT:
            actor.require(Permission.MILL_BACKDATE)
            _require_nothing_builds_on(sale)
            moved = [line.movement_id for line in sold.lines if line.movement_id is not None]
            await cancel(work, document, moved, reason=reason, sides=opposite(accounts.sold(sale.amount_minor)))
        before = sale.become(SaleStatus.CANCELLED)
        sale.cancelled_at, sale.cancelled_by_id, sale.cancel_reason = clock.now(), actor.id, reason
        await keep(work, sold, SaleChange.CANCELLED, before)
    return sale


async def _drafted(actor: Actor, new: NewSale) -> Sold:
    """A sale as an offer, which is saved, and its lines, which are not yet."""
    moment = clock.now()
    sale = Sale(
        id=new_id(),
        status=SaleStatus.DRAFT,
        currency=settings.current().currency,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    lines = await _fill(actor, sale, new)
    await sale.save(force_create=True)
    # The tables give it its number.
    await sale.refresh_from_db(fields=["serial", "number"])
    return Sold(sale, lines)


async def _fill(actor: Actor, sale: Sale, new: NewSale) -> list[SaleLine]:
    """Write what is said of a sale onto it; returns its lines."""
    warehouse = await access.warehouse_of(actor, new.warehouse_id)
    customer, name = await buyer_of(new)
    lines = await lines_of_sale(sale.id, warehouse, new)
    said: dict[str, Any] = {
        "customer_id": None if customer is None else customer.id,
        "customer_name": name,
        "warehouse_id": warehouse.id,
        "branch_id": warehouse.branch_id,
        "note": prose(new.note, "note", limit=MAX_NOTE),
        "amount_minor": sum(line.amount_minor for line in lines),
        "discount_minor": sum(line.discount_minor for line in lines),
    }
    sale.update_from_dict(said)
    return lines


async def _confirm(work: Work, actor: Actor, sold: Sold) -> None:
    sale = sold.sale
    await _require_credit(sale, 0)
    fields = {(line.item_id, sale.warehouse_id): sold.field_of(line) for line in reversed(sold.lines)}
    await reserve(work, document_of(sale, f"Sale {sale.number}"), sold.wanted, fields=fields)
    sale.become(SaleStatus.CONFIRMED)
    sale.confirmed_at, sale.confirmed_by_id = clock.now(), actor.id


async def _deliver(work: Work, actor: Actor, sold: Sold, at: datetime | None, payment: PaidNow | None) -> None:
    """Take the goods out and book what they were sold for; the lines know their movements afterwards."""
    sale = sold.sale
    await _require_credit(sale, 0 if payment is None else payment.of(sale))
    releases = sold.wanted if sale.status is SaleStatus.CONFIRMED else {}
    legs = sold.legs()
    document = document_of(sale, f"Sale {sale.number} to {sale.customer_name}")
    with dated_by("deliveredAt"):
        booked = await book(work, document, legs, at=at, sides=accounts.sold(sale.amount_minor), releases=releases)
    for line, leg in zip(sold.lines, legs, strict=True):
        line.movement_id = leg.id
    sale.become(SaleStatus.DELIVERED)
    sale.delivered_at, sale.delivered_by_id = booked.at, actor.id
    # What was given away is paid as it is delivered.
    sale.become(after_money(sale))


async def _require_credit(sale: Sale, paid_now: int) -> None:
    """A customer with a limit does not come to owe more, orders included. The customer's row keeps two sales apart."""
    if sale.customer_id is None:
        return
    customer = await Customer.filter(id=sale.customer_id).select_for_update(no_key=True).get()
    limit = customer.credit_limit
    if limit is None:
        return
    exposure = await _exposure(sale)
    owed = Money(exposure + sale.amount_minor - paid_now, sale.currency)
    if sale.amount_minor > paid_now and owed > limit:
        raise CreditLimitExceeded(limit=limit, owed=owed)


async def _exposure(sale: Sale) -> int:
    async with unit_of_work() as work:
        return int(await work.fetchval(EXPOSURE, sale.customer_id, sale.id))


def _require_may_sell(actor: Actor, payment: PaidNow | None) -> None:
    actor.require(Permission.MILL_SELL)
    if payment is not None:
        actor.require(Permission.MILL_BILL)


def _require_consistent(doing: Doing) -> None:
    if doing.up_to not in (SaleStatus.DRAFT, SaleStatus.CONFIRMED, SaleStatus.DELIVERED):
        raise InvalidInput("a new sale is drafted, confirmed or delivered", field=("input", "upTo"))
    if doing.up_to is SaleStatus.DELIVERED:
        return
    if doing.delivered_at is not None:
        raise InvalidInput("only what is delivered was delivered at some time", field=("input", "deliveredAt"))
    if doing.payment is not None:
        raise InvalidInput("a sale is paid when it is delivered, or later", field=("input", "payment"))


def _require_nothing_builds_on(sale: Sale) -> None:
    require_not_with_investors(sale)
    if sale.paid_minor != sale.refunded_minor:
        raise BlockedByLaterDocument(f"sale {sale.number} is paid; reverse the payments first", field=("input", "saleId"))
    if sale.status in (SaleStatus.PART_RETURNED, SaleStatus.RETURNED):
        raise BlockedByLaterDocument(
            f"goods of sale {sale.number} came back; cancel the returns first", field=("input", "saleId")
        )
