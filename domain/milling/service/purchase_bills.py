"""Billing a purchase: what was received becomes what is owed to the supplier, and the goods cost what the bill says.

The bill is about what is left of a receipt, and its price is the price of all of it. Where that is another one than goods
came in at, the difference is dated at the moment of the receipt: what was milled or sold meanwhile has cost more or less,
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import accounts
from domain.milling.errors import BillTaken, BlockedByLaterDocument, FutureDate, PurchaseNotOpen
from domain.milling.models import Purchase, PurchaseLine, PurchaseReturn, Supplier
from domain.milling.rules.purchasing import Repriced, reprice
from domain.milling.rules.quantities import to_thousandths
from domain.milling.service.desk import MAX_REASON, dated_by, refusals_of_tables
from domain.milling.service.desk import line as one_line
from domain.milling.service.money import minor_of
from domain.milling.service.purchase_desk import (
    LINES,
    PURCHASE,
    Bought,
    at_lines,
    document_of,
    keep,
    locked,
    post_sides,
    together,
)
from domain.milling.states import MovementKind, PostedStatus, PurchaseChange, PurchaseStatus
from domain.milling.stock import Leg, book, cancel
from domain.milling.stock.documents import EARLIEST

BILLED: Final = "milling.purchase_bill"
MAX_BILL_NUMBER: Final = 60
MAX_DUE_DAYS: Final = 730

# The movements by which the bill of a purchase corrected what its receipt had cost.
DIFFERENCES: Final = """
select m.id from stock_movement m
where m.document_id = $1 and m.kind = 'BILL_DIFFERENCE'
      and not exists (select from stock_cancellation c where c.movement_id = m.id)
"""


@dataclass(frozen=True, kw_only=True)
class BilledLine:
    """What the supplier asks for all that is left of a line."""

    line_no: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A supplier's bill: lines that it does not name are billed at the price at which they were received. It is of today
    and due by the terms of the supplier, unless it says otherwise."""

    number: str | None = None
    billed_on: date | None = None
    due_on: date | None = None
    lines: Sequence[BilledLine] = ()


@retried
async def bill_purchase(actor: Actor, *, purchase_id: UUID, bill: Bill) -> Purchase:
    """Enter the supplier's bill for what was received and not sent back.

    Refuses with PURCHASE_NOT_FOUND, PURCHASE_NOT_OPEN (also when all of it went back),
    BILL_TAKEN, INVALID_AMOUNT, CURRENCY_MISMATCH, FUTURE_DATE and PERIOD_CLOSED.
    """
    actor.require(Permission.MILL_BILL)
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        await put_bill(work, actor, bought, bill)
    return bought.purchase


@retried
async def cancel_purchase_bill(actor: Actor, *, purchase_id: UUID, reason: str) -> Purchase:
    """Take back a bill that was wrong; the goods stay, at the price at which they were received.

    Refuses with PURCHASE_NOT_OPEN, and with BLOCKED_BY_LATER_DOCUMENT while it is paid, in part or in whole, or goods that
    were billed went back.
    """
    actor.require(Permission.MILL_BILL)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        if purchase.billed_minor is None:
            raise PurchaseNotOpen(f"purchase {purchase.number} is not billed")
        if purchase.paid_minor:
            raise BlockedByLaterDocument(f"purchase {purchase.number} is paid; reverse the payments first", field=PURCHASE)
        if purchase.credited_minor or await _went_back_since(purchase):
            raise BlockedByLaterDocument(
                f"billed goods of purchase {purchase.number} went back; cancel the returns first", field=PURCHASE
            )
        sides = accounts.billed(-purchase.billed_minor, -_on_returned(_repriced(bought.here)))
        said = f"Bill of purchase {purchase.number} taken back"
        await post_sides(f"{BILLED}_cancelled", said, sides, about=purchase, on=clock.today())
        moved = [row["id"] for row in await work.fetch(DIFFERENCES, purchase.id)]
        if moved:
            await cancel(work, document_of(purchase, said), moved, reason=reason)
        await _save_billed(work, bought.here, [None] * len(bought.here))
        before = purchase.status
        if before is PurchaseStatus.BILLED:
            purchase.become(PurchaseStatus.RECEIVED)
        purchase.billed_minor = purchase.billed_at = purchase.billed_by_id = purchase.billed_on = None
        purchase.bill_number = purchase.due_on = None
        await keep(work, bought, PurchaseChange.BILL_CANCELLED, before)
    return purchase


async def put_bill(work: Work, actor: Actor, bought: Bought, bill: Bill) -> None:
    """Bill a locked purchase."""
    purchase, lines = bought.purchase, bought.here
    _require_billable(purchase, lines)
    billed_on, due_on = await _days(purchase, bill)
    amounts = _amounts(bought, bill.lines)
    await _save_billed(work, lines, amounts)
    purchase.billed_minor = together(amounts)
    purchase.billed_on, purchase.due_on = billed_on, due_on
    purchase.billed_at, purchase.billed_by_id = clock.now(), actor.id
    purchase.bill_number = one_line(bill.number, MAX_BILL_NUMBER, "billNumber") if bill.number else None
    before = purchase.status
    if before is PurchaseStatus.RECEIVED:
        purchase.become(PurchaseStatus.BILLED)
    with refusals_of_tables({"mill_purchase_bill_once": _entered_before}):
        await keep(work, bought, PurchaseChange.BILLED, before)
    with dated_by("billedOn"):
        await _book(work, bought, billed_on)


