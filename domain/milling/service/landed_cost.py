"""Landed cost: freight, duty and the like make the goods of a purchase dearer, each line by its share to the cent.

It is dated at the moment of the receipt; the part on goods that are gone by then is found by the replay, and what of it
finds no stock to be in is stock variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access
from domain.milling.errors import AlreadyCancelled, LandedCostNotFound, PurchaseNotOpen
from domain.milling.models import LandedCost, LandedCostShare, Purchase, PurchaseLine
from domain.milling.rules.costing import shares
from domain.milling.rules.quantities import to_thousandths
from domain.milling.service.desk import MAX_REASON
from domain.milling.service.desk import line as one_line
from domain.milling.service.money import minor_of
from domain.milling.service.purchase_desk import Bought, keep, locked
from domain.milling.states import AllocateBy, DocumentKind, MovementKind, PostedStatus, PurchaseChange, PurchaseStatus
from domain.milling.stock import Document, Leg, book, cancel

MAX_DESCRIPTION: Final = 300
LANDED_COST: Final = ("input", "landedCostId")
OPEN: Final = frozenset({PurchaseStatus.RECEIVED, PurchaseStatus.BILLED, PurchaseStatus.PART_RETURNED})


@dataclass(frozen=True, slots=True)
class Landed:
    """A landed cost, and its purchase as it stands after it."""

    landed_cost: LandedCost
    purchase: Purchase


@retried
async def add_landed_cost(
    actor: Actor,
    *,
    purchase_id: UUID,
    amount: Money,
    description: str,
    allocate_by: AllocateBy = AllocateBy.VALUE,
) -> Landed:
    """Add what a purchase cost besides its goods, owed to whoever carried or cleared them.

    Refuses with PURCHASE_NOT_FOUND, PURCHASE_NOT_OPEN (nothing of it is here), INVALID_AMOUNT and CURRENCY_MISMATCH.
    """
    actor.require(Permission.MILL_BILL)
    description = one_line(description, MAX_DESCRIPTION, "description")
    async with unit_of_work() as work:
        bought = await locked(actor, purchase_id)
        purchase = bought.purchase
        if purchase.status not in OPEN:
            raise PurchaseNotOpen(f"of purchase {purchase.number} nothing is here")
        amount_minor = minor_of(amount, "input", "amount")
        made = await _made(actor, bought, amount_minor, description, allocate_by)
        parts = shares(amount_minor, [_weight(line, allocate_by) for line in bought.received])
        legs = _legs(bought, parts)
        booked = await book(work, _document(made, bought), legs, at=purchase.received_at, on=clock.today())
        await _save_shares(made, bought.received, parts, legs)
        made.entry_id = booked.entry_id
        await made.save(update_fields=["entry_id"])
        await _count(work, bought, bought.received, parts)
        await keep(work, bought, PurchaseChange.LANDED_COST_ADDED, purchase.status)
    return Landed(made, purchase)


@retried
async def cancel_landed_cost(actor: Actor, *, landed_cost_id: UUID, reason: str) -> Landed:
    """Take a landed cost off the purchase again, as if it had never been there.

    Refuses with LANDED_COST_NOT_FOUND and ALREADY_CANCELLED.
    """
    actor.require(Permission.MILL_BILL)
    reason = one_line(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        found = await access.visible_landed_costs(actor).get_or_none(id=landed_cost_id)
        if found is None:
            raise LandedCostNotFound
        bought = await locked(actor, found.purchase_id)
        await found.refresh_from_db()
        if found.status is PostedStatus.CANCELLED:
            raise AlreadyCancelled(f"landed cost {found.number} was cancelled before", field=LANDED_COST)
        rows = {row.purchase_line_id: row for row in await LandedCostShare.filter(landed_cost_id=found.id)}
        moved = [row.movement_id for row in rows.values() if row.movement_id is not None]
        await cancel(work, _document(found, bought), moved, reason=reason)
        found.status = PostedStatus.CANCELLED
        found.cancelled_at, found.cancelled_by_id, found.cancel_reason = clock.now(), actor.id, reason
        found.touch()
        await found.save()
        lines = [line for line in bought.lines if line.id in rows]
        await _count(work, bought, lines, [-rows[line.id].amount_minor for line in lines])
        await keep(work, bought, PurchaseChange.LANDED_COST_CANCELLED, bought.purchase.status)
    return Landed(found, bought.purchase)


def _weight(line: PurchaseLine, allocate_by: AllocateBy) -> int:
    """By what a line takes its share: what all that came of it cost, or how much came."""
    if allocate_by is AllocateBy.QUANTITY:
        return to_thousandths(line.received_quantity)
    value: int = line.amount_minor
    return value


def _legs(bought: Bought, parts: Sequence[int]) -> list[Leg]:
    return [
        Leg(
            item_id=line.item_id,
            warehouse_id=bought.purchase.warehouse_id,
            kind=MovementKind.LANDED_COST,
            quantity=Decimal(0),
            value_minor=part,
            source_id=line.movement_id,
            line_no=line.line_no,
            field=("input", "amount"),
        )
        for line, part in zip(bought.received, parts, strict=True)
        if part
    ]


async def _made(actor: Actor, bought: Bought, amount_minor: int, description: str, allocate_by: AllocateBy) -> LandedCost:
    purchase, moment = bought.purchase, clock.now()
    made = LandedCost(
        id=new_id(),
        purchase_id=purchase.id,
        branch_id=purchase.branch_id,
        status=PostedStatus.POSTED,
        description=description,
        currency=purchase.currency,
        amount_minor=amount_minor,
        allocate_by=allocate_by,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    await made.save(force_create=True)
    return await LandedCost.get(id=made.id)


async def _save_shares(made: LandedCost, lines: Sequence[PurchaseLine], parts: Sequence[int], legs: Sequence[Leg]) -> None:
    moved = {leg.line_no: leg.id for leg in legs}
    await LandedCostShare.bulk_create(
        [
            LandedCostShare(
                id=new_id(),
                landed_cost_id=made.id,
                purchase_line_id=line.id,
                amount_minor=part,
                movement_id=moved.get(line.line_no),
            )
            for line, part in zip(lines, parts, strict=True)
        ]
    )


async def _count(work: Work, bought: Bought, lines: Sequence[PurchaseLine], parts: Sequence[int]) -> None:
    """Count shares into the purchase and its lines, or out of them."""
    for line, part in zip(lines, parts, strict=True):
        line.landed_minor += part
    bought.purchase.landed_minor += sum(parts)
    await work.execute(
        """update mill_purchase_line l set landed_minor = s.amount
           from unnest($1::uuid[], $2::bigint[]) as s (id, amount) where l.id = s.id""",
        [line.id for line in lines],
        [line.landed_minor for line in lines],
    )


def _document(made: LandedCost, bought: Bought) -> Document:
    return Document(
        kind=DocumentKind.LANDED_COST,
        id=made.id,
        number=made.number,
        branch_id=made.branch_id,
        description=f"{made.description}, for purchase {bought.purchase.number}",
    )
