"""What a sale is made of: who buys, from which warehouse, and lines with their prices and discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.errors import InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import MAX_AMOUNT_MINOR, Money
from domain.milling import units
from domain.milling.errors import (
    CustomerNotFound,
    InvalidDiscount,
    InvalidQuantity,
    ItemInactive,
    ItemNotFound,
    ItemNotInWarehouse,
    PartnerInactive,
    PriceRequired,
)
from domain.milling.models import Customer, Item, SaleLine, StockBin, Warehouse
from domain.milling.rules.pricing import BadDiscount, Discount, PricedLine, priced, with_discount
from domain.milling.rules.quantities import price
from domain.milling.service.desk import MAX_NAME, line
from domain.milling.service.money import minor_of

MAX_LINES: Final = 200
PLACES: Final = 3
OVER_THE_COUNTER: Final = "Over the counter"
LINES: Final = ("input", "lines")

Field = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TakenOff:
    """A discount as it is said: a percentage, or an amount. Neither is none."""

    percent: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class SoldLine:
    """What is sold: how much of an item, in ``unit`` (its base unit when None), at which price for one unit.

    Without a price it is that of the item.
    """

    item_id: UUID
    quantity: Decimal
    unit: str | None = None
    unit_price: Money | None = None
    discount: TakenOff | None = None


@dataclass(frozen=True, kw_only=True)
class NewSale:
    """What is said of a sale: a customer, or the name of somebody at the counter, who need not have one."""

    warehouse_id: UUID
    lines: Sequence[SoldLine]
    customer_id: UUID | None = None
    customer_name: str | None = None
    discount: TakenOff | None = None
    note: str = ""


async def buyer_of(new: NewSale) -> tuple[Customer | None, str]:
    """The customer, if it is one, and the name that goes onto the sale."""
    if new.customer_id is None:
        name = OVER_THE_COUNTER if new.customer_name is None else line(new.customer_name, MAX_NAME, "customerName")
        return None, name
    if new.customer_name is not None:
        raise InvalidInput("name a customer, or somebody at the counter", field=("input", "customerName"))
    customer = await Customer.get_or_none(id=new.customer_id)
    if customer is None:
        raise CustomerNotFound
    if not customer.active:
        raise PartnerInactive(f"the mill does not sell to {customer.name} any more", field=("input", "customerId"))
    return customer, customer.name


async def lines_of_sale(sale_id: UUID, warehouse: Warehouse, new: NewSale) -> list[SaleLine]:
    """The lines of a sale, priced, and not saved yet. What the warehouse does not keep is ITEM_NOT_IN_WAREHOUSE."""
    if not 1 <= len(new.lines) <= MAX_LINES:
        raise InvalidInput(f"a sale has 1 to {MAX_LINES} lines", field=LINES)
    items = {item.id: item for item in await Item.filter(id__in={sold.item_id for sold in new.lines})}
    known = await units.units_of(items.keys())
    here = {row.item_id for row in await StockBin.filter(warehouse_id=warehouse.id, item_id__in=list(items)).only("item_id")}
    lines, parts = [], []
    for place, sold in enumerate(new.lines):
        field = (*LINES, str(place))
        item = _item_of(sold, items, here, warehouse, field)
        made, part = _line(sale_id, place + 1, sold, item, known[item.id], field)
        lines.append(made)
        parts.append(part)
    _put_amounts(lines, _after_discount(parts, new.discount))
    return lines


def _item_of(sold: SoldLine, items: Mapping[UUID, Item], here: Iterable[UUID], warehouse: Warehouse, field: Field) -> Item:
    item = items.get(sold.item_id)
    if item is None:
        raise ItemNotFound(field=(*field, "itemId"))
    if not item.active:
        raise ItemInactive(f"{item.name} is not sold any more", field=(*field, "itemId"))
    if item.id not in here:
        raise ItemNotInWarehouse(f"{item.name} is not in {warehouse.name}", field=(*field, "itemId"))
    return item


def _line(
    sale_id: UUID, line_no: int, sold: SoldLine, item: Item, known: units.Units, field: Field
) -> tuple[SaleLine, PricedLine]:
    base = units.in_base_unit(item, known, sold.quantity, sold.unit, field=field)
    if int(sold.quantity.normalize().as_tuple().exponent) < -PLACES:
        raise InvalidQuantity(f"a quantity has at most {PLACES} decimals", field=(*field, "quantity"))
    unit_price = _price(item, sold, known, field)
    made = SaleLine(
        id=new_id(),
        sale_id=sale_id,
        line_no=line_no,
        item_id=item.id,
        item_name=item.name,
        unit=item.base_unit if sold.unit is None else units.unit_name(sold.unit),
        quantity=sold.quantity,
        base_quantity=base,
        unit_price_minor=unit_price,
    )
    try:
        part = priced(sold.quantity, unit_price, _discount(sold.discount, *field, "discount"))
    except BadDiscount as bad:
        raise InvalidDiscount(str(bad), field=(*field, "discount")) from None
    if part.gross > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amount is too large", field=(*field, "unitPrice"))
    return made, part


def _price(item: Item, sold: SoldLine, known: units.Units, field: Field) -> int:
    """The price of one unit: the one that was said, or the item's for so many base units, rounded half up."""
    if sold.unit_price is not None:
        return minor_of(sold.unit_price, *field, "unitPrice")
    if item.sale_price_minor is None:
        raise PriceRequired(f"{item.name} has no price of its own", field=(*field, "unitPrice"))
    return price(units.factor_of(item, known, sold.unit, field=field), Decimal(item.sale_price_minor))


def _discount(taken_off: TakenOff | None, *field: str) -> Discount:
    if taken_off is None:
        return Discount()
    amount = None if taken_off.amount is None else minor_of(taken_off.amount, *field, "amount")
    return Discount(percent=taken_off.percent, amount_minor=amount)


def _after_discount(parts: Sequence[PricedLine], taken_off: TakenOff | None) -> list[PricedLine]:
    if sum(part.gross for part in parts) > MAX_AMOUNT_MINOR:
        raise InvalidAmount("the amounts of all lines together are too large", field=LINES)
    try:
        return with_discount(parts, _discount(taken_off, "input", "discount"))
    except BadDiscount as bad:
        raise InvalidDiscount(str(bad)) from None


def _put_amounts(lines: Sequence[SaleLine], parts: Sequence[PricedLine]) -> None:
    for made, part in zip(lines, parts, strict=True):
        made.amount_minor, made.discount_minor = part.net, part.discount