async def _book(work: Work, bought: Bought, billed_on: date) -> None:
    """The bill as an entry of its day; what it changes about goods as movements at the moment of their receipt."""
    purchase, repriced = bought.purchase, _repriced(bought.here)
    assert purchase.billed_minor is not None, "it was billed a moment ago"
    said = f"Bill {purchase.bill_number or ''} of {purchase.supplier_name} for purchase {purchase.number}".replace("  ", " ")
    await post_sides(
        BILLED, said, accounts.billed(purchase.billed_minor, _on_returned(repriced)), about=purchase, on=billed_on
    )
    legs = [_difference(purchase, line, repriced[line.line_no].difference) for line in bought.here]
    legs = [leg for leg in legs if leg.value_minor]
    if legs:
        await book(work, document_of(purchase, said), legs, at=purchase.received_at, on=billed_on)


def _entered_before() -> BillTaken:
    return BillTaken("a bill of this supplier has this number already")


def _require_billable(purchase: Purchase, lines: Sequence[PurchaseLine]) -> None:
    if purchase.billed_minor is not None:
        raise PurchaseNotOpen(f"purchase {purchase.number} is billed already")
    if purchase.status not in (PurchaseStatus.RECEIVED, PurchaseStatus.PART_RETURNED) or not lines:
        raise PurchaseNotOpen(f"of purchase {purchase.number} there is nothing that could be billed")


async def _went_back_since(purchase: Purchase) -> bool:
    """Whether goods went back after the bill; a few crumbs may be worth less than a minor unit."""
    returns = PurchaseReturn.filter(purchase_id=purchase.id, status=PostedStatus.POSTED)
    return await returns.filter(created_at__gte=purchase.billed_at).exists()


async def _days(purchase: Purchase, bill: Bill) -> tuple[date, date]:
    """When the bill is of, and when it is due."""
    billed_on = bill.billed_on or clock.today()
    if billed_on > clock.today():
        raise FutureDate("a bill is not of a day to come", field=("input", "billedOn"))
    if billed_on < EARLIEST.date():
        raise InvalidInput("the mill was not there yet", field=("input", "billedOn"))
    if bill.due_on is None:
        supplier = await Supplier.get(id=purchase.supplier_id)
        return billed_on, billed_on + timedelta(days=supplier.payment_days)
    if not 0 <= (bill.due_on - billed_on).days <= MAX_DUE_DAYS:
        raise InvalidInput(f"a bill is due within {MAX_DUE_DAYS} days after its own", field=("input", "dueOn"))
    return billed_on, bill.due_on


def _amounts(bought: Bought, said: Sequence[BilledLine]) -> list[int]:
    """What each line that is here is billed for."""
    at_lines([each.line_no for each in said])
    amounts: dict[int, int] = {}
    for index, each in enumerate(said):
        field = (*LINES, str(index))
        line = bought.numbered(each.line_no, field)
        if line not in bought.here:
            raise InvalidInput("of this line there is nothing that could be billed", field=(*field, "lineNo"))
        amounts[line.line_no] = minor_of(each.amount, *field, "amount")
    return [amounts.get(line.line_no, line.amount_minor - line.returned_minor) for line in bought.here]


def _repriced(lines: Iterable[PurchaseLine]) -> Mapping[int, Repriced]:
    """What the bill changes about each line that it is about, as long as nothing of them went back after it."""
    return {
        line.line_no: reprice(
            value=line.amount_minor,
            received=to_thousandths(line.received_quantity),
            returned=to_thousandths(line.returned_quantity),
            credited=line.returned_minor,
            billed=line.billed_minor or 0,
        )
        for line in lines
    }


def _on_returned(repriced: Mapping[int, Repriced]) -> int:
    return sum(each.on_returned for each in repriced.values())


def _difference(purchase: Purchase, line: PurchaseLine, difference: int) -> Leg:
    return Leg(
        item_id=line.item_id,
        warehouse_id=purchase.warehouse_id,
        kind=MovementKind.BILL_DIFFERENCE,
        quantity=Decimal(0),
        value_minor=difference,
        source_id=line.movement_id,
        line_no=line.line_no,
        field=(*LINES, str(line.line_no - 1)),
    )


async def _save_billed(work: Work, lines: Sequence[PurchaseLine], amounts: Sequence[int | None]) -> None:
    for line, amount in zip(lines, amounts, strict=True):
        line.billed_minor = amount
    await work.execute(
        """update mill_purchase_line l set billed_minor = b.amount
           from unnest($1::uuid[], $2::bigint[]) as b (id, amount) where l.id = b.id""",
        [line.id for line in lines],
        list(amounts),
    )
