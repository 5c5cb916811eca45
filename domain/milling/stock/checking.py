"""What is refused before and after a walk: goods that are not there or are held back, places that are closed or full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.money import MAX_AMOUNT_MINOR
from domain.milling.errors import (
    CapacityExceeded,
    InsufficientStock,
    InvalidQuantity,
    ItemInactive,
    ItemNotInWarehouse,
    WarehouseClosed,
)
from domain.milling.rules import BinKey, Movement
from domain.milling.rules.movements import Position
from domain.milling.states import VALUE_ONLY, MovementKind
from domain.milling.stock.documents import MAX_QUANTITY, Leg, milli, quantity_of
from domain.milling.stock.locking import Bin
from domain.milling.stock.outcome import Outcome
from domain.milling.stock.replaying import Stream

MAX_VALUE_MINOR: Final = 100 * MAX_AMOUNT_MINOR
"""What a bin or a movement can be worth: above any amount that somebody states, and sums of many still fit the ledger."""

MAX_ON_HAND: Final = 10**17
"""Thousandths."""

_CORRECTIONS: Final = VALUE_ONLY | {
    MovementKind.COUNT,
    MovementKind.ADJUSTMENT,
    MovementKind.SALE_RETURN,
    MovementKind.PURCHASE_RETURN,
}
"""What may still happen to an item that is not kept any more, and in a warehouse that is closed."""


def require_legs(legs: Sequence[Leg]) -> None:
    """Quantities are finite, have no more decimals than are kept, and fit (INVALID_QUANTITY)."""
    for leg in legs:
        said = leg.counted if leg.kind is MovementKind.COUNT else leg.quantity
        assert said is not None, "a movement says its quantity, a count what it found"
        if not said.is_finite() or abs(said) >= MAX_QUANTITY or said != said.quantize(Decimal("0.001")):
            raise InvalidQuantity("a quantity has at most three decimals and is below a million millions", field=leg.field)
        if leg.kind is MovementKind.COUNT:
            fits = said >= 0 and leg.quantity is None
        else:
            fits = (said == 0) == (leg.kind in VALUE_ONLY)
        if not fits:
            raise InvalidQuantity("nothing would move", field=leg.field)
        assert leg.value_minor is None or abs(leg.value_minor) <= MAX_AMOUNT_MINOR, "an amount was read as one"


def require_places(legs: Sequence[Leg], bins: Mapping[BinKey, Bin]) -> None:
    """What goes out lies there (ITEM_NOT_IN_WAREHOUSE); nothing new happens to what is given up (ITEM_INACTIVE,
    WAREHOUSE_CLOSED)."""
    for leg in legs:
        found = bins.get(leg.bin)
        if found is None or not found.exists:
            raise ItemNotInWarehouse(_where(found), field=leg.field)
        if leg.kind in _CORRECTIONS:
            continue
        if not found.item_active:
            raise ItemInactive(f"{found.item_name} is not kept any more", field=leg.field)
        if not found.warehouse_active:
            raise WarehouseClosed(f"{found.warehouse_name} is closed", field=leg.field)


def require_available(legs: Sequence[Leg], bins: Mapping[BinKey, Bin], releases: Mapping[BinKey, int]) -> None:
    """Each leg finds what it takes, on hand and not held back for others (INSUFFICIENT_STOCK). What was found was found: a
    count is never refused."""
    on_hand: dict[BinKey, int] = {}
    for leg in legs:
        here = bins[leg.bin]
        before = on_hand.get(leg.bin, here.on_hand)
        if leg.kind is MovementKind.COUNT:
            on_hand[leg.bin] = milli(leg.counted or Decimal(0))
            continue
        quantity = milli(leg.quantity or Decimal(0))
        on_hand[leg.bin] = before + quantity
        available = before - here.reserved + releases.get(leg.bin, 0)
        if quantity < 0 and available + quantity < 0 and not here.rule.may_be_negative:
            raise insufficient(here, -quantity, available, leg.field)


def require_reservable(
    wanted: Mapping[BinKey, Decimal], bins: Mapping[BinKey, Bin], fields: Mapping[BinKey, tuple[str, ...]]
) -> None:
    """What is to be held back is there, and not held back already; an item that may be negative can be promised anyway."""
    for key, quantity in wanted.items():
        here = bins.get(key)
        if here is None or not here.exists:
            raise ItemNotInWarehouse(_where(here), field=fields.get(key))
        if not here.item_active:
            raise ItemInactive(f"{here.item_name} is not kept any more", field=fields.get(key))
        if not here.warehouse_active:
            raise WarehouseClosed(f"{here.warehouse_name} is closed", field=fields.get(key))
        if milli(quantity) > here.available and not here.rule.may_be_negative:
            raise insufficient(here, milli(quantity), here.available, fields.get(key))


def require_held(
    changes: Iterable[Movement], outcome: Outcome, bins: Mapping[BinKey, Bin], releases: Mapping[BinKey, int]
) -> Movement | None:
    """The first of the movements after whose walk a bin has less than is held back there, if any."""
    for movement in changes:
        here, after = bins[movement.key], outcome.after[movement.key].state.on_hand
        held = here.reserved - releases.get(movement.key, 0)
        shrank = after < here.on_hand and movement.kind is not MovementKind.COUNT
        if shrank and after < held and not here.rule.may_be_negative:
            return movement
    return None


def taken_by(movement: Movement, stream: Stream) -> int:
    """How much a new movement takes out; a count takes the difference to what was there."""
    if movement.counted is None:
        return -movement.quantity
    on_hand = stream.opening
    for earlier in stream.movements:
        if earlier.position >= movement.position:
            break
        on_hand = earlier.counted if earlier.counted is not None else on_hand + earlier.quantity
    return on_hand - movement.counted


def least_after(stream: Stream, position: Position, held: int) -> int:
    """The least that is on hand from a position on, as the walk has it, less at the end what is held back. A count ends the
    search: what was found there was found."""
    on_hand, least = stream.opening, None
    for movement in stream.movements:
        if movement.position > position:
            least = on_hand if least is None else min(least, on_hand)
            if movement.kind is MovementKind.COUNT:
                return least
        on_hand = movement.counted if movement.counted is not None else on_hand + movement.quantity
    least = on_hand if least is None else min(least, on_hand)
    return min(least, on_hand - held)


def require_room(legs: Sequence[Leg], outcome: Outcome, bins: Mapping[BinKey, Bin]) -> None:
    """Warehouses hold what they are made for (WAREHOUSE_CAPACITY_EXCEEDED)."""
    after = used_after(outcome, bins)
    for leg in legs:
        here = bins[leg.bin]
        if here.used_kg is None or here.capacity_kg is None or leg.kind is MovementKind.COUNT:
            continue
        used = after[leg.warehouse_id]
        if used > here.capacity_kg and used > here.used_kg:
            raise CapacityExceeded(
                capacity=here.capacity_kg,
                used=here.used_kg,
                requested=used - here.used_kg,
                warehouse=here.warehouse_name,
                field=leg.field,
            )


def require_sane(outcome: Outcome, legs: Sequence[Leg] = ()) -> None:
    """What things come to fits into the books (INVALID_QUANTITY): a rate times a large quantity may not."""
    for key, after in outcome.after.items():
        if abs(after.state.value) > MAX_VALUE_MINOR or abs(after.state.on_hand) > MAX_ON_HAND:
            field = next((leg.field for leg in legs if leg.bin == key), None)
            raise InvalidQuantity("this would be more than the books can hold", field=field)
    for each in outcome.changed:
        if max(abs(each.after.value), abs(each.after.variance)) > MAX_VALUE_MINOR:
            field = next((leg.field for leg in legs if leg.id == each.movement.id), None)
            raise InvalidQuantity("this would be worth more than the books can hold", field=field)


def used_after(outcome: Outcome, bins: Mapping[BinKey, Bin]) -> dict[UUID, Decimal]:
    """The kilograms in warehouses, where they are known, after what was walked. Only the worth of bins that have joined
    a walk changes, so those that are not known count for nothing."""
    used = {key[1]: each.used_kg for key, each in bins.items() if each.used_kg is not None}
    for key, after in outcome.after.items():
        here = bins.get(key)
        if here is not None and key[1] in used:
            used[key[1]] += quantity_of(after.state.on_hand - here.on_hand) * here.weight_kg
    return used


def insufficient(here: Bin, requested: int, available: int, field: tuple[str, ...] | None) -> InsufficientStock:
    return InsufficientStock(
        requested=quantity_of(requested),
        available=quantity_of(max(available, 0)),
        item=here.item_name,
        warehouse=here.warehouse_name,
        field=field,
    )


def _where(found: Bin | None) -> str:
    return "the item is not in this warehouse" if found is None else f"{found.item_name} is not in {found.warehouse_name}"
