"""Purchases: ordering from a supplier, receiving what was ordered, and calling it off.

Goods come in at the price of the order. What they have cost in the end is said by the bill.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import settings, units
from domain.milling.access import warehouse_of
from domain.milling.errors import AlreadyCancelled, BlockedByLaterDocument, PurchaseNotOpen
from domain.milling.models import Item, LandedCost, Purchase, PurchaseLine
from domain.milling.rules.purchasing import received_value
from domain.milling.rules.quantities import to_thousandths
from domain.milling.service.desk import MAX_REASON, MAX_REFERENCE, dated_by, moment_of, prose, refusals_at, require_version
from domain.milling.service.desk import line as one_line
from domain.milling.service.partners import supplier_for
from domain.milling.service.purchase_bills import Bill, put_bill
from domain.milling.service.purchase_desk import LINES, PURCHASE, Bought, at_lines, document_of, keep, locked, tell, together
from domain.milling.service.purchase_orders import NewPurchase, lines_of_order
from domain.milling.states import MovementKind, PostedStatus, PurchaseChange, PurchaseStatus
from domain.milling.stock import Leg, book, cancel

TAKEN_BACK: Final = frozenset({PurchaseStatus.DRAFT, PurchaseStatus.RECEIVED})


@dataclass(frozen=True, kw_only=True)
class ReceivedLine:
    """How much of a line came, in ``unit`` (the unit of the order when None); 0 when nothing did."""

    line_no: int
    quantity: Decimal
    unit: str | None = None


@retried
async def create_purchase(
    actor: Actor,
    *,
    order: NewPurchase,
    up_to: PurchaseStatus = PurchaseStatus.RECEIVED,
    received_at: datetime | None = None,
    bill: Bill | None = None,
) -> Purchase:
    """Order goods; unless it is a mere order, receive them all at once, and bill them too if asked to.

    Items and a supplier that are new come into being with it. Refuses with WAREHOUSE_NOT_FOUND, SUPPLIER_NOT_FOUND,
    ITEM_NOT_FOUND, ITEM_CONTRADICTION, UNKNOWN_UNIT, INVALID_QUANTITY, INVALID_AMOUNT, CURRENCY_MISMATCH, and as
    :func:`receive_purchase` and ``bill_purchase`` do.
    """
    actor.require(Permission.MILL_PURCHASE)
    _require_consistent(actor, up_to, received_at, bill)
    async with unit_of_work() as work:
        bought = await _ordered(work, actor, order)
        if up_to is not PurchaseStatus.DRAFT:
            await _receive(work, actor, bought, {}, moment_of(actor, received_at, "receivedAt"))
        if up_to is PurchaseStatus.BILLED:
            with refusals_at(("input", "bill")):
                await put_bill(work, actor, bought, bill or Bill())
    return bought.purchase


@retried
async def update_purchase(
    actor: Actor, *, purchase_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> Purchase:
    """Change an order of which nothing has come; ``changes`` is by the names of :class:`NewPurchase`.

    Lines are replaced as a whole. The warehouse stays, for whose branch it was ordered. Refuses with PURCHASE_NOT_OPEN.
    """
    actor.require(Permission.MILL_PURCHASE)
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        _require_draft(purchase)
        require_version(purchase, expected_version)
        await _change(work, actor, bought, changes)
        await keep(work, bought, PurchaseChange.EDITED, purchase.status)
    return purchase


@retried
async def receive_purchase(
    actor: Actor, *, purchase_id: UUID, received: Sequence[ReceivedLine] = (), received_at: datetime | None = None
) -> Purchase:
    """Bring in what was ordered, at the price of the order; lines that came otherwise say so.

    What did not come is not waited for: it is another purchase. Refuses with PURCHASE_NOT_FOUND, PURCHASE_NOT_OPEN,
    WAREHOUSE_CAPACITY_EXCEEDED, WAREHOUSE_CLOSED, ITEM_INACTIVE, FUTURE_DATE and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_PURCHASE)
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        _require_draft(bought.purchase)
        quantities = await _quantities(bought, received)
        await _receive(work, actor, bought, quantities, moment_of(actor, received_at, "receivedAt"))
    return bought.purchase


