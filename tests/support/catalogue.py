"""People of a mill and what they say of items, warehouses and partners, for tests."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit.errors import DomainError
from domain.milling.models import StockAlert
from domain.milling.service.items import NewItem
from domain.milling.service.warehouses import NewWarehouse
from domain.milling.states import ItemCategory
from tests.support.happenings import nothing_happens
from tests.support.operations import operation
from tests.support.people import a_branch, somebody

_numbers = count(1)


@dataclass(frozen=True)
class Crew:
    """The people of a mill at one branch; the manager sees every branch."""

    branch: Branch
    manager: Actor
    keeper: Actor
    clerk: Actor


async def a_crew(branch: Branch | None = None) -> Crew:
    branch = branch or await a_branch()
    return Crew(
        branch=branch,
        manager=somebody(Role.MILL_MANAGER, name="Mary Miller"),
        keeper=somebody(Role.STOREKEEPER, name="Sam Storekeeper", branch=branch),
        clerk=somebody(Role.SALES_CLERK, name="Cate Clerk", branch=branch),
    )


def a_new_item(**changes: Any) -> NewItem:
    """A finished item in kg with a code of its own, changed as said."""
    number = next(_numbers)
    stated: dict[str, Any] = {"code": f"FLOUR-{number}", "name": f"Flour {number}", "category": ItemCategory.FINISHED}
    return NewItem(**(stated | changes))


def a_new_warehouse(**changes: Any) -> NewWarehouse:
    number = next(_numbers)
    return NewWarehouse(**({"code": f"STORE-{number}", "name": f"Store {number}"} | changes))


async def alerts_now() -> list[tuple[str, str, str]]:
    """Kind, priority and state of every alert, the oldest first."""
    rows = await StockAlert.all().order_by("raised_at", "id")
    return [(row.kind.value, row.priority.value, row.state.value) for row in rows]


def kg(number: int | str) -> Decimal:
    return Decimal(number)


def op(name: str) -> str:
    """A canonical operation of the mill, without the cursor that live pages read first."""
    return operation(f"milling/{name}").replace("  asOf\n", "")


async def refused(act: Awaitable[Any], error: type[DomainError], *field: str) -> None:
    """Assert that an act is refused, having done nothing; with a field, that the refusal points there."""
    async with nothing_happens():
        with pytest.raises(error) as caught:
            await act
    assert caught.value.field == (field or caught.value.field)
