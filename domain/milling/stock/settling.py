"""The end of every act on stock: derived rows are written, the books follow, alerts are raised, and it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.kit.money import Money
from domain.kit.unit_of_work import Work
from domain.ledger.service import Reference
from domain.milling import settings
from domain.milling.accounts import Side, overhead_absorbed
from domain.milling.rules import BinKey, Movement, Posting
from domain.milling.states import MovementKind
from domain.milling.stock import alerts, telling, writing
from domain.milling.stock.documents import Booked, Document, Leg, Moved, quantity_of
from domain.milling.stock.journal import REVALUED, Journal, amounts_of, difference
from domain.milling.stock.locking import Bin, lock_bins
from domain.milling.stock.outcome import Outcome
from domain.milling.stock.production_costs import follow_costs

MILLED: Final = frozenset(
    {MovementKind.PRODUCTION_CONSUME, MovementKind.PRODUCTION_OUTPUT, MovementKind.PRODUCTION_BY_PRODUCT}
)
"""Movements of productions, whose pool has the id of the production."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What a document does: its movements, its other sides, and the days that they are of."""

    legs: Sequence[Leg]
    movements: Sequence[Movement]
    at: datetime
    sides: Sequence[Side]
    overhead: Mapping[UUID, int]
    description: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What is taken back: movements with what they were worth, the other sides, and overheads of pools."""

    movements: Sequence[tuple[Movement, Posting, int]]
    sides: Sequence[Side]
    overhead: Mapping[UUID, int]


async def settle_booking(
    work: Work, document: Document, booking: Booking, bins: dict[BinKey, Bin], outcome: Outcome
) -> Booked:
    await _know_all(work, bins, outcome)
    await writing.write(work, outcome, bins)
    own = {movement.id for movement in booking.movements}
    postings = outcome.postings
    kind, day = f"milling.{document.kind.value.lower()}", booking.at.date()
    stated, following = _journal(work, document), _journal(work, document)
    values = stated if booking.on is None or booking.on == day else following
    for movement in booking.movements:
        here = bins[movement.key]
        amounts = amounts_of(movement.kind, here.category, postings[movement.id])
        values.add(kind, booking.description, day, here.branch_id, amounts)
    sides = [*booking.sides, *overhead_absorbed(sum(booking.overhead.values()))]
    stated.add(kind, booking.description, booking.on or day, document.branch_id, sides)
    _revalue(following, document, own, bins, outcome)
    entries = await stated.post()
    entries = await following.post_or_move() | entries
    await alerts.follow(work, bins, outcome)
    moved = [
        _moved(movement, postings[movement.id], leg.line_no, outcome)
        for leg, movement in zip(booking.legs, booking.movements, strict=True)
    ]
    booked = Booked(moved, booking.at, entries.get((kind, document.branch_id)))
    telling.tell(work, document, booked, bins, outcome)
    await follow_costs(work, _productions(document, own, outcome))
    return booked


async def settle_cancelling(
    work: Work, document: Document, cancelling: Cancelling, bins: dict[BinKey, Bin], outcome: Outcome
) -> Booked:
    await _know_all(work, bins, outcome)
    await writing.write(work, outcome, bins)
    kind, description = f"milling.{document.kind.value.lower()}_cancelled", f"Cancelled: {document.description}"
    following = _journal(work, document)
    for movement, posting, _ in cancelling.movements:
        here = bins[movement.key]
        taken_back = amounts_of(movement.kind, here.category, difference(posting, None))
        following.add(kind, description, movement.effective_at.date(), here.branch_id, taken_back)
    last = max(movement.effective_at for movement, *_ in cancelling.movements)
    sides = [*cancelling.sides, *overhead_absorbed(sum(cancelling.overhead.values()))]
    following.add(kind, description, last.date(), document.branch_id, sides)
    _revalue(following, document, set(), bins, outcome)
    entries = await following.post_or_move()
    await alerts.follow(work, bins, outcome)
    moved = [
        _moved(movement, Posting(-posting.quantity, -posting.value, -posting.variance), line_no, outcome)
        for movement, posting, line_no in cancelling.movements
    ]
    booked = Booked(moved, last, entries.get((kind, document.branch_id)))
    telling.tell(work, document, booked, bins, outcome, cancelled=True)
    await follow_costs(work, _productions(document, set(), outcome))
    return booked


async def _know_all(work: Work, bins: dict[BinKey, Bin], outcome: Outcome) -> None:
    """Lock the bins too that joined a walk; nobody else moves anything meanwhile."""
    joined = [key for key in outcome.after if key not in bins]
    if joined:
        bins |= await lock_bins(work, dict.fromkeys(joined, False), alone=True)


def _journal(work: Work, document: Document) -> Journal:
    return Journal(work, Reference(document.kind.value.lower(), document.id))


def _revalue(journal: Journal, document: Document, own: set[UUID], bins: Mapping[BinKey, Bin], outcome: Outcome) -> None:
    """What movements of other documents turned out to be worth more or less, on their days."""
    description = f"Stock revalued by {document.number}"
    for each in outcome.changed:
        movement = each.movement
        if movement.id not in own:
            here = bins[movement.key]
            amounts = amounts_of(movement.kind, here.category, difference(each.before, each.after))
            journal.add(REVALUED, description, movement.effective_at.date(), here.branch_id, amounts)


def _productions(document: Document, own: set[UUID], outcome: Outcome) -> set[UUID]:
    """Other productions whose movements turned out to be worth more or less."""
    changed = (each.movement for each in outcome.changed if each.movement.id not in own)
    pools = {each.pool_id for each in changed if each.kind in MILLED and each.pool_id is not None}
    return pools - {document.id}


def _moved(movement: Movement, posting: Posting, line_no: int, outcome: Outcome) -> Moved:
    return Moved(
        movement_id=movement.id,
        item_id=movement.item_id,
        warehouse_id=movement.warehouse_id,
        kind=movement.kind,
        quantity=quantity_of(posting.quantity),
        value=Money(posting.value, settings.current().currency),
        on_hand=quantity_of(outcome.after[movement.key].state.on_hand),
        line_no=line_no,
        variance=Money(posting.variance, settings.current().currency),
    )
