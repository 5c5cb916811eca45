"""Rows of the mill made behind the services' back, so that only the database itself can object."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from domain.identity.actor import SYSTEM_ID
from domain.kit import clock
from domain.kit.database import connection, execute
from domain.kit.ids import new_id
from domain.milling.models import Item, Supplier, Warehouse
from domain.milling.states import ItemCategory, MovementKind, ProductionStatus, PurchaseStatus, SaleStatus, ValuationMethod


async def insert(table: str, columns: Mapping[str, Any], *, on: Any = None) -> UUID:
    """A row as it is said, with an id of its own unless one is said; returns the id."""
    row = {"id": new_id()} | dict(columns)
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    statement = f"insert into {table} ({names}) values ({places})"
    await (on.execute if on is not None else execute)(statement, *row.values())
    found: UUID = row["id"]
    return found


def _kept(*, document: bool = True) -> dict[str, Any]:
    now = clock.now()
    row: dict[str, Any] = {"created_by_id": SYSTEM_ID, "created_at": now, "updated_at": now}
    return row | ({"correlation_id": new_id(), "currency": "KES"} if document else {})


async def a_bare_item(**columns: Any) -> Item:
    """Maize in kg, by first in, first out."""
    stated: dict[str, Any] = {
        "code": f"I{new_id().hex[-12:].upper()}",
        "name": "Maize",
        "category": ItemCategory.RAW_MATERIAL,
        "base_unit": "kg",
        "valuation_method": ValuationMethod.FIFO,
        "currency": "KES",
    }
    return await Item.get(id=await insert("mill_item", _kept(document=False) | stated | columns))


async def a_bare_warehouse(**columns: Any) -> Warehouse:
    stated = {"code": f"W{new_id().hex[-12:].upper()}", "name": "Silo", "alert_percent": 90}
    return await Warehouse.get(id=await insert("mill_warehouse", _kept(document=False) | stated | columns))


async def a_bare_supplier(**columns: Any) -> Supplier:
    stated = {"name": f"Farmer {new_id().hex[-12:]}"}
    return await Supplier.get(id=await insert("mill_supplier", _kept(document=False) | stated | columns))


async def a_bare_movement(item: Item, warehouse: Warehouse, **columns: Any) -> UUID:
    """A receipt of 10 at 100.00, unless something else is said."""
    now = clock.now()
    stated: dict[str, Any] = {
        "item_id": item.id,
        "warehouse_id": warehouse.id,
        "kind": MovementKind.RECEIPT,
        "quantity": Decimal(10),
        "value_minor": 100_00,
        "document_kind": "STOCK_DOCUMENT",
        "document_id": new_id(),
        "line_no": 1,
        "effective_at": now,
        "recorded_at": now,
        "actor_id": SYSTEM_ID,
    }
    return await insert("stock_movement", stated | columns)


async def purchase_columns(status: PurchaseStatus, warehouse: Warehouse) -> dict[str, Any]:
    """A purchase of nothing with all that its status asks for."""
    supplier = await a_bare_supplier()
    return _kept() | {
        "supplier_id": supplier.id,
        "supplier_name": supplier.name,
        "warehouse_id": warehouse.id,
        "amount_minor": 0,
        **status_of_purchase(status),
    }


def status_of_purchase(status: PurchaseStatus) -> dict[str, Any]:
    received = status not in (PurchaseStatus.DRAFT, PurchaseStatus.CANCELLED)
    billed = status is PurchaseStatus.BILLED
    now = clock.now()
    return {
        "status": status,
        **_since("received", received),
        **_since("billed", billed),
        "billed_on": now.date() if billed else None,
        "billed_minor": 0 if billed else None,
        **_since("cancelled", status is PurchaseStatus.CANCELLED),
    }


def sale_columns(status: SaleStatus, warehouse: Warehouse) -> dict[str, Any]:
    """A sale of nothing with all that its status asks for."""
    return _kept() | {
        "customer_name": "Mama Mboga",
        "warehouse_id": warehouse.id,
        "amount_minor": 0,
        **status_of_sale(status),
    }


def status_of_sale(status: SaleStatus) -> dict[str, Any]:
    delivered = status not in (SaleStatus.DRAFT, SaleStatus.CONFIRMED, SaleStatus.CANCELLED)
    return {
        "status": status,
        **_since("confirmed", status is not SaleStatus.DRAFT),
        **_since("delivered", delivered),
        **_since("cancelled", status is SaleStatus.CANCELLED),
    }


def production_columns(status: ProductionStatus, warehouse: Warehouse, item: Item) -> dict[str, Any]:
    """A production with all that its status asks for, at no cost."""
    return _kept() | {
        "item_id": item.id,
        "item_name": item.name,
        "warehouse_id": warehouse.id,
        "output_warehouse_id": warehouse.id,
        "planned_quantity": Decimal(10),
        **status_of_production(status),
    }


def status_of_production(status: ProductionStatus) -> dict[str, Any]:
    completed = status is ProductionStatus.COMPLETED
    return {
        "status": status,
        **_since("started", completed or status is ProductionStatus.IN_PROGRESS),
        **_since("completed", completed),
        "output_quantity": Decimal(9) if completed else Decimal(0),
        **_since("cancelled", status is ProductionStatus.CANCELLED),
    }


def stock_document_columns(warehouse: Warehouse, **columns: Any) -> dict[str, Any]:
    """An issue."""
    stated = {"kind": "ISSUE", "status": "POSTED", "warehouse_id": warehouse.id, "occurred_at": clock.now()}
    return _kept() | stated | columns


def _since(what: str, happened: bool) -> dict[str, Any]:
    """When it happened and by whom, or neither."""
    return {f"{what}_at": clock.now() if happened else None, f"{what}_by_id": SYSTEM_ID if happened else None}


@asynccontextmanager
async def unguarded() -> AsyncIterator[Any]:
    """A connection on which no trigger speaks up; what constraints say still holds."""
    async with connection() as c, c.transaction():
        await c.execute("set local session_replication_role = replica")
        yield c


async def refusal_of(statement: str, *arguments: Any, settle: bool = True) -> str | None:
    """The constraint that a statement breaks, now or (with ``settle``) at the end of its transaction.

    None if it breaks none. Either way everything stays as it was.
    """
    async with connection() as c:
        transaction = c.transaction()
        await transaction.start()
        try:
            await c.execute(statement, *arguments)
            if settle:
                await c.execute("set constraints all immediate")
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError) as error:
            # A guard that stands back for an erasure is the same guard.
            return str(error.constraint_name).removesuffix("_unless_erasing")
        finally:
            await transaction.rollback()
    return None


async def refusal_of_update(table: str, row_id: UUID, columns: Mapping[str, Any]) -> str | None:
    """What keeps a row from becoming like this."""
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    return await refusal_of(f"update {table} set {changes} where id = $1", row_id, *columns.values())


async def refusal_of_insert(table: str, columns: Mapping[str, Any]) -> str | None:
    """What keeps a row out."""
    row = {"id": new_id()} | dict(columns)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return await refusal_of(f"insert into {table} ({', '.join(row)}) values ({places})", *row.values())
