"""The replay: what every movement is worth, found by walking through movements in the order of (effective_at, seq).

A walk goes over many bins at once, because goods that were transferred, returned, milled or repacked take their cost from
movements of other bins. It starts from nothing, or in the middle of history from states of bins at that place and the
postings of what came before; both ways give the same postings.

Who walks from the middle asks of every movement whether its posting differs from the stored one; if so, the bins of the
movements that take their cost from it have to be walked from there too
(:func:`~domain.milling.rules.movements.takes_cost_from`). These are always later than where the walk is, so they can join it
under way. But a bin that waits to join at one place may turn out to be needed from an earlier place, as long as the walk has
not come there: it joins at the earliest. A movement that is taken out or put in makes the same bins dirty as one whose
posting differs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.milling.rules.movements import GIVEN_BY_POOL, BinKey, Movement, Position, Posting
from domain.milling.rules.rounding import half_up
from domain.milling.rules.valuation import BinState
from domain.milling.states import VALUE_ONLY, CostRule, MovementKind, ValuationMethod


@dataclass(frozen=True, slots=True)
class ItemRule:
    """How an item is valued, and whether more of it may go out than is there."""

    method: ValuationMethod
    may_be_negative: bool = False


class Short(ValueError):
    """A movement takes out more than is there at its moment (``available``), of an item that may not be negative."""

    def __init__(self, movement: Movement, available: int) -> None:
        self.movement = movement
        self.available = available
        super().__init__(f"{-movement.quantity} thousandths go out where {available} are")


class Walk:
    """One replay. Give it movements in order, one by one; it tells the posting of each and keeps the states of the bins.

    ``bins`` are the states at the start; they are copied, and a bin that is not among them starts empty. ``postings`` are
    of movements that are not walked but give a cost to some that are: sources, and members of their pools. ``kin`` are such
    movements themselves as far as a cost is shared among several: all that consume from or give to a pool, and all returns
    of a delivery, wherever they are and in any order; movements that are walked may be among them and need not be.
    ``overheads`` is the cost that was added to a pool besides what it consumed.
    """

    def __init__(
        self,
        items: Mapping[UUID, ItemRule],
        *,
        bins: Mapping[BinKey, BinState] | None = None,
        postings: Mapping[UUID, Posting] | None = None,
        kin: Iterable[Movement] = (),
        overheads: Mapping[UUID, int] | None = None,
    ) -> None:
        self.items = items
        self.bins = {key: state.copy() for key, state in (bins or {}).items()}
        self.postings = dict(postings or {})
        self.overheads = dict(overheads or {})
        self._members: dict[UUID, dict[UUID, Movement]] = {}
        for movement in kin:
            self._remember(movement)

    def open(self, key: BinKey, state: BinState) -> None:
        """A bin joins the walk; its next movement comes after the last one that was applied."""
        self.bins[key] = state.copy()

    def learn(
        self, postings: Mapping[UUID, Posting], kin: Iterable[Movement] = (), overheads: Mapping[UUID, int] | None = None
    ) -> None:
        """More of what the constructor takes, for bins that join. What was walked already is not replaced."""
        for movement_id, posting in postings.items():
            self.postings.setdefault(movement_id, posting)
        for movement in kin:
            self._remember(movement)
        self.overheads |= overheads or {}

    def apply(self, movement: Movement) -> Posting:
        """The posting of the next movement. Raises Short or RateUnknown, and then nothing has changed."""
        state = self.bins.get(movement.key)
        if state is None:
            state = BinState(self.items[movement.item_id].method)
        posting = self._move(state, movement)
        self.bins[movement.key] = state
        self.postings[movement.id] = posting
        self._remember(movement)
        return posting

    def _move(self, state: BinState, movement: Movement) -> Posting:
        quantity = movement.quantity
        if movement.kind is MovementKind.COUNT:
            assert movement.counted is not None
            return state.count(movement.counted, movement.value, movement.id)
        if movement.kind in VALUE_ONLY:
            assert movement.source_id is not None and movement.value is not None
            return state.revalue(movement.source_id, self.postings[movement.source_id].quantity, movement.value)
        if quantity > 0:
            return state.receive(quantity, self._cost(state, movement), movement.id)
        if state.on_hand + quantity < 0 and not self.items[movement.item_id].may_be_negative:
            raise Short(movement, state.on_hand)
        if movement.kind is MovementKind.PURCHASE_RETURN:
            return state.return_to_supplier(-quantity, movement.source_id)
        return state.issue(-quantity)

    def _cost(self, state: BinState, movement: Movement) -> int:
        """What incoming goods cost in total: as stated, as given by another movement, else at the rate of what is here."""
        if movement.value is not None:
            return movement.value
        if movement.kind is MovementKind.TRANSFER_IN and movement.source_id is not None:
            return -self.postings[movement.source_id].value
        if movement.kind is MovementKind.SALE_RETURN and movement.source_id is not None:
            if state.method is ValuationMethod.FIFO or state.rate is None:
                return self._returned_cost(movement, movement.source_id)
        elif movement.kind in GIVEN_BY_POOL and movement.pool_id is not None:
            return self._pool_cost(movement, movement.pool_id)
        return state.worth(movement.quantity)

    def _returned_cost(self, movement: Movement, delivery_id: UUID) -> int:
        """The part of what went out with the delivery. All returns together bring back exactly all of it."""
        delivery = self.postings[delivery_id]
        returned = sum(other.quantity for other in self._earlier(delivery_id, movement.position))
        upto = half_up(-delivery.value * (returned + movement.quantity), -delivery.quantity)
        return upto - half_up(-delivery.value * returned, -delivery.quantity)

    def _pool_cost(self, movement: Movement, pool_id: UUID) -> int:
        """By-products take a fixed amount or a share of all costs, at most what is left; the main output takes the rest."""
        costs = [self.postings[other.id].cost for other in self._earlier(pool_id, movement.position)]
        overhead = self.overheads.get(pool_id, 0)
        left = max(overhead - sum(costs), 0)
        if movement.cost_rule is CostRule.FIXED:
            return min(movement.cost_value or 0, left)
        if movement.cost_rule is CostRule.SHARE:
            total = overhead - sum(cost for cost in costs if cost < 0)
            return min(half_up(total * (movement.cost_value or 0), 10_000), left)
        return left

    def _earlier(self, shared_id: UUID, position: Position) -> list[Movement]:
        return [other for other in self._members.get(shared_id, {}).values() if other.position < position]

    def _remember(self, movement: Movement) -> None:
        """Movements that share a cost: by their pool, or by the delivery that they return from."""
        shared_id = movement.source_id if movement.kind is MovementKind.SALE_RETURN else movement.pool_id
        if shared_id is not None:
            self._members.setdefault(shared_id, {})[movement.id] = movement


def in_order(*streams: Iterable[Movement]) -> Iterator[Movement]:
    """Movements of several bins, each stream in order, as one stream in the order of replay."""
    return heapq.merge(*streams, key=lambda movement: movement.position)


def replay(
    items: Mapping[UUID, ItemRule], movements: Iterable[Movement], overheads: Mapping[UUID, int] | None = None
) -> Walk:
    """All of history from nothing. Movements come in any order; the walk has their postings and the bins at the end."""
    walk = Walk(items, overheads=overheads)
    for movement in sorted(movements, key=lambda movement: movement.position):
        walk.apply(movement)
    return walk


def spare(on_hand: int, later: Iterable[Movement]) -> int:
    """How much could still be taken out of a bin at a moment without any later moment falling below zero.

    ``on_hand`` is what is there at the moment, ``later`` the movements of the bin after it, in order. A count ends the
    search: what was found there was found, whatever went out before.
    """
    least = on_hand
    for movement in later:
        if movement.kind is MovementKind.COUNT:
            break
        on_hand += movement.quantity
        least = min(least, on_hand)
    return max(least, 0)
