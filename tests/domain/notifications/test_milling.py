"""Who is told what of the mill: alerts to whoever can do something about them, the rest to those who did not do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import Actor
from domain.identity.models import Branch, User
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.milling.jobs import notification_check
from domain.milling.service.orders import pay_order
from domain.milling.service.purchase_orders import NewPurchase
from domain.milling.service.purchases import create_purchase
from domain.milling.service.sale_terms import NewSale, SoldLine
from domain.milling.service.sales import Doing, create_sale
from domain.milling.service.stock_documents import receive_stock
from domain.milling.states import PurchaseStatus, SaleStatus
from domain.notifications.handlers import notifier
from domain.notifications.jobs import expire_notifications
from domain.notifications.models import Category, Channel, MillNotificationType, Notification, Priority
from domain.notifications.policy import milling
from domain.notifications.service import mark_all_notifications_read
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loans import a_registered_officer
from tests.support.milling import a_warehouse, an_item, issue, receive, stocked
from tests.support.people import a_branch, actor_for, configure_identity
from tests.support.purchases import ordered, shillings
from tests.support.sales import a_customer, a_registered_customer, a_sale, a_shop
from tests.support.stock_papers import line

pytestmark = pytest.mark.usefixtures("database")

CREW = (Role.STOREKEEPER, Role.SALES_CLERK, Role.CASHIER)


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    with call_context(CallContext(actor_id=actor.id)):
        yield actor


async def the_crew(branch: Branch) -> list[Actor]:
    """The storekeeper, the clerk and the cashier of a branch, who can be told something."""
    return [await a_registered_officer(branch, role, name=role.value.title()) for role in CREW]


async def a_manager() -> Actor:
    return await a_registered_officer(None, Role.MILL_MANAGER, name="Mary Miller")


async def told(person: Actor) -> list[str]:
    """The types of what somebody was told since the last time, oldest first."""
    await events_so_far()
    await catch_up(notifier)
    news = [row.type for row in await Notification.filter(recipient_id=person.id, read_at=None).order_by("source_position")]
    await mark_all_notifications_read(person)
    return news


async def test_whoever_can_do_something_is_told_of_alerts() -> None:
    configure_identity()
    branch, other_branch = await a_branch(), await a_branch()
    (keeper, clerk, cashier), manager = await the_crew(branch), await a_manager()
    strangers = await the_crew(other_branch)
    place, item = await a_warehouse("Main store", branch_id=branch.id), await an_item("Bran", reorder_level=Decimal(10))
    await stocked(item, place, 20)
    with acting(keeper):
        await issue(item, place, 15)
    assert await told(keeper) == await told(manager) == ["LOW_STOCK"], "even when it was their own act"
    assert await told(clerk) == await told(cashier) == []
    with acting(keeper):
        await issue(item, place, 5)
    assert await told(keeper) == await told(manager) == await told(clerk) == ["OUT_OF_STOCK"]
    await receive(item, place, 500, 1_000)
    await notification_check.run()
    for person in (keeper, manager, clerk, cashier, *strangers):
        assert await told(person) == []
    low, out = await Notification.filter(recipient_id=keeper.id).order_by("source_position")
    assert (low.priority, low.category, low.mill_type) == (Priority.HIGH, Category.MILLING, MillNotificationType.LOW_STOCK)
    assert low.body == "Bran: 5 kg left in Main store. The reorder level is 10 kg."
    assert (low.subject_kind, low.data["itemName"], low.data["onHand"]) == ("stock_alert", "Bran", "5")
    assert (out.priority, set(out.channels)) == (Priority.CRITICAL, set(Channel) - {Channel.SMS}), "there is no number"
    assert out.body == "Nothing of Bran is left in Main store."
    to_clerk = await Notification.get(recipient_id=clerk.id)
    assert (to_clerk.priority, to_clerk.title) == (Priority.MEDIUM, "An item cannot be sold for now")
    await assert_integrity("notifications")


async def test_what_is_nobodys_branch_is_the_managers() -> None:
    configure_identity()
    branch = await a_branch()
    (keeper, *_), manager = await the_crew(branch), await a_manager()
    place, item = await a_warehouse("Silo", capacity_kg=Decimal(1000)), await an_item()
    await stocked(item, place, 950)
    assert (await told(manager), await told(keeper)) == (["WAREHOUSE_CAPACITY"], [])
    await receive(item, place, 50, 100)
    assert await told(manager) == ["WAREHOUSE_CAPACITY"]
    nearly, full = await Notification.filter(recipient_id=manager.id).order_by("source_position")
    assert (nearly.priority, nearly.title) == (Priority.HIGH, "A warehouse fills up")
    assert nearly.body == "Silo is at 95 % of its capacity: 950 of 1000 kg."
    assert (full.priority, full.title) == (Priority.CRITICAL, "A warehouse is full")


async def test_documents_are_told_to_those_who_did_not_make_them() -> None:
    configure_identity()
    branch = await a_branch()
    (keeper, clerk, cashier), manager = await the_crew(branch), await a_manager()
    accountant = await a_registered_officer(None, Role.ACCOUNTANT, name="Anna Books")
    place, item = await a_warehouse(branch_id=branch.id), await an_item("Wheat")
    order = NewPurchase(new_supplier={"name": "Eldoret Growers"}, warehouse_id=place.id, lines=(ordered(item, 100, 10),))
    with acting(keeper):
        await create_purchase(keeper, order=order, up_to=PurchaseStatus.RECEIVED)
    assert (await told(manager), await told(keeper)) == (["PURCHASE_COMPLETED"], [])
    sold = NewSale(
        warehouse_id=place.id,
        customer_name="Jamii",
        lines=[SoldLine(item_id=item.id, quantity=Decimal(5), unit_price=shillings(20))],
    )
    with acting(clerk):
        await create_sale(clerk, sale=sold, doing=Doing(up_to=SaleStatus.DELIVERED))
    for person in (keeper, manager, cashier):
        assert await told(person) == ["SALE_COMPLETED"]
    assert await told(clerk) == []
    with acting(manager):
        earlier = clock.now() - timedelta(days=1)
        await receive_stock(manager, warehouse_id=place.id, lines=[line(item, 100, 50)], received_at=earlier)
    assert (await told(manager), await told(accountant)) == ([], ["SYSTEM"])
    words = await Notification.get(recipient_id=accountant.id)
    assert words.mill_type is MillNotificationType.SYSTEM and "is worth something else now" in words.body


async def test_a_registered_customer_is_told_of_deliveries_and_payments() -> None:
    shop, customer = await a_shop(), await a_registered_customer()
    buyer = await actor_for(await User.get(id=customer.user_id))
    await a_sale(shop, customer=await a_customer())
    sale = await a_sale(shop, customer=customer, note="Known to pay late")
    assert await told(buyer) == ["SALE_COMPLETED"]
    with acting(buyer):
        await pay_order(buyer, order_id=sale.id, amount=shillings(100))
        await pay_order(buyer, order_id=sale.id)
    assert [each for each in await told(buyer) if each != "BALANCE_CHANGED"] == ["PAYMENT_RECEIVED"] * 2
    words = await Notification.filter(recipient_id=buyer.id, kind="milling.order_changed").order_by("source_position")
    whole, part, rest = (f"{sale.currency} {amount}.00" for amount in (600, 100, 500))
    assert [each.body for each in words] == [
        f"Your order {sale.number} over {whole} was handed over. {whole} is to be paid.",
        f"{part} in all has been paid for your order {sale.number}; {rest} is still owed.",
        f"{whole} in all has been paid for your order {sale.number}; nothing more is owed.",
    ]
    assert {(each.subject_kind, each.subject_id) for each in words} == {("mill_order", sale.id)}
    await assert_integrity()


async def test_old_news_is_forgotten() -> None:
    configure_identity()
    manager = await a_manager()
    place, item = await a_warehouse(), await an_item()
    await stocked(item, place, 5)
    await issue(item, place, 5)
    assert await told(manager) == ["OUT_OF_STOCK"]
    with clock.clock_set_to(clock.now() + timedelta(days=7, minutes=1)):
        await expire_notifications.run()
    assert await Notification.all().count() == 0


def test_every_type_of_the_mill_has_a_rule() -> None:
    assert {rule.type for rule in milling.RULES} == {each.value for each in MillNotificationType}
    assert {rule.priority for rule in milling.RULES} == set(Priority)
