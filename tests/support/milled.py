"""Productions for tests: a mill with wheat, bags and a recipe of straight flour, and who works there.

Of 100 kg of wheat come 72 kg of flour, 20 kg of bran and 7 kg of shorts; 1 kg is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.milling.models import Bom, Item, Production, ProductionLine, Warehouse
from domain.milling.service.boms import NewBom, create_bill_of_materials
from domain.milling.service.items import NewItem
from domain.milling.service.production_plans import NewProduction
from domain.milling.service.productions import create_production
from domain.milling.service.recipes import ByProduct, Ingredient
from domain.milling.states import ItemCategory, LineRole, ProductionStatus
from tests.support.milling import Quantity, a_warehouse, an_item, q
from tests.support.people import a_branch, somebody
from tests.support.stock_papers import money, received

PLANNED, IN_PROGRESS = ProductionStatus.PLANNED, ProductionStatus.IN_PROGRESS
COMPLETED, CANCELLED = ProductionStatus.COMPLETED, ProductionStatus.CANCELLED


@dataclass
class Mill:
    """A branch with a warehouse, in which there are 1,000 kg of wheat for 30,000.00."""

    branch: Branch
    manager: Actor
    keeper: Actor
    store: Warehouse
    wheat: Item
    flour: Item
    bran: Item
    shorts: Item


async def a_mill(*, wheat: Quantity = 1_000, cost: str = "30.00", **flour: Any) -> Mill:
    branch, manager = await a_branch(), somebody(Role.MILL_MANAGER, name="Mary Miller")
    mill = Mill(
        branch=branch,
        manager=manager,
        keeper=somebody(Role.STOREKEEPER, name="Sam Storekeeper", branch=branch),
        store=await a_warehouse("Main store", branch_id=branch.id),
        wheat=await an_item("Wheat"),
        flour=await an_item("Straight flour", **({"category": ItemCategory.FINISHED} | flour)),
        bran=await an_item("Bran", category=ItemCategory.BY_PRODUCT),
        shorts=await an_item("Shorts", category=ItemCategory.BY_PRODUCT),
    )
    if wheat:
        await received(manager, mill.wheat, mill.store, wheat, cost)
    return mill


def some(item: Item, quantity: Quantity, unit: str | None = None) -> Ingredient:
    return Ingredient(item_id=item.id, quantity=q(quantity), unit=unit)


def beside(item: Item, quantity: Quantity, *, each: str | None = None, share: str | None = None) -> ByProduct:
    """A by-product that carries ``each`` for a base unit, or ``share`` percent."""
    return ByProduct(
        item_id=item.id,
        quantity=q(quantity),
        cost_per_unit=None if each is None else money(each),
        share_percent=None if share is None else Decimal(share),
    )


def wanted(mill: Mill, **changes: Any) -> NewProduction:
    """72 kg of flour of 100 kg of wheat, with bran at 8.00 a kilogram and shorts for 5 % of the cost."""
    stated: dict[str, Any] = {
        "item_id": mill.flour.id,
        "quantity": q(72),
        "warehouse_id": mill.store.id,
        "inputs": [some(mill.wheat, 100)],
        "by_products": [beside(mill.bran, 20, each="8.00"), beside(mill.shorts, 7, share="5")],
    }
    return NewProduction(**(stated | changes))


async def a_production(
    mill: Mill, up_to: ProductionStatus = IN_PROGRESS, *, actor: Actor | None = None, at: Any = None, **changes: Any
) -> Production:
    return await create_production(actor or mill.manager, production=wanted(mill, **changes), up_to=up_to, at=at)


async def a_bom(mill: Mill, **changes: Any) -> Bom:
    """The same as :func:`wanted`, for good, with 360.00 of overhead for 72 kg."""
    stated: dict[str, Any] = {
        "code": "STRAIGHT",
        "name": "Straight flour",
        "item_id": mill.flour.id,
        "quantity": q(72),
        "inputs": [some(mill.wheat, 100)],
        "by_products": [beside(mill.bran, 20, each="8.00"), beside(mill.shorts, 7, share="5")],
        "overhead": money(360),
    }
    return await create_bill_of_materials(mill.manager, bom=NewBom(**(stated | changes)))


def new_item(code: str, category: ItemCategory = ItemCategory.FINISHED, **said: Any) -> NewItem:
    return NewItem(code=code, name=said.pop("name", code.title()), category=category, **said)


async def lines_of(production: Production, role: LineRole | None = None) -> list[ProductionLine]:
    lines: Sequence[ProductionLine] = await ProductionLine.filter(production_id=production.id).order_by("line_no")
    return [line for line in lines if role is None or line.role is role]


async def costs_of(production: Production) -> list[int]:
    """What each line took or brought, in minor units, in the order of the lines."""
    return [line.cost_minor for line in await lines_of(production)]


def a_clerk(branch: Branch) -> Actor:
    """Somebody who sells and does not mill."""
    return somebody(Role.SALES_CLERK, name="Carol Clerk", branch=branch)


async def a_stranger() -> Actor:
    """Somebody who mills at another branch."""
    return somebody(Role.STOREKEEPER, name="Odhiambo Elsewhere", branch=await a_branch())
