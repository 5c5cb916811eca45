"""What holds of all stock, whatever happened to it."""

from __future__ import annotations

import heapq
import json
from collections import deque
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.milling.rules import BinKey, BinState, Movement, Posting, Walk, in_order, takes_cost_from
from domain.milling.rules.movements import Position
from domain.milling.states import CostRule, MovementKind, ValuationMethod
from tests.domain.milling.rules.factory import Tale, bin_of
from tests.domain.milling.rules.tales import Told, tales

FEW = settings(max_examples=60, deadline=None)


@FEW
@given(tales())
def test_the_postings_of_a_bin_are_its_balance(told: Told) -> None:
    walk = told.walk()
    for key, state in walk.bins.items():
        postings = [walk.postings[movement.id] for movement in told.movements if movement.key == key]
        assert state.on_hand == sum(posting.quantity for posting in postings) == sum(layer[0] for layer in state.layers)
        assert state.value == sum(posting.value for posting in postings)


@FEW
@given(tales())
def test_nothing_on_hand_is_worth_nothing_and_something_never_less(told: Told) -> None:
    walk = Walk(told.items, overheads=told.overheads)
    for movement in in_order(sorted(told.movements, key=lambda movement: movement.position)):
        walk.apply(movement)
        state = walk.bins[movement.key]
        assert state.value == 0 or state.on_hand != 0
        assert state.on_hand >= 0 or told.items[movement.item_id].may_be_negative
        assert state.value * state.on_hand >= 0
        assert len(state.layers) <= 1 or state.method is ValuationMethod.FIFO


@FEW
@given(tales())
def test_a_transfer_and_a_stated_cost_are_kept_whole(told: Told) -> None:
    walk = told.walk()
    for movement in told.movements:
        posting = walk.postings[movement.id]
        if movement.kind is MovementKind.TRANSFER_IN and movement.source_id is not None:
            assert posting.cost == -walk.postings[movement.source_id].value
        elif movement.value is not None and movement.kind is not MovementKind.COUNT:
            assert posting.cost == movement.value
        elif posting.quantity < 0:
            assert posting.variance == 0 and posting.value <= 0


@FEW
@given(tales())
def test_a_pool_gives_what_it_took_and_no_more(told: Told) -> None:
    walk = told.walk()
    members = [movement for movement in sorted(told.movements, key=lambda each: each.position) if movement.pool_id]
    left = sum(told.overheads.values())
    for movement in members:
        cost = walk.postings[movement.id].cost
        left -= cost
        assert left >= 0
        if cost >= 0 and movement.quantity > 0 and movement.cost_rule is CostRule.REST:
            assert left == 0


@FEW
@given(tales(), st.data())
def test_to_cancel_is_never_to_have_been(told: Told, data: st.DataObject) -> None:
    """Both ways round: taken out of history by a repair from the middle, or put in late."""
    gone = _some_movement(told, data)
    kept = [movement for movement in told.movements if movement not in gone]
    if not told.possible(kept):
        return
    never, ever = told.walk(kept), told.walk()
    assert _repaired(told, told.movements, ever.postings, kept, gone) == {
        movement.id: never.postings[movement.id] for movement in kept
    }
    assert _repaired(told, kept, never.postings, told.movements, gone) == ever.postings


@FEW
@given(tales(), st.data())
def test_a_walk_from_the_middle_is_the_walk_from_the_start(told: Told, data: st.DataObject) -> None:
    ordered = sorted(told.movements, key=lambda movement: movement.position)
    cut = data.draw(st.integers(0, len(ordered)))
    before, whole = told.walk(ordered[:cut]), told.walk()
    stored = {key: BinState.from_json(json.loads(json.dumps(state.to_json()))) for key, state in before.bins.items()}
    assert stored == before.bins
    walk = Walk(told.items, bins=stored, postings=before.postings, kin=ordered, overheads=told.overheads)
    for movement in ordered[cut:]:
        walk.apply(movement)
    assert walk.postings == whole.postings
    assert walk.bins == whole.bins


def _some_movement(told: Told, data: st.DataObject) -> list[Movement]:
    """A movement that nothing refers to, with what cannot be without it."""
    last = data.draw(st.sampled_from(told.movements)) if told.movements else None
    return [movement for movement in told.movements if last and last.id in (movement.id, movement.source_id)]


