"""Bills of materials: how an item is made. A production keeps the lines that it was planned with, whatever changes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import settings
from domain.milling.errors import BomNotFound, BomTaken
from domain.milling.events import BomChanged, BomFigures
from domain.milling.models import Bom, BomLine, Item
from domain.milling.recipes import RecipeLine
from domain.milling.service.desk import (
    MAX_NAME,
    change_of,
    changed,
    code,
    line,
    prose,
    refusals_at,
    refusals_of_tables,
    require_version,
)
from domain.milling.service.items import NewItem, item_for
from domain.milling.service.recipes import (
    ByProduct,
    Ingredient,
    read_by_products,
    read_inputs,
    read_overhead,
    require_recipe,
)
from domain.milling.states import LineRole, RecordChange
from domain.milling.units import in_base_unit, units_of

_TABLES: Final = {"mill_bom_code_is_unique": lambda: BomTaken("another bill of materials has this code")}


@dataclass(frozen=True, kw_only=True)
class NewBom:
    """What is said of a bill of materials: what goes in, and what else comes out, for ``quantity`` of the item."""

    code: str
    name: str
    quantity: Decimal
    inputs: Sequence[Ingredient]
    item_id: UUID | None = None
    new_item: NewItem | None = None
    unit: str | None = None
    by_products: Sequence[ByProduct] = ()
    overhead: Money | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BomChanges:
    """What is to be different; None stays as it is. Inputs and by-products are replaced as a whole."""

    name: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    inputs: Sequence[Ingredient] | None = None
    by_products: Sequence[ByProduct] | None = None
    overhead: Money | None = None
    note: str | None = None
    active: bool | None = None


@retried
async def create_bill_of_materials(actor: Actor, *, bom: NewBom) -> Bom:
    """A new bill of materials. An item that is not known yet is made, as FINISHED unless said otherwise.

    Refuses with BOM_TAKEN when another has its code, and INVALID_BOM what is made of itself.
    """
    actor.require(Permission.MILL_MANAGE)
    said = {
        "code": code(bom.code),
        "name": line(bom.name, MAX_NAME, "name"),
        "note": prose(bom.note, "note"),
        "overhead_minor": 0 if bom.overhead is None else read_overhead(bom.overhead, "input", "overhead"),
    }
    async with unit_of_work() as work:
        with refusals_at(("input",), new="newItem" if bom.new_item else None):
            item = await item_for(work, actor, item_id=bom.item_id, new_item=bom.new_item)
        lines = await read_inputs(bom.inputs) + await read_by_products(work, actor, bom.by_products)
        require_recipe(item, lines)
        made = await _written(actor, item, await _quantity(item, bom.quantity, bom.unit), said)
        await _write_lines(made, lines)
        await _tell(work, made, RecordChange.CREATED)
    return made


@retried
async def update_bill_of_materials(
    actor: Actor, *, bom_id: UUID, changes: BomChanges, expected_version: int | None = None
) -> Bom:
    """Change what is said of a bill of materials; what is made, and the code, stay. No change at all makes no version."""
    actor.require(Permission.MILL_MANAGE)
    async with unit_of_work() as work:
        bom = await _locked(bom_id)
        require_version(bom, expected_version)
        item = await Item.get(id=bom.item_id)
        wanted = changed(bom, await _columns(item, changes))
        lines = await _lines(work, actor, bom, item, changes)
        if not wanted and lines is None:
            return bom
        bom.update_from_dict(wanted)
        bom.touch()
        await bom.save()
        if lines is not None:
            await BomLine.filter(bom_id=bom.id).delete()
            await _write_lines(bom, lines)
        await _tell(work, bom, change_of(wanted))
    return bom


async def _columns(item: Item, changes: BomChanges) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if changes.name is not None:
        columns["name"] = line(changes.name, MAX_NAME, "name")
    if changes.note is not None:
        columns["note"] = prose(changes.note, "note")
    if changes.quantity is not None:
        columns["output_quantity"] = await _quantity(item, changes.quantity, changes.unit)
    if changes.overhead is not None:
        columns["overhead_minor"] = read_overhead(changes.overhead, "input", "overhead")
    if changes.active is not None:
        columns["active"] = changes.active
    return columns


async def _lines(work: Work, actor: Actor, bom: Bom, item: Item, changes: BomChanges) -> list[RecipeLine] | None:
    """All lines as they are to be; None when nothing is said of them, or the same as stands there."""
    if changes.inputs is None and changes.by_products is None:
        return None
    standing = await BomLine.filter(bom_id=bom.id).order_by("line_no")
    items = {each.id: each for each in await Item.filter(id__in=[row.item_id for row in standing])}
    kept = {role: [_as_read(row, items) for row in standing if row.role is role] for role in LineRole}
    if changes.inputs is not None:
        kept[LineRole.INPUT] = await read_inputs(changes.inputs)
    if changes.by_products is not None:
        kept[LineRole.BY_PRODUCT] = await read_by_products(work, actor, changes.by_products)
    lines = kept[LineRole.INPUT] + kept[LineRole.BY_PRODUCT]
    require_recipe(item, lines)
    return None if lines == [_as_read(row, items) for row in standing] else lines


def _as_read(row: BomLine, items: Mapping[UUID, Item]) -> RecipeLine:
    return RecipeLine(
        role=row.role,
        item=items[row.item_id],
        unit=row.unit,
        quantity=row.quantity,
        base=row.base_quantity,
        cost_rule=row.cost_rule,
        cost_value=row.cost_value,
    )


async def _quantity(item: Item, quantity: Decimal, unit: str | None) -> Decimal:
    return in_base_unit(item, (await units_of([item.id]))[item.id], quantity, unit)


async def _written(actor: Actor, item: Item, quantity: Decimal, said: Mapping[str, Any]) -> Bom:
    moment = clock.now()
    with refusals_of_tables(_TABLES):
        return await Bom.create(
            id=new_id(),
            item_id=item.id,
            output_quantity=quantity,
            currency=settings.current().currency,
            created_by_id=actor.id,
            created_at=moment,
            updated_at=moment,
            **said,
        )


async def _write_lines(bom: Bom, lines: Sequence[RecipeLine]) -> None:
    await BomLine.bulk_create(
        BomLine(
            id=new_id(),
            bom_id=bom.id,
            line_no=number,
            role=each.role,
            item_id=each.item.id,
            unit=each.unit,
            quantity=each.quantity,
            base_quantity=each.base,
            cost_rule=each.cost_rule,
            cost_value=each.cost_value,
        )
        for number, each in enumerate(lines, start=1)
    )


async def _locked(bom_id: UUID) -> Bom:
    bom = await Bom.filter(id=bom_id).select_for_update(no_key=True).get_or_none()
    if bom is None:
        raise BomNotFound
    return bom


async def _tell(work: Work, bom: Bom, change: RecordChange) -> None:
    work.record(BomChanged(bom=BomFigures.of(bom), change=change))
