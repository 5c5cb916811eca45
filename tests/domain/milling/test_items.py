"""Items: made once, however many make them at the same time; what stock has moved by stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling import units
from domain.milling.errors import (
    InvalidQuantity,
    ItemContradiction,
    ItemInactive,
    ItemInUse,
    ItemNotFound,
    ItemTaken,
    RecordChanged,
    UnknownUnit,
)
from domain.milling.models import Item, ItemUnit
from domain.milling.queries import catalogue
from domain.milling.service.items import NewItem, create_item, item_for, set_item_unit, update_item
from domain.milling.states import ItemCategory, MovementKind, ValuationMethod
from tests.support.catalogue import a_crew, a_new_item, refused
from tests.support.happenings import events_so_far, names_of_events, nothing_happens
from tests.support.milling import a_warehouse, an_item, booked, issue, leg, stocked
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")


async def units_of(item: Item) -> dict[str, Decimal]:
    return dict((await units.units_of([item.id]))[item.id])


async def test_an_item_is_made_with_its_units() -> None:
    crew = await a_crew()
    said = a_new_item(code=" flour.2 ", name="Maize  flour", units={"Bag  90 KG": Decimal(90)}, reorder_level=Decimal("2.5"))
    made = await create_item(crew.manager, item=said)
    assert (made.code, made.name, made.base_unit, made.weight_kg, made.version) == ("FLOUR.2", "Maize flour", "kg", 1, 1)
    assert await units_of(made) == {"quintal": 100, "tonne": 1000, "bag 90 kg": 90}
    bags = await create_item(crew.manager, item=a_new_item(base_unit="bag", category=ItemCategory.PACKAGING))
    assert (bags.weight_kg, await units_of(bags)) == (0, {})
    told = [each for each in await events_so_far() if each.domain == "milling"]
    assert [(each.name, each.fact.change.value, each.fact.item.code) for each in told] == [
        ("milling.item_changed", "CREATED", made.code),
        ("milling.item_changed", "CREATED", bags.code),
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "-X"}, "code"),
        ({"code": "X" * 31}, "code"),
        ({"code": "MÜHLE"}, "code"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"description": "x" * 501}, "description"),
        ({"base_unit": ""}, "baseUnit"),
        ({"weight_kg": Decimal(-1)}, "weightKg"),
        ({"weight_kg": Decimal("NaN")}, "weightKg"),
        ({"weight_kg": Decimal("0.0000001")}, "weightKg"),
        ({"reorder_level": Decimal(10) ** 18}, "reorderLevel"),
        ({"reorder_level": Decimal("0.0001")}, "reorderLevel"),
        ({"lead_time_days": -1}, "leadTimeDays"),
        ({"units": {"kg": Decimal(1)}}, "units"),
        ({"units": {"bag": Decimal(0)}}, "units"),
        ({"units": {f"u{i}": Decimal(1) for i in range(21)}}, "units"),
    ],
)
async def test_what_is_no_item(said: dict[str, Any], field: str) -> None:
    crew = await a_crew()
    await refused(create_item(crew.manager, item=a_new_item(**said)), InvalidInput, "input", field)


async def test_who_may_make_items() -> None:
    crew = await a_crew()
    await refused(create_item(ANONYMOUS, item=a_new_item()), Unauthenticated)
    for other in (crew.keeper, crew.clerk):
        await refused(create_item(other, item=a_new_item()), Forbidden)
    wrong = a_new_item(sale_price=Money.of(5, "USD"))
    await refused(create_item(crew.manager, item=wrong), CurrencyMismatch, "input", "salePrice", "currency")


async def test_a_code_is_taken_once() -> None:
    crew = await a_crew()
    first = await create_item(crew.manager, item=a_new_item(code="WHEAT"))
    await refused(create_item(crew.manager, item=a_new_item(code="wheat")), ItemTaken, "input", "code")
    items = [a_new_item(code="BRAN", name="Bran", category=ItemCategory.BY_PRODUCT) for _ in range(6)]
    outcomes = await at_once([_created(crew.manager, item) for item in items])
    assert sorted(outcomes) == [False] * 5 + [True]
    assert await Item.all().count() == 2 and first.code == "WHEAT"


async def _created(actor: Actor, item: NewItem) -> bool:
    try:
        await create_item(actor, item=item)
    except ItemTaken:
        return False
    return True


async def test_an_item_changes_and_says_so() -> None:
    crew = await a_crew()
    item = await create_item(crew.manager, item=a_new_item())
    price = Money.of("62.50", item.currency)
    changes = {"name": "Flour, grade 1", "sale_price": price, "allow_negative": True}
    item = await update_item(crew.manager, item_id=item.id, changes=changes, expected_version=1)
    assert (item.name, item.sale_price, item.allow_negative, item.version) == ("Flour, grade 1", price, True, 2)
    async with nothing_happens():
        assert (await update_item(crew.manager, item_id=item.id, changes=changes)).version == 2
    stale = update_item(crew.manager, item_id=item.id, changes={"name": "x"}, expected_version=1)
    await refused(stale, RecordChanged, "input", "expectedVersion")
    for active, change in ((False, "DEACTIVATED"), (True, "REACTIVATED")):
        await update_item(crew.manager, item_id=item.id, changes={"active": active})
        assert (await events_so_far())[-1].fact.change.value == change
    await refused(update_item(crew.manager, item_id=new_id(), changes={"name": "x"}), ItemNotFound, "input", "itemId")
    await refused(update_item(crew.keeper, item_id=item.id, changes={"name": "x"}), Forbidden)


async def test_what_stock_has_moved_by_stays() -> None:
    crew, place = await a_crew(), await a_warehouse()
    item = await an_item(allow_negative=True)
    changes: list[dict[str, Any]] = [
        {"category": ItemCategory.FINISHED},
        {"valuation_method": ValuationMethod.FIFO},
        {"base_unit": "bag"},
    ]
    for change in changes:
        await update_item(crew.manager, item_id=item.id, changes=change)
    await stocked(item, place, 10)
    for change in ({"category": ItemCategory.PACKAGING}, {"valuation_method": ValuationMethod.MOVING_AVERAGE}):
        await refused(update_item(crew.manager, item_id=item.id, changes=change), ItemInUse)
    await refused(update_item(crew.manager, item_id=item.id, changes={"active": False}), ItemInUse, "input", "active")
    await issue(item, place, 15)
    below = update_item(crew.manager, item_id=item.id, changes={"allow_negative": False})
    await refused(below, ItemInUse, "input", "allowNegative")
    await booked(leg(item, place, MovementKind.RECEIPT, 5, value_minor=50_000))
    item = await update_item(crew.manager, item_id=item.id, changes={"allow_negative": False, "active": False})
    assert not item.active


async def test_units_come_and_go() -> None:
    crew = await a_crew()
    item = await create_item(crew.manager, item=a_new_item())
    item = await set_item_unit(crew.manager, item_id=item.id, unit_name="Bag", factor=Decimal("50.5"))
    item = await set_item_unit(crew.manager, item_id=item.id, unit_name="bag", factor=Decimal(50))
    item = await set_item_unit(crew.manager, item_id=item.id, unit_name="quintal", factor=None)
    assert (await units_of(item), item.version) == ({"tonne": 1000, "bag": 50}, 4)
    async with nothing_happens():
        await set_item_unit(crew.manager, item_id=item.id, unit_name="bag", factor=Decimal(50))
        await set_item_unit(crew.manager, item_id=item.id, unit_name="quintal", factor=None)
    for unit, factor, field in (("KG", 2, "unit"), ("", 2, "unit"), ("sack", 0, "factor"), ("sack", "NaN", "factor")):
        act = set_item_unit(crew.manager, item_id=item.id, unit_name=unit, factor=Decimal(factor))
        await refused(act, InvalidInput, "input", field)
    await refused(update_item(crew.manager, item_id=item.id, changes={"base_unit": "g"}), ItemInUse, "input", "baseUnit")
    for number in range(18):
        await set_item_unit(crew.manager, item_id=item.id, unit_name=f"u{number}", factor=Decimal(2))
    full = set_item_unit(crew.manager, item_id=item.id, unit_name="one more", factor=Decimal(2))
    await refused(full, InvalidInput, "input", "unit")


async def test_quantities_in_any_unit() -> None:
    item = await an_item(name="Wheat")
    await ItemUnit.create(id=new_id(), item_id=item.id, unit="bag", factor=Decimal("90.5"))
    known = (await units.units_of([item.id]))[item.id]
    assert units.in_base_unit(item, known, Decimal("2"), " BAG ") == Decimal(181)
    assert units.in_base_unit(item, known, Decimal("0.125"), None) == Decimal("0.125")
    with pytest.raises(UnknownUnit, match="Wheat is measured in kg, bag") as caught:
        units.in_base_unit(item, known, Decimal(1), "crate", field=("input", "lines", "0"))
    assert caught.value.field == ("input", "lines", "0", "unit")
    for quantity in ("0", "-1", "NaN", "Infinity", "0.0001", "1e30", "9" * 19):
        with pytest.raises(InvalidQuantity):
            units.in_base_unit(item, known, Decimal(quantity), None)


@retried
async def brought(actor: Actor, **line: Any) -> Item:
    """The item of a line of some document."""
    async with unit_of_work() as work:
        return await item_for(work, actor, **line)


async def test_a_document_brings_new_items() -> None:
    crew = await a_crew()
    said = a_new_item(code="WHEAT", name="Wheat", category=ItemCategory.RAW_MATERIAL)
    many = await at_once([brought(crew.keeper, new_item=said) for _ in range(5)])
    assert len({item.id for item in many}) == 1, "whoever brings it second gets the first one's"
    assert (await names_of_events()).count("milling.item_changed") == 1
    again = a_new_item(code="wheat", name="WHEAT", category=ItemCategory.RAW_MATERIAL, description="Another harvest")
    async with nothing_happens():
        assert (await brought(crew.keeper, new_item=again)).id == many[0].id
        assert (await brought(crew.keeper, item_id=many[0].id)).code == "WHEAT"
    for other, field in (
        ({"name": "Maize"}, "name"),
        ({"base_unit": "bag"}, "baseUnit"),
        ({"category": "FINISHED"}, "category"),
    ):
        plain = {"code": "WHEAT", "name": "Wheat", "category": ItemCategory.RAW_MATERIAL} | other
        await refused(brought(crew.keeper, new_item=NewItem(**plain)), ItemContradiction, "input", field)
    await refused(brought(crew.keeper), InvalidInput, "input", "itemId")
    await refused(brought(crew.keeper, item_id=many[0].id, new_item=said), InvalidInput, "input", "itemId")
    await refused(brought(crew.keeper, item_id=new_id()), ItemNotFound, "input", "itemId")
    await update_item(crew.manager, item_id=many[0].id, changes={"active": False})
    await refused(brought(crew.keeper, item_id=many[0].id), ItemInactive, "input", "itemId")


async def test_items_are_found() -> None:
    crew = await a_crew()
    here, there = await a_warehouse(branch_id=crew.branch.id), await a_warehouse()
    wheat = await an_item(name="Hard wheat", code="W-1")
    flour = await an_item(name="Flour 100%", code="F-1", category=ItemCategory.FINISHED)
    await an_item(name="Old", code="O-1", active=False)
    await stocked(wheat, here, 5)
    await stocked(flour, there, 5)

    async def found(actor: Actor = crew.manager, **wanted: Any) -> list[str]:
        page = await catalogue.items(actor, PageRequest(), catalogue.ItemFilter(**wanted))
        return [item.code for item in page.rows]

    assert await found() == ["F-1", "W-1"]
    assert await found(active=None) == ["F-1", "W-1", "O-1"]
    assert await found(search="WHEAT") == await found(search="w-") == ["W-1"]
    assert await found(search="100%") == ["F-1"] and await found(search="%") == ["F-1"]
    assert await found(search="\x00") == await found(search="_") == []
    assert await found(categories=[ItemCategory.FINISHED]) == ["F-1"]
    assert await found(crew.keeper, warehouse_id=here.id) == ["W-1"]
    with pytest.raises(DomainError, match="no such warehouse"):
        await found(crew.keeper, warehouse_id=there.id)