def _repaired(
    told: Told, history: list[Movement], stored: dict[UUID, Posting], changed: list[Movement], differing: list[Movement]
) -> dict[UUID, Posting]:
    """The postings of a changed history, found from those of the old one by walking only the bins that it touches."""
    postings = {movement.id: stored[movement.id] for movement in changed if movement.id in stored}
    walk = Walk(told.items, postings=postings, kin=changed, overheads=told.overheads)
    waiting: dict[BinKey, Position] = {}
    open_bins: set[BinKey] = set()
    line: list[tuple[Position, Movement]] = []

    def dirty(key: BinKey, position: Position) -> None:
        if key not in open_bins:
            waiting[key] = min(position, waiting.get(key, position))

    def takers_of(movement: Movement) -> None:
        for taker in changed:
            if takes_cost_from(taker, movement):
                dirty(taker.key, taker.position)

    for movement in differing:
        dirty(movement.key, movement.position)
        takers_of(movement)
    while line or waiting:
        earliest = min(waiting, key=lambda key: waiting[key], default=None)
        if earliest is not None and (not line or waiting[earliest] <= line[0][0]):
            position = waiting.pop(earliest)
            open_bins.add(earliest)
            before = [movement for movement in history if movement.position < position]
            walk.open(earliest, told.walk(before).bins.get(earliest, BinState(told.items[earliest[0]].method)))
            for movement in changed:
                if movement.key == earliest and movement.position >= position:
                    heapq.heappush(line, (movement.position, movement))
        else:
            movement = heapq.heappop(line)[1]
            if walk.apply(movement) != stored.get(movement.id):
                takers_of(movement)
    return {movement.id: walk.postings[movement.id] for movement in changed}


LOTS = st.lists(st.tuples(st.booleans(), st.integers(1, 10**6), st.integers(0, 10**7)), min_size=1, max_size=30)


@FEW
@given(LOTS)
def test_fifo_is_what_exact_fractions_say(lots: list[tuple[bool, int, int]]) -> None:
    """Against a queue of single rates kept as fractions: each issue within a minor unit, all of them together exact."""
    state, queue = BinState(ValuationMethod.FIFO), deque[tuple[int, Fraction]]()
    issued, exact = 0, Fraction(0)
    for incoming, quantity, value in lots:
        if incoming:
            state.receive(quantity, value)
            queue.append((quantity, Fraction(value, quantity)))
        elif quantity <= state.on_hand:
            out = -state.issue(quantity).value
            cost = _taken(queue, quantity)
            issued, exact = issued + out, exact + cost
            assert abs(out - cost) <= 1
        assert abs(issued - exact) <= Fraction(1, 2) + Fraction(len(lots), 10**9)
        assert abs(state.value - sum(quantity * rate for quantity, rate in queue)) <= Fraction(1, 2) + Fraction(
            len(lots), 10**9
        )


def _taken(queue: deque[tuple[int, Fraction]], quantity: int) -> Fraction:
    cost = Fraction(0)
    while quantity:
        here, rate = queue.popleft()
        taken = min(here, quantity)
        cost, quantity = cost + taken * rate, quantity - taken
        if taken < here:
            queue.appendleft((here - taken, rate))
    return cost


@FEW
@given(LOTS)
def test_an_average_is_what_exact_fractions_say(lots: list[tuple[bool, int, int]]) -> None:
    state = BinState(ValuationMethod.MOVING_AVERAGE)
    on_hand, value = 0, Fraction(0)
    for incoming, quantity, cost in lots:
        if incoming:
            state.receive(quantity, cost)
            on_hand, value = on_hand + quantity, value + cost
        elif quantity <= on_hand:
            state.issue(quantity)
            on_hand, value = on_hand - quantity, value - value * quantity / on_hand
        assert abs(state.value - value) <= Fraction(1, 2) + Fraction(len(lots), 10**9)


@FEW
@given(st.lists(st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 10**6))
def test_returning_a_delivery_in_parts_returns_all_of_it(parts: list[int], value: int) -> None:
    tale = Tale()
    tale.receive(sum(parts), total=0)
    tale.movements[0] = replace(tale.movements[0], value=value)
    delivery = tale.issue(sum(parts))
    for part in parts:
        tale.take_back(part, delivery)
    assert tale.walk().bins[bin_of()].value == value


@FEW
@given(tales())
def test_the_order_in_which_history_is_read_does_not_matter(told: Told) -> None:
    assert told.walk(told.movements[::-1]).postings == told.walk().postings
