"""The books in shillings: capital, fiscal years, what was earned, spent and moved, and what still waits."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from api.demo.people import ACCOUNTANT, ADMIN, MANAGER, SECOND_MANAGER
from api.demo.stage import Script, Stage
from api.settings import DEMO_CURRENCY
from domain.accounting import service
from domain.accounting.accounts import (
    OTHER_EXPENSES,
    OTHER_INCOME,
    RENT,
    SALARIES,
    SERVICE_INCOME,
    TRAVEL,
    UTILITIES,
)
from domain.accounting.models import Expense, FiscalPeriod
from domain.accounting.service import ExpenseTerms, JournalTerms, RevenueTerms, TransferTerms
from domain.kit.money import Money
from domain.ledger.chart import BANK, CAPITAL, CASH, HouseAccount, id_of_house_account
from domain.ledger.service import credit, debit
from domain.lending.accounts import MPESA_CLEARING

BEGAN_DAYS_AGO: Final = 209
MONTH: Final = 30

MONTHLY_EXPENSES: Final = (
    (RENT, "9500", "Kijani Properties", "Office rent", MANAGER),
    (SALARIES, "18000", "Staff", "Salaries", None),
    (UTILITIES, "2300", "Umeme Power", "Electricity and water", None),
    (TRAVEL, "1850", "Boda Riders", "Visits to borrowers", SECOND_MANAGER),
)
"""With the manager for whose branch it is; None for the whole house."""


def kes(amount: int | str) -> Money:
    return Money.of(amount, DEMO_CURRENCY)


def scripts(stage: Stage) -> list[Script]:
    return [_capital(stage), _months(stage), _what_waits(stage)]


async def _capital(stage: Stage) -> Script:
    """The owners' money, which takes two people to book, and the fiscal years in which all this happens."""
    yield stage.morning(BEGAN_DAYS_AGO)
    for year in sorted({stage.day(BEGAN_DAYS_AGO).year, stage.today.year}):
        await stage.does(ACCOUNTANT, service.create_fiscal_year, starts_on=stage.today.replace(year=year, month=1, day=1))
    for period in await FiscalPeriod.filter(ends_on__lt=stage.day(BEGAN_DAYS_AGO)).order_by("starts_on"):
        await stage.does(ACCOUNTANT, service.close_fiscal_period, period_id=period.id)
    lines = [debit(_id(BANK), kes(2_000_000)), credit(_id(CAPITAL), kes(2_000_000))]
    terms = JournalTerms(description="Capital of the owners", reference="DEED-1", lines=lines)
    draft = await stage.does(ACCOUNTANT, service.create_journal_entry, terms=terms)
    await stage.does(ACCOUNTANT, service.post_journal_draft, draft_id=draft.id)
    await stage.does(ADMIN, service.post_journal_draft, draft_id=draft.id)
    for till, amount in ((CASH, 80_000), (MPESA_CLEARING, 60_000)):
        await _transfer(stage, BANK, till, kes(amount), f"Float for {till.name}")


async def _months(stage: Stage) -> Script:
    """What comes back every month."""
    for days_ago in range(6 + 4 * MONTH, 0, -MONTH):
        yield stage.morning(days_ago)
        for category, amount, payee, description, manager in MONTHLY_EXPENSES:
            branch_id = stage.actors[manager].branch_id if manager else None
            await _expense(stage, spent(category, kes(amount), payee, description, branch_id))
        await _revenue(stage, SERVICE_INCOME, kes("28400"), "Umoja Chama", "Book-keeping for savings groups")
        await _revenue(stage, OTHER_INCOME, kes(1_500), "Market traders", "Sale of passbooks")
        await _transfer(stage, CASH, BANK, kes(6_000), "Takings to the bank")


async def _what_waits(stage: Stage) -> Script:
    """An expense that waits for a second person, one that is a draft, and one that was taken back."""
    yield stage.morning(12)
    mistaken = await _expense(stage, spent(OTHER_EXPENSES, kes(4_800), "Fundi Brothers", "A new roof"))
    await stage.does(ADMIN, service.reverse_expense, expense_id=mistaken.id, reason="booked for the wrong landlord")
    yield stage.morning(4)
    await _expense(stage, spent(OTHER_EXPENSES, kes(148_000), "Piki Motors", "A motorcycle for field visits"))
    draft = spent(OTHER_EXPENSES, kes(3_400), "Karatasi Ltd", "Receipt books")
    await stage.does(ACCOUNTANT, service.create_expense, terms=draft)


def spent(
    category: HouseAccount, amount: Money, payee: str, description: str, branch_id: UUID | None = None
) -> ExpenseTerms:
    return ExpenseTerms(
        amount=amount,
        category_account_id=_id(category),
        paid_from_account_id=_id(BANK),
        payee=payee,
        description=description,
        branch_id=branch_id,
    )


async def _expense(stage: Stage, terms: ExpenseTerms) -> Expense:
    expense = await stage.does(ACCOUNTANT, service.create_expense, terms=terms)
    return await stage.does(ACCOUNTANT, service.post_expense, expense_id=expense.id)


async def _revenue(stage: Stage, category: HouseAccount, amount: Money, payer: str, description: str) -> None:
    terms = RevenueTerms(
        amount=amount,
        category_account_id=_id(category),
        received_into_account_id=_id(CASH),
        payer=payer,
        description=description,
    )
    revenue = await stage.does(ACCOUNTANT, service.create_revenue, terms=terms)
    await stage.does(ACCOUNTANT, service.post_revenue, revenue_id=revenue.id)


async def _transfer(stage: Stage, source: HouseAccount, to: HouseAccount, amount: Money, description: str) -> None:
    terms = TransferTerms(amount=amount, from_account_id=_id(source), to_account_id=_id(to), description=description)
    transfer = await stage.does(ACCOUNTANT, service.create_transfer, terms=terms)
    await stage.does(ACCOUNTANT, service.process_transfer, transfer_id=transfer.id)


def _id(account: HouseAccount) -> UUID:
    return id_of_house_account(account, DEMO_CURRENCY)