@retried
async def cancel_purchase(actor: Actor, *, purchase_id: UUID, reason: str) -> Purchase:
    """Call off an order, or take received goods out of history as if they had never come (MILL_BACKDATE).

    Refuses with ALREADY_CANCELLED, with BLOCKED_BY_LATER_DOCUMENT while its bill, a return or a landed cost stands, and
    with INSUFFICIENT_STOCK where the goods are gone.
    """
    actor.require(Permission.MILL_PURCHASE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        await _require_unused(purchase)
        if purchase.status is PurchaseStatus.RECEIVED:
            actor.require(Permission.MILL_BACKDATE)
            document = document_of(purchase, f"Purchase {purchase.number} of {purchase.supplier_name} cancelled")
            moved = [line.movement_id for line in bought.received if line.movement_id is not None]
            await cancel(work, document, moved, reason=reason)
        before = purchase.become(PurchaseStatus.CANCELLED)
        purchase.cancelled_at, purchase.cancelled_by_id, purchase.cancel_reason = clock.now(), actor.id, reason
        await keep(work, bought, PurchaseChange.CANCELLED, before)
    return purchase


def _require_consistent(actor: Actor, up_to: PurchaseStatus, received_at: datetime | None, bill: Bill | None) -> None:
    if up_to not in (PurchaseStatus.DRAFT, PurchaseStatus.RECEIVED, PurchaseStatus.BILLED):
        raise InvalidInput("a purchase begins as DRAFT, RECEIVED or BILLED", field=("input", "upTo"))
    if up_to is PurchaseStatus.DRAFT and received_at is not None:
        raise InvalidInput("what is merely ordered has not been received", field=("input", "receivedAt"))
    if up_to is PurchaseStatus.BILLED:
        actor.require(Permission.MILL_BILL)
    elif bill is not None:
        raise InvalidInput("a bill is given for a purchase that is to be billed", field=("input", "bill"))


async def _ordered(work: Work, actor: Actor, order: NewPurchase) -> Bought:
    """The purchase as an order."""
    warehouse = await warehouse_of(actor, order.warehouse_id)
    with refusals_at(("input",), new="newSupplier" if order.new_supplier is not None else None):
        supplier = await supplier_for(work, actor, supplier_id=order.supplier_id, new_supplier=order.new_supplier)
    purchase_id, moment = new_id(), clock.now()
    lines = await lines_of_order(work, actor, purchase_id, order.lines)
    await Purchase(
        id=purchase_id,
        supplier_id=supplier.id,
        supplier_name=supplier.name,
        warehouse_id=warehouse.id,
        branch_id=warehouse.branch_id,
        status=PurchaseStatus.DRAFT,
        currency=settings.current().currency,
        amount_minor=together([line.amount_minor for line in lines]),
        reference=one_line(order.reference, MAX_REFERENCE, "reference", least=0),
        note=prose(order.note, "note"),
        expected_on=order.expected_on,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    ).save(force_create=True)
    await PurchaseLine.bulk_create(lines)
    bought = Bought(await Purchase.get(id=purchase_id), lines)
    tell(work, bought, PurchaseChange.ORDERED, bought.purchase.status)
    return bought


async def _change(work: Work, actor: Actor, bought: Bought, changes: Mapping[str, Any]) -> None:
    purchase = bought.purchase
    if "supplier_id" in changes:
        supplier = await supplier_for(work, actor, supplier_id=changes["supplier_id"])
        purchase.supplier_id, purchase.supplier_name = supplier.id, supplier.name
    if "reference" in changes:
        purchase.reference = one_line(changes["reference"], MAX_REFERENCE, "reference", least=0)
    if "note" in changes:
        purchase.note = prose(changes["note"], "note")
    if "expected_on" in changes:
        purchase.expected_on = changes["expected_on"]
    if "lines" in changes:
        bought.lines = await lines_of_order(work, actor, purchase.id, changes["lines"])
        purchase.amount_minor = together([line.amount_minor for line in bought.lines])
        await PurchaseLine.filter(purchase_id=purchase.id).delete()
        await PurchaseLine.bulk_create(bought.lines)


def _require_draft(purchase: Purchase) -> None:
    if purchase.status is not PurchaseStatus.DRAFT:
        raise PurchaseNotOpen(f"purchase {purchase.number} is {purchase.status.value.lower()}, and no order any more")


async def _quantities(bought: Bought, received: Sequence[ReceivedLine]) -> dict[int, Decimal]:
    """What came otherwise than ordered, by line, in base units."""
    at_lines([each.line_no for each in received])
    rows = [bought.numbered(each.line_no, (*LINES, str(index))) for index, each in enumerate(received)]
    items = {item.id: item for item in await Item.filter(id__in=[row.item_id for row in rows])}
    known = await units.units_of(list(items))
    quantities = {}
    for index, (each, row) in enumerate(zip(received, rows, strict=True)):
        item = items[row.item_id]
        field = (*LINES, str(index))
        if each.quantity == 0:
            quantities[row.line_no] = Decimal(0)
            continue
        unit = row.unit if each.unit is None else each.unit
        quantities[row.line_no] = units.in_base_unit(item, known[item.id], each.quantity, unit, field=field)
    return quantities


async def _receive(work: Work, actor: Actor, bought: Bought, quantities: Mapping[int, Decimal], at: datetime | None) -> None:
    """The goods come in: what ``quantities`` does not name came as it was ordered."""
    purchase = bought.purchase
    legs: dict[int, Leg] = {}
    for line in bought.lines:
        quantity = quantities.get(line.line_no, line.base_quantity)
        line.amount_minor = received_value(line.amount_minor, to_thousandths(line.base_quantity), to_thousandths(quantity))
        if quantity:
            legs[line.line_no] = Leg(
                item_id=line.item_id,
                warehouse_id=purchase.warehouse_id,
                kind=MovementKind.PURCHASE_RECEIPT,
                quantity=quantity,
                value_minor=line.amount_minor,
                line_no=line.line_no,
                field=(*LINES, str(line.line_no - 1)),
            )
    if not legs:
        raise InvalidInput("nothing of it came; then it is cancelled", field=LINES)
    purchase.amount_minor = together([line.amount_minor for line in bought.lines])
    document = document_of(purchase, f"Purchase {purchase.number} of {purchase.supplier_name}")
    with dated_by("receivedAt"):
        booked = await book(work, document, list(legs.values()), at=at)
    for line in bought.lines:
        leg = legs.get(line.line_no)
        line.movement_id = None if leg is None else leg.id
        line.received_quantity = Decimal(0) if leg is None or leg.quantity is None else leg.quantity
    await _save_received(work, bought.lines)
    before = purchase.become(PurchaseStatus.RECEIVED)
    purchase.received_at, purchase.received_by_id = booked.at, actor.id
    await keep(work, bought, PurchaseChange.RECEIVED, before)


async def _save_received(work: Work, lines: Sequence[PurchaseLine]) -> None:
    await work.execute(
        """update mill_purchase_line l
           set amount_minor = r.amount_minor, received_quantity = r.quantity, movement_id = r.movement_id
           from unnest($1::uuid[], $2::bigint[], $3::numeric[], $4::uuid[]) as r (id, amount_minor, quantity, movement_id)
           where l.id = r.id""",
        [line.id for line in lines],
        [line.amount_minor for line in lines],
        [line.received_quantity for line in lines],
        [line.movement_id for line in lines],
    )


async def _require_unused(purchase: Purchase) -> None:
    """Nothing that was made from the purchase stands."""
    if purchase.status is PurchaseStatus.CANCELLED:
        raise AlreadyCancelled(f"purchase {purchase.number} was cancelled before", field=PURCHASE)
    if purchase.billed_minor is not None:
        standing = "its bill stands; take it back first"
    elif purchase.status not in TAKEN_BACK:
        standing = "goods of it went back; cancel the returns first"
    elif await LandedCost.exists(purchase_id=purchase.id, status=PostedStatus.POSTED):
        standing = "costs were added to it; cancel them first"
    else:
        return
    raise BlockedByLaterDocument(f"purchase {purchase.number}: {standing}", field=PURCHASE)
