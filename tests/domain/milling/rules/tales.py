"""Tales of stock made up by hypothesis: any movements over a few items, warehouses and days that a mill could book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from domain.milling.rules import ItemRule, Movement, RateUnknown, Short, Walk, replay
from domain.milling.rules.movements import GIVEN_BY_POOL
from domain.milling.states import CostRule, MovementKind, ValuationMethod
from tests.domain.milling.rules.factory import DAY_0, named

ITEMS: Final = ("wheat", "flour")
PLACES: Final = ("A", "B", "C")
DAYS: Final = 5
K = MovementKind

KINDS: Final = [*[kind for kind in K if kind is not K.TRANSFER_IN], *[K.SALE_DELIVERY, K.SALE_RETURN, K.TRANSFER_OUT] * 3]


@dataclass
class Told:
    """A tale in which every movement was possible."""

    items: dict[UUID, ItemRule]
    movements: list[Movement]
    overheads: dict[UUID, int]

    def walk(self, movements: list[Movement] | None = None) -> Walk:
        return replay(self.items, self.movements if movements is None else movements, self.overheads)

    def possible(self, movements: list[Movement]) -> bool:
        try:
            self.walk(movements)
        except (Short, RateUnknown, KeyError):
            return False
        return True


def tales(*, most: int = 45, negative: bool | None = None) -> st.SearchStrategy[Told]:
    """Tales of up to ``most`` movements. They are drawn from a seed: what was drawn bit by bit came out short."""
    return st.builds(lambda seed: _told(Random(seed), most, negative), st.integers(0, 2**32))


def _told(draw: Random, most: int, negative: bool | None) -> Told:
    items = {
        named(item): ItemRule(draw.choice(list(ValuationMethod)), draw.random() < 0.4 if negative is None else negative)
        for item in ITEMS
    }
    told = Told(items, [], {named("run"): draw.choice([0, draw.randint(1, 500)])})
    for _ in range(draw.randint(most // 3, most)):
        more = _more(draw, told)
        if more and told.possible([*told.movements, *more]):
            told.movements += more
    return told


def _more(draw: Random, told: Told) -> list[Movement]:
    """One or two movements that belong together; none where there is nothing that they could be about."""
    few = len(told.movements) < len(ITEMS) * len(PLACES)
    kind = K.PURCHASE_RECEIPT if few and draw.random() < 0.8 else draw.choice(KINDS)
    quantity = draw.randint(1, 40)
    value = draw.choice([None, draw.randint(0, 300)])
    what: dict[str, Any] = {
        "seq": len(told.movements) + 1,
        "item_id": named(draw.choice(ITEMS)),
        "warehouse_id": named(draw.choice(PLACES)),
        "effective_at": DAY_0 + timedelta(days=draw.randint(0, 1 if few else DAYS)),
        "kind": kind,
    }
    what["id"] = UUID(int=what["seq"])
    if kind is K.TRANSFER_OUT:
        return _transfer(draw, what, quantity)
    if kind in (K.SALE_RETURN, K.PURCHASE_RETURN, K.LANDED_COST, K.BILL_DIFFERENCE):
        return _about(draw, told, what, quantity)
    if kind is K.COUNT:
        return [Movement(**what, counted=quantity - 1, value=value)]
    if kind in (K.PRODUCTION_CONSUME, K.REPACK_OUT):
        return [Movement(**what, quantity=-quantity, pool_id=named("run"))]
    if kind in GIVEN_BY_POOL:
        rule, cost = draw.choice(list(CostRule)), draw.randint(0, 6000)
        return [Movement(**what, quantity=quantity, pool_id=named("run"), cost_rule=rule, cost_value=cost)]
    if kind in (K.SALE_DELIVERY, K.ISSUE):
        return [Movement(**what, quantity=-quantity)]
    return [Movement(**what, quantity=quantity, value=draw.randint(0, 300) if few else value)]


def _transfer(draw: Random, what: dict[str, Any], quantity: int) -> list[Movement]:
    out = Movement(**what, quantity=-quantity)
    number = out.seq + 1
    place = draw.choice([named(place) for place in PLACES if named(place) != out.warehouse_id])
    into = {"id": UUID(int=number), "seq": number, "kind": K.TRANSFER_IN, "warehouse_id": place, "source_id": out.id}
    return [out, Movement(**what | into, quantity=quantity)]


def _about(draw: Random, told: Told, what: dict[str, Any], quantity: int) -> list[Movement]:
    """A movement that is about an earlier one: a return, or a cost that became known later."""
    wanted = K.SALE_DELIVERY if what["kind"] is K.SALE_RETURN else K.PURCHASE_RECEIPT
    sources = [movement for movement in told.movements if movement.kind is wanted]
    if not sources:
        return []
    source = draw.choice(sources)
    later = max(what["effective_at"], source.effective_at)
    what |= {"item_id": source.item_id, "source_id": source.id, "effective_at": later}
    if what["kind"] is K.SALE_RETURN:
        back = sum(movement.quantity for movement in told.movements if movement.source_id == source.id)
        quantity = min(draw.randint(1, 8), -source.quantity - back)
        return [Movement(**what, quantity=quantity)] if quantity > 0 else []
    what["warehouse_id"] = source.warehouse_id
    if what["kind"] is K.PURCHASE_RETURN:
        return [Movement(**what, quantity=-quantity)]
    return [Movement(**what | {"effective_at": source.effective_at}, value=draw.randint(-200, 200))]
