"""Stock as clients send and read it, for tests of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.milling import settings
from domain.milling.models import Item, Warehouse
from tests.support.graphql import do, encode_id
from tests.support.milling import a_warehouse, an_item
from tests.support.operations import money, operation, shown
from tests.support.people import a_branch
from tests.support.stock_papers import a_keeper, a_manager


def op(name: str) -> str:
    """A canonical operation of milling, without the cursor that live pages read first."""
    return operation(f"milling/{name}").replace("  asOf\n", "", 1)


def valued(amount: str) -> dict[str, str]:
    """A MoneyInput in the mill's currency."""
    return money(amount, settings.current().currency)


def worth(amount: str) -> dict[str, str]:
    """Money as the operations select it."""
    return shown(amount, settings.current().currency)


def item_id(item: Item) -> str:
    return encode_id("Item", item.id)


def place_id(warehouse: Warehouse) -> str:
    return encode_id("Warehouse", warehouse.id)


def said(item: Item, quantity: str | int, **more: Any) -> dict[str, Any]:
    """A line."""
    return {"itemId": item_id(item), "quantity": str(quantity)} | more


@dataclass(frozen=True)
class Mill:
    """A mill with a silo of one branch and a shop of another, and who works there."""

    branch: Branch
    silo: Warehouse
    shop: Warehouse
    wheat: Item
    manager: Actor
    keeper: Actor
    stranger: Actor
    """A storekeeper of the other branch."""


async def a_mill(**wheat: Any) -> Mill:
    branch, other = await a_branch(), await a_branch()
    return Mill(
        branch,
        await a_warehouse("Silo", branch_id=branch.id),
        await a_warehouse("Shop", branch_id=other.id),
        await an_item("Wheat", **wheat),
        a_manager(),
        a_keeper(branch),
        a_keeper(other),
    )


async def bring(mill: Mill, quantity: str | int, unit_cost: str, actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    """Bring wheat into the silo through the API; the document."""
    line = said(mill.wheat, quantity, unitCost=valued(unit_cost))
    input = {"warehouseId": place_id(mill.silo), "lines": [line]} | more
    done: dict[str, Any] = await do(actor or mill.keeper, op("ReceiveStock"), input=input)
    return dict(done["stockDocument"])
