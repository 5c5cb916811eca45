"""What the mill announces reaches those whom it concerns, and reads back as it was said."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from domain.events.event import adapter_of, every_event
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.milling import events
from domain.milling.models import Customer, Item, Sale, SaleLine, Supplier
from domain.milling.states import (
    DocumentKind,
    MovementKind,
    PartnerKind,
    RecordChange,
    SaleChange,
    SaleStatus,
    StockLevel,
)
from tests.support.mill_rows import a_bare_item, a_bare_supplier, a_bare_warehouse, insert, sale_columns

BRANCH = UUID(int=9)
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def stock_moved(branch_id: UUID | None) -> events.StockMoved:
    item, warehouse = UUID(int=1), UUID(int=2)
    names = {"item_id": item, "item_name": "Maize", "warehouse_id": warehouse, "warehouse_name": "Silo"}
    value = Money(-500, "KES")
    return events.StockMoved(
        document=events.DocumentFigures(kind=DocumentKind.SALE, id=UUID(int=3), number="SO-000001", description="Sale"),
        branch_id=branch_id,
        bins=[
            events.BinFigures(
                **names,  # type: ignore[arg-type]
                on_hand=Decimal("7.5"),
                reserved=Decimal("2.5"),
                value=-value,
                level=StockLevel.OK,
                version=4,
            )
        ],
        movements=[
            events.MovementFigures(
                **names,  # type: ignore[arg-type]
                movement_id=UUID(int=4),
                kind=MovementKind.SALE_DELIVERY,
                quantity=Decimal("-2.5"),
                value=value,
                on_hand=Decimal("7.5"),
                line_no=1,
            )
        ],
        effective_at=AT,
        entry_id=UUID(int=5),
    )


def test_stock_of_a_branch_is_told_to_its_staff_and_to_those_who_see_all() -> None:
    fact = stock_moved(BRANCH)
    assert set(fact.topics()) == {
        "mill",
        f"mill:{BRANCH}",
        f"warehouse:{UUID(int=2)}",
        f"item:{UUID(int=1)}",
        f"bin:{UUID(int=1)}:{UUID(int=2)}",
    }
    assert set(fact.audience()) == {f"permission:MILL_READ@{BRANCH}", "permission:MILL_READ@*"}
    assert fact.bins[0].available == 5


def test_stock_of_no_branch_is_told_to_those_who_see_all() -> None:
    fact = stock_moved(None)
    assert "mill:-" in fact.topics()
    assert list(fact.audience()) == ["permission:MILL_READ@*"]


def test_a_fact_reads_back_as_it_was_said() -> None:
    fact = stock_moved(BRANCH)
    adapter = adapter_of(events.StockMoved)
    assert adapter.validate_json(adapter.dump_json(fact)) == fact


def test_every_fact_of_the_mill_has_a_schema_and_is_in_the_past() -> None:
    kinds = [kind for kind in every_event() if kind.domain() == "milling"]
    assert len(kinds) >= 14
    for kind in kinds:
        assert adapter_of(kind).json_schema()["type"] == "object"
        assert kind.name.endswith(("ed", "_changed"))


@pytest.mark.usefixtures("database")
async def test_an_item_is_told_to_all_of_the_mill() -> None:
    item = await Item.get(id=(await a_bare_item(sale_price_minor=4550)).id)
    fact = events.ItemChanged(item=events.ItemFigures.of(item), change=RecordChange.CREATED)
    assert (fact.item.name, fact.item.sale_price, fact.item.version) == ("Maize", Money(4550, "KES"), 1)
    assert list(fact.topics()) == ["mill", f"item:{item.id}"]
    assert list(fact.audience()) == ["permission:MILL_READ"]


@pytest.mark.usefixtures("database")
async def test_a_partner_is_told_as_a_supplier_or_a_customer() -> None:
    supplier = events.PartnerFigures.of(await Supplier.get(id=(await a_bare_supplier()).id))
    assert (supplier.kind, supplier.user_id, supplier.credit_limit) == (PartnerKind.SUPPLIER, None, None)
    row = {"name": "Mama Mboga", "currency": "KES", "credit_limit_minor": 5, "created_by_id": new_id(), "user_id": new_id()}
    customer_id = await insert("mill_customer", row | {"created_at": AT, "updated_at": AT})
    customer = events.PartnerFigures.of(await Customer.get(id=customer_id))
    assert (customer.kind, customer.user_id, customer.credit_limit) == (
        PartnerKind.CUSTOMER,
        row["user_id"],
        Money(5, "KES"),
    )
    fact = events.PartnerChanged(partner=customer, change=RecordChange.EDITED)
    assert f"customer:{customer_id}" in fact.topics()


@pytest.mark.usefixtures("database")
async def test_a_sale_is_told_with_its_lines_as_they_stand() -> None:
    warehouse = await a_bare_warehouse()
    sale = await Sale.get(id=await insert("mill_sale", sale_columns(SaleStatus.DRAFT, warehouse)))
    fact = events.SaleChanged.of(sale, [], change=SaleChange.DRAFTED, status_before=SaleStatus.DRAFT)
    assert (fact.sale.number, fact.sale.status, fact.sale.due_amount) == (sale.number, SaleStatus.DRAFT, Money(0, "KES"))
    assert {f"sale:{sale.id}", f"warehouse:{warehouse.id}"} <= set(fact.topics())
    adapter = adapter_of(events.SaleChanged)
    assert adapter.validate_json(adapter.dump_json(fact)) == fact
    figures = {"quantity": Decimal(2), "base_quantity": Decimal(180), "amount_minor": 5, "unit": "bag", "item_name": "Maize"}
    line = SaleLine(id=new_id(), sale_id=sale.id, line_no=1, item_id=new_id(), **figures)
    assert events.SaleLineFigures.of(line).base_quantity == 180
    user = new_id()
    order = events.OrderChanged.of(sale, [line], user_id=user, change=SaleChange.CONFIRMED)
    assert (set(order.topics()), set(order.audience())) == (
        {f"mill_order:{sale.id}", f"mill_orders:{user}"},
        {f"user:{user}"},
    )
    reader = adapter_of(events.OrderChanged)
    assert reader.validate_json(reader.dump_json(order)) == order
