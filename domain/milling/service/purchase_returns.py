"""Sending goods back to a supplier: never more of a line than was received and has not gone back yet.

Before the bill the supplier will simply not bill them; after it, what they were billed for is taken off the bill. What they
were worth in stock is another matter (the receipt's own cost under FIFO, the average under moving average), and the
difference is stock variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access, accounts, units
from domain.milling.errors import (
    AlreadyCancelled,
    BlockedByLaterDocument,
    ExceedsReturnable,
    PurchaseNotOpen,
    PurchaseReturnNotFound,
)
from domain.milling.models import Item, Purchase, PurchaseLine, PurchaseReturn, PurchaseReturnLine
from domain.milling.rules.purchasing import part_going_back
from domain.milling.rules.quantities import to_thousandths
from domain.milling.service.desk import MAX_REASON, dated_by, moment_of
from domain.milling.service.desk import line as one_line
from domain.milling.service.purchase_desk import LINES, MAX_LINES, Bought, at_lines, keep, locked
from domain.milling.states import DocumentKind, MovementKind, PostedStatus, PurchaseChange, PurchaseStatus
from domain.milling.stock import Document, Leg, book, cancel

RETURN: Final = ("input", "purchaseReturnId")

# By line of a purchase, what of it went back since it was billed, and what was taken off the bill for it.
SINCE_THE_BILL: Final = """
select l.purchase_line_id, sum(l.base_quantity) as quantity, sum(l.amount_minor)::bigint as amount
from mill_purchase_return_line l join mill_purchase_return r on r.id = l.purchase_return_id
where r.purchase_id = $1 and r.status = 'POSTED' and r.credited_minor > 0 group by l.purchase_line_id
"""


@dataclass(frozen=True, kw_only=True)
class ReturnedLine:
    """How much of a line of the purchase goes back, in ``unit`` (the unit of the order when None)."""

    line_no: int
    quantity: Decimal
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class SentBack:
    """A return, and its purchase as it stands after it."""

    purchase_return: PurchaseReturn
    purchase: Purchase


@retried
async def create_purchase_return(
    actor: Actor, *, purchase_id: UUID, lines: Sequence[ReturnedLine], reason: str, returned_at: datetime | None = None
) -> SentBack:
    """Send goods of a purchase back out of its warehouse.

    Refuses with PURCHASE_NOT_FOUND, PURCHASE_NOT_OPEN (nothing of it is here), EXCEEDS_RETURNABLE, INSUFFICIENT_STOCK (they
    were milled or sold), INVALID_QUANTITY, UNKNOWN_UNIT, FUTURE_DATE and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_PURCHASE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        if bought.purchase.status in (PurchaseStatus.DRAFT, PurchaseStatus.CANCELLED):
            raise PurchaseNotOpen(f"of purchase {bought.purchase.number} nothing is here")
        at = moment_of(actor, returned_at, "returnedAt")
        rows = await _rows(work, bought, lines)
        made = await _send_back(work, actor, bought, rows, reason, at)
    return SentBack(made, bought.purchase)


@retried
async def cancel_purchase_return(actor: Actor, *, purchase_return_id: UUID, reason: str) -> SentBack:
    """Take a return out of history, as if the goods had never gone back (MILL_BACKDATE).

    Refuses with PURCHASE_RETURN_NOT_FOUND, ALREADY_CANCELLED, and with BLOCKED_BY_LATER_DOCUMENT where the purchase was
    billed after it without these goods, or where the supplier gave money back for them.
    """
    actor.require(Permission.MILL_PURCHASE)
    actor.require(Permission.MILL_BACKDATE)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        found = await access.visible_purchase_returns(actor).get_or_none(id=purchase_return_id)
        if found is None:
            raise PurchaseReturnNotFound
        bought = await locked(actor, found.purchase_id)
        await found.refresh_from_db()
        _require_cancellable(bought, found)
        rows = await PurchaseReturnLine.filter(purchase_return_id=found.id).order_by("line_no")
        sides = accounts.sent_back(-found.amount_minor, -found.credited_minor)
        moved = [row.movement_id for row in rows if row.movement_id is not None]
        await cancel(work, _document(found, bought), moved, reason=reason, sides=sides)
        found.status = PostedStatus.CANCELLED
        found.cancelled_at, found.cancelled_by_id, found.cancel_reason = clock.now(), actor.id, reason
        found.touch()
        await found.save()
        await _count(work, bought, found, rows, sign=-1)
        await _keep(work, bought, PurchaseChange.RETURN_CANCELLED, found)
    return SentBack(found, bought.purchase)


async def _rows(work: Work, bought: Bought, said: Sequence[ReturnedLine]) -> list[PurchaseReturnLine]:
    """The lines of the return, not saved yet, with what the supplier gives for each."""
    if not 1 <= len(said) <= MAX_LINES:
        raise InvalidInput(f"a return has 1 to {MAX_LINES} lines", field=LINES)
    at_lines([each.line_no for each in said])
    purchase = bought.purchase
    lines = [bought.numbered(each.line_no, (*LINES, str(index))) for index, each in enumerate(said)]
    items = {item.id: item for item in await Item.filter(id__in=[line.item_id for line in lines])}
    known = await units.units_of(list(items))
    since = {row["purchase_line_id"]: row for row in await work.fetch(SINCE_THE_BILL, purchase.id)}
    rows = []
    for index, (each, line) in enumerate(zip(said, lines, strict=True)):
        field = (*LINES, str(index))
        unit = line.unit if each.unit is None else units.unit_name(each.unit)
        base = units.in_base_unit(items[line.item_id], known[line.item_id], each.quantity, unit, field=field)
        returnable = line.received_quantity - line.returned_quantity
        if base > returnable:
            raise ExceedsReturnable(requested=base, returnable=returnable, field=(*field, "quantity"))
        after = since.get(line.id)
        gone = (Decimal(0), 0) if after is None else (after["quantity"], after["amount"])
        rows.append(
            PurchaseReturnLine(
                id=new_id(),
                line_no=index + 1,
                purchase_line_id=line.id,
                item_id=line.item_id,
                unit=unit,
                quantity=each.quantity,
                base_quantity=base,
                amount_minor=_worth(line, base, *gone),
            )
        )
    return rows


