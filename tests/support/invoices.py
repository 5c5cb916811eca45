"""Sellers, investors, debtors and their invoices, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.rules import FeeTerms
from domain.invoice_finance.service import InvoiceTerms, create_invoice, fund_invoice
from domain.invoice_finance.states import FeeMethod
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.wallets import queries
from domain.wallets.models import WalletBalance
from domain.wallets.service import wallet_of
from tests.support.people import a_user, configure_identity

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)
"""A Monday, for tests that stand at a day."""

_numbers = count(1)


def inr(amount: int | str) -> Money:
    return Money.of(amount, "INR")


def an_actor_of(role: Role, *more: Role, name: str = "Asha Patel") -> Actor:
    """Somebody signed in with these roles; the wallet opens on first use."""
    return Actor(id=new_id(), name=name, roles=frozenset({role, *more}))


def a_seller(name: str = "Sita Mills") -> Actor:
    return an_actor_of(Role.SELLER, name=name)


def an_investor(name: str = "Ravi Kapoor") -> Actor:
    return an_actor_of(Role.INVESTOR, name=name)


def staff() -> Actor:
    return an_actor_of(Role.ACCOUNTANT, name="Anna Books")


async def a_debtor(name: str = "Big Bazaar") -> Actor:
    """A debtor who can be named on an invoice: a registered user."""
    configure_identity()
    user = await a_user(Role.DEBTOR, name=name)
    return Actor(id=user.id, name=user.name, roles=frozenset({Role.DEBTOR}))


def flat(percent: str) -> FeeTerms:
    return FeeTerms(FeeMethod.FLAT, rate_bps=int(Decimal(percent) * 100))


def terms(**changes: Any) -> InvoiceTerms:
    """An invoice of 1,000,000.00 INR, due in 60 days, with a number of its own, changed as said."""
    stated: dict[str, Any] = {
        "number": f"INV-{next(_numbers)}",
        "debtor_name": "Big Bazaar",
        "face": inr(1_000_000),
        "due_on": clock.today() + timedelta(days=60),
    }
    return InvoiceTerms(**(stated | changes))


async def a_listed_invoice(seller: Actor, **changes: Any) -> Invoice:
    return await create_invoice(seller, terms=terms(**changes))


async def a_funded_invoice(seller: Actor, investor: Actor, **changes: Any) -> Invoice:
    """An invoice with all of its advance from one investor."""
    invoice = await a_listed_invoice(seller, **changes)
    return (await fund_invoice(investor, invoice_id=invoice.id, amount=invoice.requested_amount)).invoice


async def purse(person: Actor | UUID, currency: str = "INR") -> WalletBalance:
    """What somebody's wallet holds now."""
    wallet = await wallet_of(person if isinstance(person, UUID) else person.id, currency)
    return (await queries.balances_of([wallet.id]))[wallet.id]


async def balance(person: Actor, currency: str = "INR") -> Money:
    return (await purse(person, currency)).balance
