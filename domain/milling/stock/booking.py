"""Booking a document: its movements are appended, everything that follows from them is found, and all of it is written.

A movement that is the newest of its bin goes the short way: the state that the bin keeps is moved on. A back-dated one is
replayed with all that came after it. Both end in the same rows, as if everything had been replayed from the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import Work
from domain.milling.accounts import Side
from domain.milling.errors import FutureDate, RateRequired
from domain.milling.rules import BinKey, Movement, Short, takes_cost_from
from domain.milling.rules.movements import Position
from domain.milling.states import POOLED, MovementKind
from domain.milling.stock import checking, reserving, settling, writing
from domain.milling.stock.documents import EARLIEST, Booked, Document, Leg, milli
from domain.milling.stock.facts import Kin, kin_of
from domain.milling.stock.locking import Bin, StockMovedMeanwhile, later_than, lock_bins
from domain.milling.stock.outcome import Outcome, at_the_end, from_the_middle
from domain.milling.stock.replaying import CannotBeValued, Replay

NOTHING: Final[Mapping[BinKey, Decimal]] = {}
NO_OVERHEAD: Final[Mapping[UUID, int]] = {}


async def book(
    work: Work,
    document: Document,
    legs: Sequence[Leg],
    *,
    at: datetime | None = None,
    sides: Sequence[Side] = (),
    releases: Mapping[BinKey, Decimal] = NOTHING,
    overhead: Mapping[UUID, int] = NO_OVERHEAD,
    description: str | None = None,
    on: date | None = None,
) -> Booked:
    """Move stock and post it, in the unit of work in progress, in which the document's own row is locked.

    ``at`` is now unless said otherwise; it is assigned when everything is locked, so that the order of moments is the order
    of commits. An earlier one is back-dated: what came after it is replayed and the ledger adjusted. ``sides`` are further
    sides of the document's entry, which balance among themselves. ``releases`` are quantities that this document has
    reserved and uses now; ``overhead`` is cost that pools get besides what they consume, posted here too. ``on`` is the day
    of the sides where it is not that of the movements: a bill that changes what goods have cost is of its own day, and the
    movements are then posted on theirs or, if that is in a closed period, on the first open day after.

    Refuses with INSUFFICIENT_STOCK, ITEM_NOT_IN_WAREHOUSE, WAREHOUSE_CAPACITY_EXCEEDED, ITEM_INACTIVE, WAREHOUSE_CLOSED,
    FUTURE_DATE, RATE_REQUIRED, INVALID_QUANTITY and PERIOD_CLOSED. Call it inside a service function that is ``@retried``.
    """
    checking.require_legs(legs)
    at = _stated(at)
    keys: dict[BinKey, bool] = {}
    for leg in legs:
        keys[leg.bin] = keys.get(leg.bin, False) or leg.comes_in
    keys |= {key: keys.get(key, False) for key in releases}
    alone = at is not None and await _is_back_dated(work, at, legs, keys)
    bins = await lock_bins(work, keys, alone=alone)
    checking.require_places(legs, bins)
    freed = {key: milli(quantity) for key, quantity in releases.items()}
    if not alone:
        checking.require_available(legs, bins, freed)
    await writing.add_overheads(work, document.id, overhead)
    kin = await kin_of(work, legs)
    at = _moment(at, bins, kin, legs, alone=alone)
    movements = await writing.append(work, document, legs, at)
    if alone:
        outcome = await _in_the_middle(work, legs, movements, bins, kin, freed)
    else:
        outcome = _at_the_end(legs, movements, bins, kin)
    checking.require_sane(outcome, legs)
    checking.require_room(legs, outcome, bins)
    await reserving.use_up(work, document.id, freed)
    return await settling.settle_booking(
        work,
        document,
        settling.Booking(legs, movements, at, sides, overhead, description or document.description, on),
        bins,
        outcome,
    )


def _stated(at: datetime | None) -> datetime | None:
    if at is not None:
        assert at.tzinfo is not None, "a moment is an instant"
        at = at.astimezone(UTC)
        if at < EARLIEST:
            raise InvalidInput("there was no stock yet")
        if at > clock.now():
            raise FutureDate("this cannot have happened yet")
    return at


async def _is_back_dated(work: Work, at: datetime, legs: Sequence[Leg], keys: Mapping[BinKey, bool]) -> bool:
    pools = {leg.pool_id for leg in legs if leg.pool_id is not None and leg.kind in POOLED}
    deliveries = {leg.source_id for leg in legs if leg.source_id is not None and leg.kind is MovementKind.SALE_RETURN}
    return await later_than(work, at, keys, pools, deliveries)


def _moment(at: datetime | None, bins: Mapping[BinKey, Bin], kin: Kin, legs: Sequence[Leg], *, alone: bool) -> datetime:
    """When this happens: as stated, else now, and never before what has been booked in these bins."""
    newest = [each.last[0] for each in bins.values() if each.last is not None]
    newest += [each.effective_at for each in kin.movements.values()]
    if at is None:
        return max(clock.now(), *newest) if newest else clock.now()
    sources = {leg.source_id for leg in legs}
    if any(each.id in sources and each.effective_at > at for each in kin.movements.values()):
        raise FutureDate("what this takes its cost from has not happened by then")
    if not alone and newest and at < max(newest):
        raise StockMovedMeanwhile
    return at


def _at_the_end(legs: Sequence[Leg], movements: Sequence[Movement], bins: Mapping[BinKey, Bin], kin: Kin) -> Outcome:
    try:
        return at_the_end(bins, movements, kin)
    except CannotBeValued as unknown:
        raise _rate_required(unknown, legs, bins) from None


async def _in_the_middle(
    work: Work,
    legs: Sequence[Leg],
    movements: Sequence[Movement],
    bins: Mapping[BinKey, Bin],
    kin: Kin,
    freed: Mapping[BinKey, int],
) -> Outcome:
    replay = Replay(work)
    try:
        outcome = await from_the_middle(work, starts_of(movements, kin), replay)
        short = checking.require_held(movements, outcome, bins, freed)
    except CannotBeValued as unknown:
        raise _rate_required(unknown, legs, bins) from None
    except Short as error:
        short = error.movement
    else:
        if short is None:
            return outcome
    culprit = _culprit(movements, short)
    here, stream = bins[culprit.key], replay.streams[culprit.key]
    requested = checking.taken_by(culprit, stream)
    least = checking.least_after(stream, culprit.position, here.reserved - freed.get(culprit.key, 0))
    raise checking.insufficient(here, requested, least + requested, _field_of(culprit, legs))


def starts_of(movements: Sequence[Movement], kin: Kin) -> dict[BinKey, Position]:
    """From where bins have to be walked because of movements that are put in or taken out: from there, and from where
    something later shares a cost with them."""
    starts: dict[BinKey, Position] = {}
    for movement in movements:
        _earlier(starts, movement)
        for other in kin.movements.values():
            if takes_cost_from(other, movement):
                _earlier(starts, other)
    return starts


def _earlier(starts: dict[BinKey, Position], movement: Movement) -> None:
    starts[movement.key] = min(movement.position, starts.get(movement.key, movement.position))


def _culprit(movements: Sequence[Movement], short: Movement) -> Movement:
    """Which of the new movements took what a later one found missing: the last before it in the same bin."""
    earlier = [each for each in movements if each.key == short.key and each.position <= short.position]
    return next((each for each in reversed(earlier) if each.quantity < 0 or each.counted is not None), earlier[-1])


def _rate_required(unknown: CannotBeValued, legs: Sequence[Leg], bins: Mapping[BinKey, Bin]) -> RateRequired:
    here = bins.get(unknown.movement.key)
    what = here.item_name if here is not None else "an item"
    return RateRequired(f"nothing tells what {what} costs; say it", field=_field_of(unknown.movement, legs))


def _field_of(movement: Movement, legs: Sequence[Leg]) -> tuple[str, ...] | None:
    return next((leg.field for leg in legs if leg.id == movement.id), None)