def _worth(line: PurchaseLine, quantity: Decimal, gone: Decimal, credited: int) -> int:
    """What the supplier gives for goods of a line: after the bill of what it was billed for, of which ``gone`` went back for
    ``credited``; before it of what it came in for."""
    if line.billed_minor is None:
        before = to_thousandths(line.returned_quantity)
        received = to_thousandths(line.received_quantity)
        return part_going_back(line.amount_minor, received, before, line.returned_minor, to_thousandths(quantity))
    billed = to_thousandths(line.received_quantity - line.returned_quantity + gone)
    return part_going_back(line.billed_minor, billed, to_thousandths(gone), credited, to_thousandths(quantity))


async def _send_back(
    work: Work, actor: Actor, bought: Bought, rows: list[PurchaseReturnLine], reason: str, at: datetime | None
) -> PurchaseReturn:
    purchase, moment = bought.purchase, clock.now()
    amount = sum(row.amount_minor for row in rows)
    made = PurchaseReturn(
        id=new_id(),
        purchase_id=purchase.id,
        warehouse_id=purchase.warehouse_id,
        branch_id=purchase.branch_id,
        status=PostedStatus.POSTED,
        currency=purchase.currency,
        amount_minor=amount,
        credited_minor=0 if purchase.billed_minor is None else amount,
        reason=reason,
        returned_at=at or moment,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    await made.save(force_create=True)
    made = await PurchaseReturn.get(id=made.id)
    receipts = {line.id: line.movement_id for line in bought.lines}
    legs = [
        Leg(
            item_id=row.item_id,
            warehouse_id=made.warehouse_id,
            kind=MovementKind.PURCHASE_RETURN,
            quantity=-row.base_quantity,
            source_id=receipts[row.purchase_line_id],
            line_no=row.line_no,
            field=(*LINES, str(row.line_no - 1), "quantity"),
        )
        for row in rows
    ]
    sides = accounts.sent_back(made.amount_minor, made.credited_minor)
    with dated_by("returnedAt"):
        booked = await book(work, _document(made, bought), legs, at=at, sides=sides)
    for row, leg in zip(rows, legs, strict=True):
        row.purchase_return_id, row.movement_id = made.id, leg.id
    await PurchaseReturnLine.bulk_create(rows)
    made.returned_at, made.entry_id = booked.at, booked.entry_id
    await made.save(update_fields=["returned_at", "entry_id"])
    await _count(work, bought, made, rows, sign=1)
    await _keep(work, bought, PurchaseChange.RETURNED, made)
    return made


async def _count(work: Work, bought: Bought, made: PurchaseReturn, rows: Sequence[PurchaseReturnLine], *, sign: int) -> None:
    """Count what went back, or did not after all, into the purchase and its lines."""
    of_line = {row.purchase_line_id: row for row in rows}
    lines = [line for line in bought.lines if line.id in of_line]
    for line in lines:
        line.returned_quantity += sign * of_line[line.id].base_quantity
        line.returned_minor += sign * of_line[line.id].amount_minor
    await work.execute(
        """update mill_purchase_line l set returned_quantity = r.quantity, returned_minor = r.amount
           from unnest($1::uuid[], $2::numeric[], $3::bigint[]) as r (id, quantity, amount) where l.id = r.id""",
        [line.id for line in lines],
        [line.returned_quantity for line in lines],
        [line.returned_minor for line in lines],
    )
    bought.purchase.returned_minor += sign * made.amount_minor
    bought.purchase.credited_minor += sign * made.credited_minor


async def _keep(work: Work, bought: Bought, change: PurchaseChange, made: PurchaseReturn) -> None:
    """Where the purchase stands by what of it went back."""
    purchase = bought.purchase
    if not bought.here:
        status = PurchaseStatus.RETURNED
    elif any(line.returned_quantity for line in bought.lines):
        status = PurchaseStatus.PART_RETURNED
    else:
        status = PurchaseStatus.RECEIVED if purchase.billed_minor is None else PurchaseStatus.BILLED
    before = purchase.become(status)
    await keep(work, bought, change, before, made)


def _require_cancellable(bought: Bought, found: PurchaseReturn) -> None:
    purchase = bought.purchase
    if found.status is PostedStatus.CANCELLED:
        raise AlreadyCancelled(f"return {found.number} was cancelled before", field=RETURN)
    before_the_bill = found.credited_minor < found.amount_minor
    if before_the_bill and purchase.billed_minor is not None:
        raise BlockedByLaterDocument(
            f"purchase {purchase.number} was billed without these goods; take back the bill first", field=RETURN
        )
    if purchase.refunded_minor:
        raise BlockedByLaterDocument(
            f"the supplier paid back for purchase {purchase.number}; reverse the refunds first", field=RETURN
        )


def _document(made: PurchaseReturn, bought: Bought) -> Document:
    purchase = bought.purchase
    return Document(
        kind=DocumentKind.PURCHASE_RETURN,
        id=made.id,
        number=made.number,
        branch_id=made.branch_id,
        description=f"Return {made.number} of purchase {purchase.number} to {purchase.supplier_name}",
    )
