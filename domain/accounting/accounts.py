"""The part of the chart of accounts that accounting brings, and the sides of the entries it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.accounting.states import VoucherKind
from domain.ledger.chart import CREDITORS, DEBTORS, AccountKind, HouseAccount, register_account
from domain.ledger.service.manual import MANUAL

_EXPENSE, _INCOME = AccountKind.EXPENSE, AccountKind.INCOME

RETAINED_EARNINGS: Final = register_account("3200", "Retained Earnings", AccountKind.EQUITY)
SERVICE_INCOME: Final = register_account("4120", "Service Income", _INCOME)
RENT_INCOME: Final = register_account("4410", "Rent Income", _INCOME)
OTHER_INCOME: Final = register_account("4490", "Other Income", _INCOME)
ADMINISTRATIVE: Final = register_account("5201", "Administrative Expenses", _EXPENSE)
DEPRECIATION: Final = register_account("5203", "Depreciation", _EXPENSE)
FREIGHT: Final = register_account("5205", "Freight and Forwarding", _EXPENSE)
LEGAL: Final = register_account("5206", "Legal Expenses", _EXPENSE)
MARKETING: Final = register_account("5207", "Marketing Expenses", _EXPENSE)
MAINTENANCE: Final = register_account("5208", "Office Maintenance", _EXPENSE)
RENT: Final = register_account("5209", "Office Rent", _EXPENSE)
STATIONERY: Final = register_account("5211", "Print and Stationery", _EXPENSE)
SALARIES: Final = register_account("5213", "Salaries", _EXPENSE)
TELEPHONE: Final = register_account("5215", "Telephone and Internet", _EXPENSE)
TRAVEL: Final = register_account("5216", "Travel Expenses", _EXPENSE)
UTILITIES: Final = register_account("5217", "Utilities", _EXPENSE)
TAXES: Final = register_account("5222", "Taxes and Licences", _EXPENSE)
OTHER_EXPENSES: Final = register_account("5290", "Other Expenses", _EXPENSE)

ENTRY_KINDS: Final = {
    # Dr the category (a cost of the house)   Cr cash or bank, or creditors when it is still to be paid.
    VoucherKind.EXPENSE: "accounting.expense",
    # Dr cash or bank, or debtors when it is still to come   Cr the category (what the house earned).
    VoucherKind.REVENUE: "accounting.revenue",
    # Dr the account that gets the money   Cr the account that gives it.
    VoucherKind.TRANSFER: "accounting.transfer",
    VoucherKind.JOURNAL_ENTRY: MANUAL,
}
REFERENCES: Final = {
    VoucherKind.EXPENSE: "expense",
    VoucherKind.REVENUE: "revenue",
    VoucherKind.TRANSFER: "transfer",
    VoucherKind.JOURNAL_ENTRY: "journal_draft",
}

# The closing of a year is a business of its own, so that the statements of the year can leave it out.
YEAR_END: Final = "year_end"
CLOSING: Final = f"{YEAR_END}.closing"
REOPENING: Final = f"{YEAR_END}.reopening"

Admits = Callable[[HouseAccount], bool]


def is_expense(account: HouseAccount) -> bool:
    return account.kind is AccountKind.EXPENSE


def is_income(account: HouseAccount) -> bool:
    return account.kind is AccountKind.INCOME


def is_cash(account: HouseAccount) -> bool:
    return account.is_cash


def pays_expenses(account: HouseAccount) -> bool:
    """Money at hand, or the promise to pay later."""
    return account.is_cash or account == CREDITORS


def receives_revenue(account: HouseAccount) -> bool:
    """Money at hand, or somebody's debt to the house."""
    return account.is_cash or account == DEBTORS
