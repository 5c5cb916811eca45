"""A mill that sells: its staff at a branch, a warehouse with flour in it, customers, and sales at every stage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from domain.identity.actor import SYSTEM_ID, Actor
from domain.identity.models import Branch
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.chart import BANK, house_account
from domain.ledger.service import Line
from domain.milling import settings
from domain.milling.models import Customer, Item, ItemUnit, Sale, SaleLine, Warehouse
from domain.milling.service.sale_payments import PaidNow
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import Doing, create_sale
from domain.milling.states import ItemCategory, PaymentMethod, SaleStatus
from domain.wallets.service import post_to_wallets, wallet_of
from tests.support.milling import Quantity, a_warehouse, an_item, q, stocked
from tests.support.people import a_branch, a_user, configure_identity, somebody

_numbers = count(1)

CASH, BANKED, MPESA, WALLET = PaymentMethod.CASH, PaymentMethod.BANK, PaymentMethod.MPESA, PaymentMethod.WALLET


def mill_money(amount: int | str) -> Money:
    return Money.of(amount, settings.current().currency)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A branch of the mill with a warehouse, in which lie 1,000 kg of flour that had cost 40.00 a kilogram."""

    branch: Branch
    warehouse: Warehouse
    flour: Item
    clerk: Actor
    cashier: Actor
    storekeeper: Actor
    manager: Actor


async def a_shop(*, flour: Quantity = 1_000, cost: int | str | None = None, at: Any = None, **item: Any) -> Shop:
    """``cost`` is of all the flour; 40.00 a kilogram unless said. Flour is sold at 60.00, also in bags of 50 kg."""
    configure_identity()
    branch = await a_branch()
    warehouse = await a_warehouse(name="Mill store", branch_id=branch.id)
    said: dict[str, Any] = {"name": "Maize flour", "category": ItemCategory.FINISHED, "sale_price_minor": 60_00}
    made = await an_item(**(said | item))
    for unit, factor in (("bag", 50), ("tonne", 1_000)):
        await ItemUnit.create(id=new_id(), item_id=made.id, unit=unit, factor=Decimal(factor))
    total = mill_money(cost).amount_minor if cost is not None else int(q(flour) * 40_00)
    if q(flour):
        await stocked(made, warehouse, flour, total, at=at)
    return Shop(
        branch=branch,
        warehouse=warehouse,
        flour=made,
        clerk=somebody(Role.SALES_CLERK, name="Achieng Otieno", branch=branch),
        cashier=somebody(Role.CASHIER, branch=branch, name="Moraa Nyaboke"),
        storekeeper=somebody(Role.STOREKEEPER, branch=branch, name="Baraka Mwangi"),
        manager=somebody(Role.MILL_MANAGER, name="Wanjiku Kimani"),
    )


async def a_customer(**changes: Any) -> Customer:
    """A customer by name, without a limit, who pays within 30 days."""
    number, now = next(_numbers), clock.now()
    stated: dict[str, Any] = {
        "id": new_id(),
        "name": f"Bakery {number}",
        "payment_days": 30,
        "currency": settings.current().currency,
        "created_by_id": SYSTEM_ID,
        "created_at": now,
        "updated_at": now,
    }
    return await Customer.create(**(stated | changes))


async def a_registered_customer(*roles: Role, **changes: Any) -> Customer:
    """One who is a registered user: a debtor, unless other roles are said."""
    user = await a_user(*(roles or (Role.DEBTOR,)), name="Uji Bakers")
    return await a_customer(name="Uji Bakers", user_id=user.id, **changes)


async def put_into_wallet(user_id: UUID, amount: int | str) -> None:
    """Money that somebody brought to the bank for their wallet."""
    sum_, currency = mill_money(amount), settings.current().currency
    wallet = await wallet_of(user_id, currency)
    lines = [
        Line(await house_account(BANK, currency), sum_, is_debit=True),
        Line(wallet.account_id, sum_, is_debit=False),
    ]
    await post_to_wallets(kind="test.top_up", description="Top-up", lines=lines)


def flour(shop: Shop, quantity: Quantity, **said: Any) -> SoldLine:
    return SoldLine(item_id=shop.flour.id, quantity=q(quantity), **said)


def a_new_sale(shop: Shop, *lines: SoldLine, customer: Customer | None = None, **said: Any) -> NewSale:
    """A sale of 10 kg of flour over the counter, unless something else is said."""
    return NewSale(
        warehouse_id=shop.warehouse.id,
        lines=lines or [flour(shop, 10)],
        customer_id=None if customer is None else customer.id,
        **said,
    )


async def a_sale(
    shop: Shop,
    *lines: SoldLine,
    by: Actor | None = None,
    up_to: SaleStatus = SaleStatus.DELIVERED,
    customer: Customer | None = None,
    paid: PaymentMethod | None = None,
    delivered_at: Any = None,
    **said: Any,
) -> Sale:
    """Sold by the manager, who may do everything."""
    payment = None if paid is None else PaidNow(method=paid, reference="RCPT" if paid is MPESA else "")
    doing = Doing(up_to=up_to, payment=payment, delivered_at=delivered_at)
    return await create_sale(by or shop.manager, sale=a_new_sale(shop, *lines, customer=customer, **said), doing=doing)


async def lines_of(sale: Sale) -> list[SaleLine]:
    return await SaleLine.filter(sale_id=sale.id).order_by("line_no")
