"""Warehouses: where stock lies, of which branch they are, and how much they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Permission
from domain.identity.service.branches import require_open_branch
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.milling import access, settings, stock
from domain.milling.errors import WarehouseInUse, WarehouseTaken
from domain.milling.events import WarehouseChanged, WarehouseFigures
from domain.milling.models import Warehouse
from domain.milling.models.kept import TOUCHED
from domain.milling.queries.catalogue import holds_something
from domain.milling.service.desk import (
    MAX_ADDRESS,
    MAX_NAME,
    change_of,
    changed,
    code,
    line,
    measure,
    require_version,
)
from domain.milling.states import RecordChange


@dataclass(frozen=True, kw_only=True)
class NewWarehouse:
    """What is said of a warehouse. Without a branch it is the whole mill's; without a capacity it is never full; without a
    percentage it warns where the installation says."""

    code: str
    name: str
    branch_id: UUID | None = None
    address: str = ""
    capacity_kg: Decimal | None = None
    alert_percent: int | None = None


@retried
async def open_warehouse(actor: Actor, *, warehouse: NewWarehouse) -> Warehouse:
    """A new warehouse, into which goods can come at once. Refuses with WAREHOUSE_TAKEN when another has its code."""
    actor.require(Permission.MILL_MANAGE)
    percent = settings.current().alert_percent if warehouse.alert_percent is None else warehouse.alert_percent
    columns = _read({name: getattr(warehouse, name) for name in ("name", "address", "capacity_kg")})
    columns |= _read({"alert_percent": percent}) | {"code": code(warehouse.code)}
    async with unit_of_work() as work:
        await _require_branch(work, actor, warehouse.branch_id)
        moment = clock.now()
        made = Warehouse(
            id=new_id(),
            branch_id=warehouse.branch_id,
            created_by_id=actor.id,
            created_at=moment,
            updated_at=moment,
            **columns,
        )
        await Warehouse.bulk_create([made], ignore_conflicts=True)
        found = await Warehouse.get(code=made.code)
        if found.id != made.id:
            raise WarehouseTaken("another warehouse has this code")
        _tell(work, found, RecordChange.CREATED)
    return found


@retried
async def update_warehouse(
    actor: Actor, *, warehouse_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> Warehouse:
    """Change what is said of a warehouse, close it or open it again; ``changes`` is by its columns.

    The code and the branch stay. A warehouse in which something lies is not closed (WAREHOUSE_IN_USE). A capacity may be
    set below what is there: the alert says so, and nothing more comes in until enough went out.
    """
    actor.require(Permission.MILL_MANAGE)
    columns = _read(changes)
    async with unit_of_work() as work:
        if _WATCHED & set(columns):
            # Before the warehouse, because whoever brings goods into one has locked bins when it comes to the warehouse.
            await stock.stand_still(work)
        warehouse = await access.locked_warehouse(actor, warehouse_id, closed=True)
        require_version(warehouse, expected_version)
        wanted = changed(warehouse, columns)
        if not wanted:
            return warehouse
        if wanted.get("active") is False and await holds_something(warehouse_id=warehouse.id):
            raise WarehouseInUse("something is still in it", field=("input", "active"))
        warehouse.update_from_dict(wanted)
        warehouse.touch()
        # Whoever writes the code, be it the same one, waits for every document that names the warehouse just now.
        await warehouse.save(update_fields=[*wanted, *TOUCHED])
        _tell(work, warehouse, change_of(wanted))
        if _WATCHED & set(wanted):
            await stock.look_at_warehouse(work, warehouse.id)
    return warehouse


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a warehouse, as its columns keep it."""
    return {name: _READERS[name](value) if name in _READERS else value for name, value in said.items()}


def _percent(value: int) -> int:
    if not 1 <= value <= 100:
        raise InvalidInput("this takes 1 to 100 percent", field=("input", "alertPercent"))
    return value


_READERS: Final[Mapping[str, Any]] = {
    "name": lambda value: line(value, MAX_NAME, "name"),
    "address": lambda value: line(value, MAX_ADDRESS, "address", least=0),
    "capacity_kg": lambda value: None if value is None else measure(value, "capacity", positive=True),
    "alert_percent": _percent,
}
"""How each column reads what is said of it."""


_WATCHED: Final = frozenset({"active", "capacity_kg", "alert_percent"})
"""What changes how full a warehouse is said to be, and whether it warns at all."""


async def _require_branch(work: Work, actor: Actor, branch_id: UUID | None) -> None:
    """A new warehouse is of an open branch that the actor sees, or of none when they see all."""
    if not actor.sees_branch(branch_id):
        raise BranchNotFound("there is no such branch")
    if branch_id is not None:
        await require_open_branch(work, branch_id)


def _tell(work: Work, warehouse: Warehouse, change: RecordChange) -> None:
    work.record(WarehouseChanged(warehouse=WarehouseFigures.of(warehouse), change=change))
