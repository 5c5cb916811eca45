"""Accountants and vouchers, for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.accounting import accounts
from domain.accounting.models import Expense, Revenue, Transfer
from domain.accounting.service import (
    ExpenseTerms,
    RevenueTerms,
    TransferTerms,
    create_expense,
    create_revenue,
    create_transfer,
    post_expense,
    post_revenue,
)
from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger import queries
from domain.ledger.chart import BANK, CAPITAL, CASH, HouseAccount, house_account, id_of_house_account
from domain.ledger.service import credit, debit, post_entry


def inr(amount: int | str) -> Money:
    return Money.of(amount, "INR")


def an_accountant(name: str = "Achieng Otieno", *, branch_id: UUID | None = None) -> Actor:
    """Somebody who keeps the books, signed in."""
    return Actor(id=new_id(), name=name, roles=frozenset({Role.ACCOUNTANT}), branch_id=branch_id)


def a_manager_of(branch_id: UUID, name: str = "Mwangi Njoroge") -> Actor:
    """The manager of a branch, who reads its accounts and no other's."""
    return Actor(id=new_id(), name=name, roles=frozenset({Role.BRANCH_MANAGER}), branch_id=branch_id)


def id_of(account: HouseAccount, currency: str = "INR") -> UUID:
    return id_of_house_account(account, currency)


def an_expense(**changes: Any) -> ExpenseTerms:
    """Rent of 1,200.00 INR, paid from the bank today; changed as said."""
    stated: dict[str, Any] = {
        "amount": inr(1_200),
        "category_account_id": id_of(accounts.RENT),
        "paid_from_account_id": id_of(BANK),
        "payee": "Kijani Properties",
        "description": "Office rent",
        "reference": "INV-7",
    }
    return ExpenseTerms(**(stated | changes))


def a_revenue(**changes: Any) -> RevenueTerms:
    """Service income of 5,000.00 INR, received in cash today; changed as said."""
    stated: dict[str, Any] = {
        "amount": inr(5_000),
        "category_account_id": id_of(accounts.SERVICE_INCOME),
        "received_into_account_id": id_of(CASH),
        "payer": "Sita Mills",
        "description": "Book-keeping for February",
    }
    return RevenueTerms(**(stated | changes))


def a_transfer(**changes: Any) -> TransferTerms:
    """1,000.00 INR from the bank into the drawer; changed as said."""
    stated: dict[str, Any] = {
        "amount": inr(1_000),
        "from_account_id": id_of(BANK),
        "to_account_id": id_of(CASH),
        "description": "Petty cash",
    }
    return TransferTerms(**(stated | changes))


async def a_drafted_expense(actor: Actor, **changes: Any) -> Expense:
    return await create_expense(actor, terms=an_expense(**changes))


async def a_posted_expense(actor: Actor, **changes: Any) -> Expense:
    expense = await a_drafted_expense(actor, **changes)
    return await post_expense(actor, expense_id=expense.id)


async def a_posted_revenue(actor: Actor, **changes: Any) -> Revenue:
    revenue = await create_revenue(actor, terms=a_revenue(**changes))
    return await post_revenue(actor, revenue_id=revenue.id)


async def a_drafted_transfer(actor: Actor, **changes: Any) -> Transfer:
    return await create_transfer(actor, terms=a_transfer(**changes))


async def capital(
    amount: int | str | Decimal, *, into: HouseAccount = BANK, on: date | None = None, currency: str = "INR"
) -> UUID:
    """Money that the owners put in."""
    sum_ = Money.of(amount, currency)
    lines = [debit(await house_account(into, currency), sum_), credit(await house_account(CAPITAL, currency), sum_)]
    posted = await post_entry(kind="test.capital", description="Capital", lines=lines, effective_on=on)
    return posted.entry_id


async def in_account(account: HouseAccount, currency: str = "INR") -> Money:
    """What an account of the house holds now, on the side on which it grows."""
    return (await queries.account_balance(SYSTEM, account_id=id_of(account, currency))).posted
