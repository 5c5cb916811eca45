"""Documents about stock for tests: who writes them, and what they say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Permission, Role
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.milling import settings
from domain.milling.models import Item, ItemUnit, StockDocument, StockDocumentLine, Warehouse
from domain.milling.service.stock_documents import open_stock, receive_stock
from domain.milling.service.stock_lines import StockLine
from tests.support.milling import Quantity, q
from tests.support.people import somebody


def money(amount: str | int) -> Money:
    """An amount in the mill's currency."""
    return Money.of(amount, settings.current().currency)


def line(item: Item, quantity: Quantity, cost: str | int | None = None, **said: Any) -> StockLine:
    """A line; ``cost`` is what one unit costs."""
    unit_cost = None if cost is None else money(cost)
    return StockLine(item_id=item.id, quantity=q(quantity), unit_cost=unit_cost, **said)


async def also_in_tonnes(item: Item) -> Item:
    await ItemUnit.create(id=new_id(), item_id=item.id, unit="tonne", factor=Decimal(1000))
    return item


def a_manager() -> Actor:
    """Somebody who runs the mill and sees every branch."""
    return somebody(Role.MILL_MANAGER, name="Mary Miller")


def a_keeper(branch: Branch) -> Actor:
    """Somebody who keeps the stock of a branch."""
    return somebody(Role.STOREKEEPER, name="Sam Storekeeper", branch=branch)


def narrowed_to(manager: Actor, branch: Branch) -> Actor:
    """A key of a manager's that does not reach over all branches."""
    return replace(manager, branch_id=branch.id, scopes=manager.permissions - {Permission.ALL_BRANCHES})


async def received(actor: Actor, item: Item, warehouse: Warehouse, quantity: Quantity, cost: str | int, **said: Any) -> Any:
    """A receipt of one line."""
    return await receive_stock(actor, warehouse_id=warehouse.id, lines=[line(item, quantity, cost)], **said)


async def opened(actor: Actor, item: Item, warehouse: Warehouse, quantity: Quantity, cost: str | int = 1) -> StockDocument:
    """An opening of one line."""
    return await open_stock(actor, warehouse_id=warehouse.id, lines=[line(item, quantity, cost)])


async def lines_of(document: StockDocument) -> list[StockDocumentLine]:
    return await StockDocumentLine.filter(stock_document_id=document.id).order_by("line_no")


async def moved_by(document: StockDocument) -> list[tuple[Decimal, int]]:
    """Quantity and value of each line as it was posted."""
    return [(each.moved_quantity, each.value_minor) for each in await lines_of(document)]
