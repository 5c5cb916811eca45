"""Tales of stock made up by hypothesis: any movements over a few items, warehouses and days that a mill could book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from domain.milling.rules import ItemRule, Movement, RateUnknown, Short, Walk, replay
from domain.milling.states import CostRule, MovementKind, ValuationMethod
from tests.domain.milling.rules.factory import DAY_0, named

ITEMS: Final = ("wheat", "flour")
PLACES: Final = ("A", "B")
DAYS: Final = 5
K = MovementKind

Draw = Callable[[st.SearchStrategy[Any]], Any]


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


@st.composite
def tales(draw: Draw, *, most: int = 14, negative: bool | None = None) -> Told:
    items = {
        named(item): ItemRule(draw(st.sampled_from(ValuationMethod)), draw(st.booleans()) if negative is None else negative)
        for item in ITEMS
    }
    told = Told(items, [], {named("run"): draw(st.integers(0, 500))})
    for _ in range(draw(st.integers(1, most))):
        more = _more(draw, told)
        if more and told.possible([*told.movements, *more]):
            told.movements += more
    return told


def _more(draw: Draw, told: Told) -> list[Movement]:
    """One or two movements that belong together; none where there is nothing that they could be about."""
    kind = draw(st.sampled_from([K.PURCHASE_RECEIPT, K.PURCHASE_RECEIPT, K.SALE_DELIVERY, *K]))
    what: dict[str, Any] = {
        "seq": len(told.movements) + 1,
        "item_id": named(draw(st.sampled_from(ITEMS))),
        "warehouse_id": named(draw(st.sampled_from(PLACES))),
        "effective_at": DAY_0 + timedelta(days=draw(st.integers(0, DAYS))),
        "kind": kind,
    }
    what["id"] = UUID(int=what["seq"])
    quantity = draw(st.integers(1, 40))
    value = draw(st.none() | st.integers(0, 300))
    if kind in (K.TRANSFER_OUT, K.TRANSFER_IN):
        return _transfer(what, quantity)
    if kind in (K.SALE_RETURN, K.PURCHASE_RETURN, K.LANDED_COST, K.BILL_DIFFERENCE):
        return _about(draw, told, what, quantity)
    if kind is K.COUNT:
        return [Movement(**what, counted=quantity - 1, value=value)]
    if kind in (K.PRODUCTION_CONSUME, K.REPACK_OUT):
        return [Movement(**what, quantity=-quantity, pool_id=named("run"))]
    if kind in (K.PRODUCTION_OUTPUT, K.PRODUCTION_BY_PRODUCT, K.REPACK_IN):
        cost = {"cost_rule": draw(st.sampled_from(CostRule)), "cost_value": draw(st.integers(0, 6000))}
        return [Movement(**what, quantity=quantity, pool_id=named("run"), **cost)]
    if kind in (K.SALE_DELIVERY, K.ISSUE):
        return [Movement(**what, quantity=-quantity)]
    return [Movement(**what, quantity=quantity, value=value)]


def _transfer(what: dict[str, Any], quantity: int) -> list[Movement]:
    out = Movement(**what | {"kind": K.TRANSFER_OUT}, quantity=-quantity)
    other = next(place for place in PLACES if named(place) != out.warehouse_id)
    return [out, replace(out, id=UUID(int=out.seq + 1), seq=out.seq + 1, warehouse_id=named(other), kind=K.TRANSFER_IN,
                         quantity=quantity, source_id=out.id)]  # fmt: skip


def _about(draw: Draw, told: Told, what: dict[str, Any], quantity: int) -> list[Movement]:
    """A movement that is about an earlier one: a return, or a cost that became known later."""
    wanted = K.SALE_DELIVERY if what["kind"] is K.SALE_RETURN else K.PURCHASE_RECEIPT
    sources = [movement for movement in told.movements if movement.kind is wanted]
    if not sources:
        return []
    source = draw(st.sampled_from(sources))
    what |= {"item_id": source.item_id, "source_id": source.id}
    if what["kind"] is K.SALE_RETURN:
        returned = sum(movement.quantity for movement in told.movements if movement.source_id == source.id)
        quantity = min(quantity, -source.quantity - returned)
        later = max(what["effective_at"], source.effective_at)
        return [Movement(**what | {"effective_at": later}, quantity=quantity)] if quantity > 0 else []
    what["warehouse_id"] = source.warehouse_id
    if what["kind"] is K.PURCHASE_RETURN:
        return [Movement(**what | {"effective_at": max(what["effective_at"], source.effective_at)}, quantity=-quantity)]
    return [Movement(**what | {"effective_at": source.effective_at}, value=draw(st.integers(-200, 200)))]
