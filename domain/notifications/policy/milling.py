"""The mill: what runs out and fills up, what was bought, milled and sold, and what the books valued anew by themselves.

Alerts go to everybody who can do something about them, whoever's act it was that crossed a level. Of other things people are
not told when they did them. Storekeepers, sales clerks and cashiers hear of their branch, mill managers of all.
A customer who is a registered user is told that an order was delivered, and that a payment for one has arrived.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from domain.events.event import LoggedEvent
from domain.identity.permissions import Role
from domain.kit.wording import day, measured
from domain.milling.events import AlertRaised, OrderChanged, ProductionChanged, PurchaseChanged, SaleChanged, StockRevalued
from domain.notifications.recipients import Recipients, in_role, of_branch, the_user
from domain.notifications.rule import CRITICAL, HIGH, LOW, MEDIUM, MONTH, WEEK, Rule, Subject

EVERYWHERE: Final = frozenset({Role.MILL_MANAGER})
"""Those of the mill who see every branch."""


class _OfABranch(Protocol):
    @property
    def at_branch(self) -> UUID | None: ...


def keepers_and_managers(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    """The storekeepers of the branch and the mill's managers, even when it was their own act."""
    return Recipients(
        roles=frozenset({Role.STOREKEEPER, Role.MILL_MANAGER}), of_branches=EVERYWHERE, branch_id=fact.at_branch
    )


