"""Reading loans and what belongs to them. Every read starts from the loans that the actor may see.

The functions that take several ids are for loaders: one statement answers for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.paging import Page, PageRequest, page_of
from domain.lending.access import seen_by, visible_loans
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

M = TypeVar("M", bound=Model)

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
    found = await visible_loans(actor).get_or_none(id=loan_id)
    if found is None:
        raise LoanNotFound(field=("loanId",))
    return found


async def loans(actor: Actor, page: PageRequest, *, narrowed: LoanFilter | None = None) -> Page[Loan]:
    """The loans that the actor may see, the newest first."""
    actor.require(Permission.LOAN_READ)
    narrowed = narrowed or LoanFilter()
    return await page_of(visible_loans(actor).filter(narrowed.condition), page, "-created_at", "-id")


async def loan_product(actor: Actor, product_id: UUID) -> LoanProduct:
    """A product, lent still or not."""
    actor.require(Permission.LOAN_READ)
    found = await LoanProduct.get_or_none(id=product_id)
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


async def loans_by_id(actor: Actor, loan_ids: Sequence[UUID]) -> dict[UUID, Loan]:
    return {each.id: each for each in await visible_loans(actor).filter(id__in=loan_ids)} if _reads(actor) else {}


async def products_by_id(actor: Actor, product_ids: Sequence[UUID]) -> dict[UUID, LoanProduct]:
    return {each.id: each for each in await LoanProduct.filter(id__in=product_ids)} if _reads(actor) else {}


async def documents_by_id(actor: Actor, document_ids: Sequence[UUID]) -> dict[UUID, LoanDocument]:
    return {each.id: each for each in await _of_visible(actor, LoanDocument, id__in=document_ids)}


async def transactions_by_id(actor: Actor, transaction_ids: Sequence[UUID]) -> dict[UUID, LoanTransaction]:
    return {each.id: each for each in await _of_visible(actor, LoanTransaction, id__in=transaction_ids)}


async def instalments_by_id(actor: Actor, instalment_ids: Sequence[UUID]) -> dict[UUID, LoanInstalment]:
    return {each.id: each for each in await _of_visible(actor, LoanInstalment, id__in=instalment_ids)}


async def documents_of(actor: Actor, loan_ids: Sequence[UUID]) -> dict[UUID, list[LoanDocument]]:
    """The papers of some loans, the earliest first."""
    rows = await _of_visible(actor, LoanDocument, loan_id__in=loan_ids)
    return _grouped(sorted(rows, key=lambda row: (row.uploaded_at, row.id)), "loan_id")


async def instalments_of(actor: Actor, loan_ids: Sequence[UUID]) -> dict[UUID, list[LoanInstalment]]:
    """The schedules of some loans as they stand."""
    rows = await _of_visible(actor, LoanInstalment, loan_id__in=loan_ids)
    return _grouped(sorted(rows, key=lambda row: row.number), "loan_id")


async def charges_of(actor: Actor, loan_ids: Sequence[UUID]) -> dict[UUID, list[LoanCharge]]:
    """The fees and penalties of some loans, in the order in which they fell due."""
    rows = await _of_visible(actor, LoanCharge, loan_id__in=loan_ids)
    return _grouped(sorted(rows, key=lambda row: (row.due_on, row.charged_on, row.key)), "loan_id")


async def allocations_of(actor: Actor, transaction_ids: Sequence[UUID]) -> dict[UUID, list[LoanAllocation]]:
    """What some transactions paid of each instalment."""
    rows = await _of_visible(actor, LoanAllocation, transaction_id__in=transaction_ids)
    return _grouped(sorted(rows, key=lambda row: row.instalment_number), "transaction_id")


async def instalments_due(actor: Actor, loan_ids: Sequence[UUID], until: date) -> dict[UUID, list[LoanInstalment]]:
    """What is unpaid of some loans and due by that day."""
    rows = await _of_visible(actor, LoanInstalment, loan_id__in=loan_ids, due_on__lte=until, unpaid_minor__gt=0)
    return _grouped(sorted(rows, key=lambda row: row.number), "loan_id")


async def _of_visible(actor: Actor, model: type[M], **which: Any) -> list[M]:
    """The rows of a table of things that belong to loans, of those loans that the actor may see."""
    if not _reads(actor):
        return []
    seen = Subquery(Loan.filter(seen_by(actor)).values("id"))
    return await model.filter(**which).filter(loan_id__in=seen)


def _reads(actor: Actor) -> bool:
    return actor.may(Permission.LOAN_READ)


def _grouped(rows: Sequence[M], column: str) -> dict[Any, list[M]]:
    groups: dict[Any, list[M]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups
