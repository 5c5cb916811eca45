"""What a purchase is made of: its supplier, its warehouse, and lines of items that may be new to the mill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.kit.unit_of_work import Work
from domain.milling import units
from domain.milling.models import PurchaseLine
from domain.milling.rules.quantities import price
from domain.milling.service.desk import refusals_at
from domain.milling.service.items import NewItem, item_for
from domain.milling.service.money import minor_of
from domain.milling.service.purchase_desk import LINES, MAX_LINES

MILLI: Final = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class OrderedLine:
    """What is ordered: an item, or a new one; how much of it, in which unit (its base unit when None); at which price for
    one unit, or for which amount altogether."""

    quantity: Decimal
    item_id: UUID | None = None
    new_item: NewItem | None = None
    unit: str | None = None
    unit_price: Money | None = None
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class NewPurchase:
    """What is said of a purchase. ``new_supplier`` is by the columns of a supplier."""

    warehouse_id: UUID
    lines: Sequence[OrderedLine]
    supplier_id: UUID | None = None
    new_supplier: Mapping[str, Any] | None = None
    reference: str = ""
    note: str = ""
    expected_on: date | None = None


async def lines_of_order(work: Work, actor: Actor, purchase_id: UUID, ordered: Sequence[OrderedLine]) -> list[PurchaseLine]:
    """The lines of a purchase, not saved yet; items that are new come into being."""
    if not 1 <= len(ordered) <= MAX_LINES:
        raise InvalidInput(f"a purchase has 1 to {MAX_LINES} lines", field=LINES)
    items = []
    for index, line in enumerate(ordered):
        with refusals_at((*LINES, str(index)), new="newItem" if line.new_item else None):
            items.append(await item_for(work, actor, item_id=line.item_id, new_item=line.new_item))
    known = await units.units_of([item.id for item in items])
    lines = []
    for index, (line, item) in enumerate(zip(ordered, items, strict=True)):
        field = (*LINES, str(index))
        base = units.in_base_unit(item, known[item.id], line.quantity, line.unit, field=field)
        lines.append(
            PurchaseLine(
                id=new_id(),
                purchase_id=purchase_id,
                line_no=index + 1,
                item_id=item.id,
                item_name=item.name,
                unit=item.base_unit if line.unit is None else units.unit_name(line.unit),
                quantity=_three_places(line.quantity, field),
                base_quantity=base,
                unit_price_minor=line.unit_price and minor_of(line.unit_price, *field, "unitPrice"),
                amount_minor=_amount(line, field),
            )
        )
    return lines


def _three_places(quantity: Decimal, field: tuple[str, ...]) -> Decimal:
    """As people said it: kept to thousandths of the unit it was said in."""
    kept = quantity.quantize(MILLI)
    if kept != quantity:
        raise InvalidInput("this takes at most 3 decimals", field=(*field, "quantity"))
    return kept


def _amount(line: OrderedLine, field: tuple[str, ...]) -> int:
    if (line.unit_price is None) == (line.amount is None):
        raise InvalidInput("say the price of one unit, or the amount of the line", field=(*field, "unitPrice"))
    if line.amount is not None:
        return minor_of(line.amount, *field, "amount")
    assert line.unit_price is not None
    unit_price = minor_of(line.unit_price, *field, "unitPrice")
    amount = price(line.quantity, Decimal(unit_price))
    if not 0 < amount <= MAX_AMOUNT_MINOR:
        raise InvalidInput("this is too little or too much to be bought", field=(*field, "quantity"))
    return amount