def clerks(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    return of_branch(Role.SALES_CLERK, fact.at_branch)


def other_keepers(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    return of_branch(Role.STOREKEEPER, fact.at_branch, but=_doer(logged))


def other_cashiers(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    return of_branch(Role.CASHIER, fact.at_branch, but=_doer(logged))


def other_managers(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    return in_role(Role.MILL_MANAGER, but=_doer(logged))


def managers_and_accountants(fact: _OfABranch, logged: LoggedEvent) -> Recipients:
    return Recipients(roles=frozenset({Role.MILL_MANAGER, Role.ACCOUNTANT}), but=frozenset(_doer(logged)))


def an_alert(fact: AlertRaised) -> Subject:
    told = fact.alert
    figures = {"onHand": _number(told.on_hand), "threshold": _number(told.threshold), "warehouseName": told.warehouse_name}
    if told.item_name is not None:
        figures["itemName"] = told.item_name
    return Subject("stock_alert", told.id, figures)


def a_purchase(fact: PurchaseChanged) -> Subject:
    return Subject("purchase", fact.purchase.id, {"number": fact.purchase.number})


def a_production(fact: ProductionChanged) -> Subject:
    return Subject("production", fact.production.id, {"number": fact.production.number})


def a_sale(fact: SaleChanged) -> Subject:
    return Subject("sale", fact.sale.id, {"number": fact.sale.number})


def an_order(fact: OrderChanged) -> Subject:
    return Subject("mill_order", fact.order.id, {"number": fact.order.number})


def a_document(fact: StockRevalued) -> Subject:
    return Subject(fact.document.kind.value.lower(), fact.document.id, {"number": fact.document.number})


def _alert(kind: str, priority: str | None = None) -> Callable[[AlertRaised], bool]:
    return lambda fact: fact.alert.kind.value == kind and priority in (None, fact.alert.priority.value)


def _change(change: str) -> Callable[[Any], bool]:
    return lambda fact: fact.change.value == change


def _running_out(fact: AlertRaised) -> str:
    told = fact.alert
    left, level = (
        measured(quantity, told.base_unit) if told.base_unit else _number(quantity)
        for quantity in (told.on_hand, told.threshold)
    )
    return f"{told.item_name}: {left} left in {told.warehouse_name}. The reorder level is {level}."


def _out(fact: AlertRaised) -> str:
    return f"Nothing of {fact.alert.item_name} is left in {fact.alert.warehouse_name}."


def _full(fact: AlertRaised) -> str:
    told = fact.alert
    return (
        f"{told.warehouse_name} is at {_percent(told.used_percent)} of its capacity: "
        f"{_number(told.on_hand)} of {_number(told.threshold)} kg."
    )


def _delivered(fact: OrderChanged) -> str:
    told = fact.order
    by_then = "" if told.due_on is None else f" by {day(told.due_on)}"
    owed = f"{told.due_amount} is to be paid{by_then}." if told.due_amount else "There is nothing to pay."
    return f"Your order {told.number} over {told.amount} was handed over. {owed}"


def _paid(fact: OrderChanged) -> str:
    told = fact.order
    left = "nothing more is owed" if told.due_amount.amount_minor <= 0 else f"{told.due_amount} is still owed"
    return f"{told.paid_amount} in all has been paid for your order {told.number}; {left}."


def _made(fact: ProductionChanged) -> str:
    told = fact.production
    of_input = "" if told.yield_percent is None else f" The yield is {_percent(told.yield_percent)}."
    return (
        f"{told.number} made {_number(told.output_quantity)} of {told.item_name} at a cost of {told.output_cost}.{of_input}"
    )


RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=AlertRaised,
        when=_alert("OUT_OF_STOCK"),
        to=keepers_and_managers,
        type="OUT_OF_STOCK",
        priority=CRITICAL,
        title="An item is out of stock",
        body=_out,
        kept_for=WEEK,
        about=an_alert,
    ),
    Rule(
        on=AlertRaised,
        when=_alert("OUT_OF_STOCK"),
        to=clerks,
        type="OUT_OF_STOCK",
        priority=MEDIUM,
        title="An item cannot be sold for now",
        body=_out,
        kept_for=WEEK,
        about=an_alert,
    ),
    Rule(
        on=AlertRaised,
        when=_alert("LOW_STOCK"),
        to=keepers_and_managers,
        type="LOW_STOCK",
        priority=HIGH,
        title="An item runs low",
        body=_running_out,
        kept_for=WEEK,
        about=an_alert,
    ),
    Rule(
        on=AlertRaised,
        when=_alert("WAREHOUSE_CAPACITY", "CRITICAL"),
        to=keepers_and_managers,
        type="WAREHOUSE_CAPACITY",
        priority=CRITICAL,
        title="A warehouse is full",
        body=_full,
        kept_for=WEEK,
        about=an_alert,
    ),
    Rule(
        on=AlertRaised,
        when=_alert("WAREHOUSE_CAPACITY", "HIGH"),
        to=keepers_and_managers,
        type="WAREHOUSE_CAPACITY",
        priority=HIGH,
        title="A warehouse fills up",
        body=_full,
        kept_for=WEEK,
        about=an_alert,
    ),
    Rule(
        on=ProductionChanged,
        when=_change("COMPLETED"),
        to=other_managers,
        type="PRODUCTION_COMPLETED",
        priority=MEDIUM,
        title="A production is complete",
        body=_made,
        kept_for=MONTH,
        about=a_production,
    ),
    Rule(
        on=ProductionChanged,
        when=_change("COMPLETED"),
        to=other_keepers,
        type="INVENTORY_UPDATED",
        priority=MEDIUM,
        title="The store has new goods",
        body=_made,
        kept_for=WEEK,
        about=a_production,
    ),
    Rule(
        on=PurchaseChanged,
        when=_change("RECEIVED"),
        to=other_keepers,
        type="PURCHASE_COMPLETED",
        priority=MEDIUM,
        title="A purchase has arrived",
        body=lambda fact: f"The goods of {fact.purchase.number} from {fact.purchase.supplier_name} are in the warehouse.",
        kept_for=MONTH,
        about=a_purchase,
    ),
    Rule(
        on=PurchaseChanged,
        when=_change("RECEIVED"),
        to=other_managers,
        type="PURCHASE_COMPLETED",
        priority=LOW,
        title="A purchase has arrived",
        body=lambda fact: (
            f"The goods of {fact.purchase.number} from {fact.purchase.supplier_name} are in the warehouse, "
            f"for {fact.purchase.amount}."
        ),
        kept_for=MONTH,
        about=a_purchase,
    ),
    Rule(
        on=SaleChanged,
        when=_change("DELIVERED"),
        to=other_cashiers,
        type="SALE_COMPLETED",
        priority=MEDIUM,
        title="A sale was delivered",
        body=lambda fact: f"{fact.sale.customer_name} owes {fact.sale.due_amount} for {fact.sale.number}.",
        kept_for=MONTH,
        about=a_sale,
    ),
    Rule(
        on=SaleChanged,
        when=_change("DELIVERED"),
        to=other_keepers,
        type="SALE_COMPLETED",
        priority=LOW,
        title="Goods of a sale left the store",
        body=lambda fact: f"{fact.sale.number} went to {fact.sale.customer_name}.",
        kept_for=MONTH,
        about=a_sale,
    ),
    Rule(
        on=SaleChanged,
        when=_change("DELIVERED"),
        to=other_managers,
        type="SALE_COMPLETED",
        priority=LOW,
        title="A sale was delivered",
        body=lambda fact: f"{fact.sale.number} over {fact.sale.amount} went to {fact.sale.customer_name}.",
        kept_for=MONTH,
        about=a_sale,
    ),
    Rule(
        on=OrderChanged,
        when=_change("DELIVERED"),
        to=the_user,
        type="SALE_COMPLETED",
        priority=MEDIUM,
        title="Your order was delivered",
        body=_delivered,
        kept_for=MONTH,
        about=an_order,
    ),
    Rule(
        on=OrderChanged,
        when=_change("PAID"),
        to=the_user,
        type="PAYMENT_RECEIVED",
        priority=MEDIUM,
        title="Your payment has arrived",
        body=_paid,
        kept_for=MONTH,
        about=an_order,
    ),
    Rule(
        on=StockRevalued,
        to=managers_and_accountants,
        type="SYSTEM",
        priority=LOW,
        title="Stock was valued anew",
        body=lambda fact: (
            f"{fact.document.number} counts from {day(fact.since_at.date())}, "
            "so what came after it is worth something else now. "
            "The books follow by entries of their own."
        ),
        kept_for=WEEK,
        about=a_document,
    ),
)


def _number(number: Decimal) -> str:
    """Without the zeros that its column has room for."""
    return f"{number.normalize():f}"


def _percent(number: Decimal | None) -> str:
    return "an unknown part" if number is None else f"{_number(number)} %"


def _doer(logged: LoggedEvent) -> list[UUID]:
    return [] if logged.actor_id is None else [logged.actor_id]
