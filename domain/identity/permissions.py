"""Roles, and the permissions each brings. A permission guards an act or a kind of data; row scopes come on top.

One table says it all: :data:`GRANTS`. Fields of the schema declare the permission they need, services require it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache


class Role(str, Enum):
    """What somebody is in the organisation or towards it."""

    ADMIN = "ADMIN"
    ACCOUNTANT = "ACCOUNTANT"
    LOAN_OFFICER = "LOAN_OFFICER"
    BRANCH_MANAGER = "BRANCH_MANAGER"
    BORROWER = "BORROWER"
    SELLER = "SELLER"
    INVESTOR = "INVESTOR"
    DEBTOR = "DEBTOR"
    MILL_MANAGER = "MILL_MANAGER"
    STOREKEEPER = "STOREKEEPER"
    SALES_CLERK = "SALES_CLERK"
    CASHIER = "CASHIER"
    BURSAR = "BURSAR"
    TEACHER = "TEACHER"
    GUARDIAN = "GUARDIAN"


class Permission(str, Enum):
    """What a field of the schema can demand. PUBLIC and SIGNED_IN are everybody's and every user's."""

    PUBLIC = "PUBLIC"
    SIGNED_IN = "SIGNED_IN"
    USERS_MANAGE = "USERS_MANAGE"
    API_KEYS_MANAGE = "API_KEYS_MANAGE"
    AUDIT_READ = "AUDIT_READ"
    EVENTS_READ = "EVENTS_READ"
    INTEGRITY_READ = "INTEGRITY_READ"
    LEDGER_READ = "LEDGER_READ"
    LEDGER_POST = "LEDGER_POST"
    WALLET_USE = "WALLET_USE"
    WALLETS_READ_ALL = "WALLETS_READ_ALL"
    INVOICE_SELL = "INVOICE_SELL"
    INVOICE_FUND = "INVOICE_FUND"
    INVOICE_READ = "INVOICE_READ"
    INVOICE_SETTLE = "INVOICE_SETTLE"
    INVOICES_MANAGE = "INVOICES_MANAGE"
    BRANCHES_MANAGE = "BRANCHES_MANAGE"
    ALL_BRANCHES = "ALL_BRANCHES"
    JOBS_READ = "JOBS_READ"
    JOBS_MANAGE = "JOBS_MANAGE"
    OUTBOX_MANAGE = "OUTBOX_MANAGE"
    REPORTS_GENERATE = "REPORTS_GENERATE"
    APPROVALS_READ = "APPROVALS_READ"
    ACCOUNTING_READ = "ACCOUNTING_READ"
    ACCOUNTING_WRITE = "ACCOUNTING_WRITE"
    ACCOUNTING_APPROVE = "ACCOUNTING_APPROVE"
    FISCAL_PERIODS_MANAGE = "FISCAL_PERIODS_MANAGE"
    LOAN_APPLY = "LOAN_APPLY"
    LOAN_READ = "LOAN_READ"
    LOAN_REVIEW = "LOAN_REVIEW"
    LOAN_APPROVE = "LOAN_APPROVE"
    LOAN_DISBURSE = "LOAN_DISBURSE"
    LOAN_COLLECT = "LOAN_COLLECT"
    LOAN_ADJUST = "LOAN_ADJUST"
    LOAN_PRODUCTS_MANAGE = "LOAN_PRODUCTS_MANAGE"
    COLLECTIONS_WORK = "COLLECTIONS_WORK"
    OFFICER_DASHBOARD = "OFFICER_DASHBOARD"
    BRANCH_DASHBOARD = "BRANCH_DASHBOARD"
    ADMIN_DASHBOARD = "ADMIN_DASHBOARD"
    MILL_READ = "MILL_READ"
    MILL_MANAGE = "MILL_MANAGE"
    MILL_PURCHASE = "MILL_PURCHASE"
    MILL_PRODUCE = "MILL_PRODUCE"
    MILL_SELL = "MILL_SELL"
    MILL_BILL = "MILL_BILL"
    MILL_BACKDATE = "MILL_BACKDATE"
    STOCK_KEEP = "STOCK_KEEP"


_P = Permission
_OWN_MONEY = {_P.WALLET_USE}
_STAFF = {_P.EVENTS_READ}
_LENDING = {_P.LOAN_READ, _P.LOAN_REVIEW, _P.LOAN_COLLECT, _P.COLLECTIONS_WORK, _P.REPORTS_GENERATE}
_MILL = {_P.MILL_READ, _P.REPORTS_GENERATE}
_BOOKS = {_P.ACCOUNTING_READ, _P.ACCOUNTING_WRITE, _P.ACCOUNTING_APPROVE, _P.FISCAL_PERIODS_MANAGE}

GRANTS: dict[Role, set[Permission]] = {
    Role.ADMIN: set(Permission),
    Role.ACCOUNTANT: _STAFF
    | {_P.LEDGER_READ, _P.LEDGER_POST, _P.WALLETS_READ_ALL, _P.INVOICE_READ, _P.INVOICES_MANAGE, _P.AUDIT_READ}
    | _BOOKS
    | {_P.LOAN_READ, _P.LOAN_COLLECT, _P.ALL_BRANCHES, _P.APPROVALS_READ, _P.REPORTS_GENERATE}
    | {_P.MILL_READ, _P.MILL_BILL, _P.MILL_BACKDATE},
    Role.LOAN_OFFICER: _STAFF | _OWN_MONEY | _LENDING | {_P.OFFICER_DASHBOARD},
    Role.BRANCH_MANAGER: _STAFF
    | _OWN_MONEY
    | _LENDING
    | {_P.LOAN_APPROVE, _P.LOAN_ADJUST, _P.APPROVALS_READ, _P.BRANCH_DASHBOARD, _P.ACCOUNTING_READ},
    Role.BORROWER: _OWN_MONEY | {_P.LOAN_APPLY, _P.LOAN_READ},
    Role.SELLER: _OWN_MONEY | {_P.INVOICE_SELL, _P.INVOICE_READ},
    Role.INVESTOR: _OWN_MONEY | {_P.INVOICE_FUND, _P.INVOICE_READ},
    Role.DEBTOR: _OWN_MONEY | {_P.INVOICE_SETTLE, _P.INVOICE_READ},
    Role.MILL_MANAGER: _STAFF
    | _OWN_MONEY
    | _MILL
    | {_P.MILL_MANAGE, _P.MILL_PURCHASE, _P.MILL_PRODUCE, _P.MILL_SELL, _P.MILL_BILL, _P.MILL_BACKDATE, _P.STOCK_KEEP}
    | {_P.INVOICE_SELL, _P.INVOICE_READ, _P.ALL_BRANCHES},
    Role.STOREKEEPER: _OWN_MONEY | _MILL | {_P.STOCK_KEEP, _P.MILL_PURCHASE, _P.MILL_PRODUCE},
    Role.SALES_CLERK: _OWN_MONEY | _MILL | {_P.MILL_SELL},
    Role.CASHIER: _OWN_MONEY | {_P.MILL_READ, _P.MILL_BILL},
    Role.BURSAR: _OWN_MONEY,
    Role.TEACHER: _OWN_MONEY,
    Role.GUARDIAN: _OWN_MONEY,
}


SELF_REGISTERED: frozenset[Role] = frozenset({Role.SELLER, Role.INVESTOR, Role.DEBTOR, Role.BORROWER, Role.GUARDIAN})
"""What people may say of themselves when they register; all other roles are given."""

UNSCOPED: frozenset[Permission] = frozenset({Permission.PUBLIC, Permission.SIGNED_IN})
"""What every API key has anyway, so that it is no scope to ask for."""


@cache
def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    granted: set[Permission] = {Permission.PUBLIC, Permission.SIGNED_IN}
    for role in roles:
        granted |= GRANTS[role]
    return frozenset(granted)


def roles_named(names: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)
