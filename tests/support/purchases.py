"""Purchases for tests: made through the services, as staff of a mill make them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from domain.identity.actor import Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit.money import Money
from domain.milling import settings
from domain.milling.models import Item, Payment, Purchase, PurchaseLine, PurchaseReturn, Supplier, Warehouse
from domain.milling.service.partners import upsert_supplier
from domain.milling.service.purchase_bills import Bill, BilledLine, bill_purchase
from domain.milling.service.purchase_orders import NewPurchase, OrderedLine
from domain.milling.service.purchase_returns import ReturnedLine, create_purchase_return
from domain.milling.service.purchases import create_purchase
from domain.milling.service.supplier_payments import pay_purchase
from domain.milling.states import PaymentMethod, PurchaseStatus
from tests.support.milling import Quantity, a_warehouse, an_item, q
from tests.support.people import a_branch, somebody

_numbers = count(1)

DRAFT, RECEIVED, BILLED = PurchaseStatus.DRAFT, PurchaseStatus.RECEIVED, PurchaseStatus.BILLED


@dataclass(frozen=True)
class Mill:
    """A branch with a warehouse, a keeper of it and a cashier; the manager sees every branch."""

    branch: Branch
    warehouse: Warehouse
    manager: Actor
    keeper: Actor
    cashier: Actor
    supplier: Supplier


async def a_mill() -> Mill:
    branch = await a_branch()
    manager = somebody(Role.MILL_MANAGER, name="Wanjiku Kamau", branch=branch)
    number = next(_numbers)
    kept = await upsert_supplier(manager, said={"name": f"Eldoret Growers {number}", "payment_days": 14})
    return Mill(
        branch=branch,
        warehouse=await a_warehouse(branch_id=branch.id),
        manager=manager,
        keeper=somebody(Role.STOREKEEPER, name="Otieno Odhiambo", branch=branch),
        cashier=somebody(Role.CASHIER, name="Amina Yusuf", branch=branch),
        supplier=kept.partner,
    )


def shillings(amount: str | int | Decimal) -> Money:
    return Money.of(Decimal(amount), settings.current().currency)


def ordered(item: Item, quantity: Quantity, price: str | int | None = None, **said: Any) -> OrderedLine:
    """So much of an item at a price for one, unless an amount is said."""
    at = {} if price is None else {"unit_price": shillings(price)}
    return OrderedLine(item_id=item.id, quantity=q(quantity), **(at | said))


async def a_purchase(
    mill: Mill, *lines: OrderedLine, up_to: PurchaseStatus = RECEIVED, bill: Bill | None = None, **said: Any
) -> Purchase:
    """Of the mill's supplier, made by the manager; 100 kg of a new item at 10.00 unless lines are said."""
    received_at = said.pop("received_at", None)
    order = NewPurchase(
        **({"supplier_id": mill.supplier.id, "warehouse_id": mill.warehouse.id} | said),
        lines=lines or (ordered(await an_item(), 100, 10),),
    )
    return await create_purchase(mill.manager, order=order, up_to=up_to, received_at=received_at, bill=bill)


async def billed(mill: Mill, purchase: Purchase, *amounts: str | int, **said: Any) -> Purchase:
    """The bill of a purchase; lines in their order for these amounts."""
    lines = tuple(BilledLine(line_no=number, amount=shillings(amount)) for number, amount in enumerate(amounts, 1))
    return await bill_purchase(mill.cashier, purchase_id=purchase.id, bill=Bill(lines=lines, **said))


async def sent_back(mill: Mill, purchase: Purchase, quantity: Quantity, *, line_no: int = 1, **said: Any) -> PurchaseReturn:
    lines = [ReturnedLine(line_no=line_no, quantity=q(quantity), unit=said.pop("unit", None))]
    made = await create_purchase_return(mill.keeper, purchase_id=purchase.id, lines=lines, reason="Weevils", **said)
    return made.purchase_return


async def paid(mill: Mill, purchase: Purchase, amount: str | int | None = None, **said: Any) -> Payment:
    method = said.pop("method", PaymentMethod.BANK)
    money = None if amount is None else shillings(amount)
    return (await pay_purchase(mill.cashier, purchase_id=purchase.id, method=method, amount=money, **said)).payment


async def line_of(purchase: Purchase, line_no: int = 1) -> PurchaseLine:
    return await PurchaseLine.get(purchase_id=purchase.id, line_no=line_no)


async def now(purchase: Purchase) -> Purchase:
    """The purchase as it stands now."""
    return await Purchase.get(id=purchase.id)
