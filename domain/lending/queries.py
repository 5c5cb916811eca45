"""Reading loans and what belongs to them. Every read starts from the loans that the actor may see.

What answers several ids at once does so in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.kit.reading import read_one, rows_by_id, rows_of
from domain.lending.access import of_seen_loans, seen_by, visible_loans
from domain.lending.errors import LoanNotFound, LoanProductNotFound
from domain.lending.models import (
    Loan,
    LoanAllocation,
    LoanCharge,
    LoanDocument,
    LoanInstalment,
    LoanProduct,
    LoanTransaction,
)
from domain.lending.states import LoanStatus, TransactionKind

MAX_SEARCH: Final = 100
MAX_NUMBER: Final = 20
HOUSEKEEPING: Final = (TransactionKind.ACCRUAL,)
"""What the books want to know and a borrower's statement does not."""


@dataclass(frozen=True, kw_only=True)
class LoanFilter:
    """Which loans; what is not said does not narrow. ``search`` is the beginning of a number or of a borrower's name."""

    statuses: Sequence[LoanStatus] = ()
    borrower_id: UUID | None = None
    officer_id: UUID | None = None
    branch_id: UUID | None = None
    product_id: UUID | None = None
    search: str | None = None

    @property
    def condition(self) -> Q:
        columns = ("borrower_id", "officer_id", "branch_id", "product_id")
        found = Q(**{column: getattr(self, column) for column in columns if getattr(self, column) is not None})
        if self.statuses:
            found &= Q(status__in=list(self.statuses))
        wanted = " ".join((self.search or "").split())[:MAX_SEARCH]
        if wanted:
            found &= _searched(wanted)
        return found


def _searched(wanted: str) -> Q:
    if not wanted.isprintable():
        return Q(pk__in=[])
    by_name = Q(borrower_name__istartswith=wanted)
    return by_name | Q(number=wanted.upper()) if len(wanted) <= MAX_NUMBER else by_name


async def loan(actor: Actor, loan_id: UUID) -> Loan:
    """A loan that the actor may see."""
    actor.require(Permission.LOAN_READ)
    found = await read_one(visible_loans(actor).filter(id=loan_id))
    if found is None:
        raise LoanNotFound(field=("loanId",))
    return found


async def loans(actor: Actor, page: PageRequest, *, narrowed: LoanFilter | None = None) -> Page[Loan]:
    """The loans that the actor may see, the newest first."""
    actor.require(Permission.LOAN_READ)
    narrowed = narrowed or LoanFilter()
    return await page_of(visible_loans(actor, narrowed.condition), page, "-created_at", "-id")


async def loan_product(actor: Actor, product_id: UUID) -> LoanProduct:
    """A product, lent still or not."""
    actor.require(Permission.LOAN_READ)
    found = await read_one(LoanProduct.filter(id=product_id))
    if found is None:
        raise LoanProductNotFound(field=("productId",))
    return found


async def loan_products(
    actor: Actor, page: PageRequest, *, active: bool | None = True, currency: str | None = None
) -> Page[LoanProduct]:
    """The products by their names; those that are lent, unless said otherwise."""
    actor.require(Permission.LOAN_READ)
    found = LoanProduct.all()
    if active is not None:
        found = found.filter(active=active)
    if currency is not None:
        found = found.filter(currency=currency)
    return await page_of(found, page, "name", "id")


async def loan_transactions(
    actor: Actor, page: PageRequest, *, loan_id: UUID, with_housekeeping: bool = False
) -> Page[LoanTransaction]:
    """The statement of a loan, the latest first; what was reversed stays on it."""
    found = await loan(actor, loan_id)
    lines = LoanTransaction.filter(loan_id=found.id)
    if not with_housekeeping:
        lines = lines.exclude(kind__in=HOUSEKEEPING)
    return await page_of(lines, page, "-happened_on", "-id")


loans_by_id = rows_by_id(Loan, seen_by, permission=Permission.LOAN_READ)

products_by_id = rows_by_id(LoanProduct, permission=Permission.LOAN_READ)

documents_by_id = rows_by_id(LoanDocument, of_seen_loans, permission=Permission.LOAN_READ)

transactions_by_id = rows_by_id(LoanTransaction, of_seen_loans, permission=Permission.LOAN_READ)

instalments_by_id = rows_by_id(LoanInstalment, of_seen_loans, permission=Permission.LOAN_READ)

documents_of = rows_of(LoanDocument, "loan_id", of_seen_loans, order=("uploaded_at", "id"), permission=Permission.LOAN_READ)
"""The papers of some loans, the earliest first."""

instalments_of = rows_of(LoanInstalment, "loan_id", of_seen_loans, order=("number",), permission=Permission.LOAN_READ)
"""The schedules of some loans as they stand."""

charges_of = rows_of(
    LoanCharge, "loan_id", of_seen_loans, order=("due_on", "charged_on", "key"), permission=Permission.LOAN_READ
)
"""The fees and penalties of some loans, in the order in which they fell due."""

allocations_of = rows_of(
    LoanAllocation, "transaction_id", of_seen_loans, order=("instalment_number",), permission=Permission.LOAN_READ
)
"""What some transactions paid of each instalment."""
