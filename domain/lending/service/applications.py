"""Applying for a loan: draft, edit, submit, take back; by the borrower, or by an officer of the borrower's branch.

Events, in this order: what the act is (LoanApplicationSubmitted, LoanWithdrawn; a draft is no news to anybody else), then
LoanUpdated, then LoanStatusChanged if the status is another one, then ApprovalDecided if a request for approval ends.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.approvals.models import ApprovalStatus
from domain.approvals.service import close_approval
from domain.identity.actor import Actor
from domain.identity.errors import BranchClosed, BranchNotFound
from domain.identity.models import Branch, User
from domain.identity.permissions import Permission, Role
from domain.identity.service import require_open_branch
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.lending.application import LoanApplication, LoanQuote, faults_of, quote_for
from domain.lending.errors import (
    BorrowerNotFound,
    BranchMissing,
    LoanNotDraft,
    LoanNotFound,
    LoanNotWithdrawable,
    LoanProductNotFound,
    TooManyApplications,
)
from domain.lending.events import LoanApplicationSubmitted, LoanFigures, LoanWithdrawn
from domain.lending.models import Loan, LoanProduct
from domain.lending.rules.terms import LoanTerms
from domain.lending.service.desk import locked_seen, prose, save, tell
from domain.lending.service.paying_for import MAX_TITLE, pays_for, require_no_down_payment, what_it_pays
from domain.lending.states import UNDECIDED, LoanChange, LoanStatus

NEXT_NUMBER: Final = "select nextval('loan_number')"
MAX_REASON: Final = 1_000
MAX_OPEN: Final = 20
KIND: Final = "LOAN"
"""The kind of request for approval that an application becomes when nothing else is missing."""


@dataclass(frozen=True, slots=True)
class _Borrower:
    """For whom an application is, and at which branch."""

    id: UUID
    name: str
    branch_id: UUID


async def loan_quote(actor: Actor, *, application: LoanApplication) -> LoanQuote:
    """What the loan asked for would cost if it were paid out today. Reads the product and writes nothing.

    Refuses with the first of what :func:`validate_loan_application` finds in the terms.
    """
    actor.require(Permission.LOAN_READ)
    product = await _product(application.product_id)
    for fault in faults_of(product, application, clock.today()):
        raise fault
    return quote_for(_terms(product, application), clock.today())


async def validate_loan_application(actor: Actor, *, application: LoanApplication) -> list[DomainError]:
    """All that would be refused if this were submitted now; empty when it could be. Writes nothing."""
    _require_may_apply(actor)
    faults: list[DomainError] = []
    payout: Money | None = None
    try:
        product = await _product(application.product_id)
        faults += faults_of(product, application, clock.today())
        if not faults:
            payout = _payout(product, application)
    except DomainError as error:
        faults.append(error)
    try:
        borrower = await _borrower(actor, application)
        await _require_branch(borrower.branch_id)
        if application.pays_for is not None:
            await what_it_pays(borrower.id, application.pays_for, application.principal, payout)
    except DomainError as error:
        faults.append(error)
    return faults


@retried
async def create_application(actor: Actor, *, application: LoanApplication) -> Loan:
    """Write a draft, which only the borrower and its writer see. Refuses whatever could never be submitted."""
    _require_may_apply(actor)
    async with unit_of_work() as work:
        loan = await _draft(work, actor, application)
        tell(work, loan, LoanChange.DRAFTED, LoanStatus.DRAFT)
    return loan


@retried
async def apply_for_loan(actor: Actor, *, application: LoanApplication) -> Loan:
    """Write an application and submit it at once."""
    _require_may_apply(actor)
    async with unit_of_work() as work:
        loan = await _draft(work, actor, application)
        await _submit(work, actor, loan)
    return loan


@retried
async def update_application(actor: Actor, *, loan_id: UUID, changes: Mapping[str, Any]) -> Loan:
    """Change a draft; ``changes`` is by the field names of :class:`LoanApplication`, borrower and branch stay."""
    _require_may_apply(actor)
    assert not {"borrower_id", "branch_id"} & changes.keys(), "whose application it is does not change"
    async with unit_of_work() as work:
        loan = await _own_draft(actor, loan_id)
        application = dataclasses.replace(application_of(loan), **changes)
        await _ask(loan, await _checked_product(application), application)
        await save(loan)
        tell(work, loan, LoanChange.EDITED, LoanStatus.DRAFT)
    return loan


@retried
async def submit_application(actor: Actor, *, loan_id: UUID) -> Loan:
    """Hand a draft in: from here on the staff of the branch see it. It is checked again, as its product may have changed."""
    _require_may_apply(actor)
    async with unit_of_work() as work:
        loan = await _own_draft(actor, loan_id)
        await require_open_branch(work, loan.branch_id)
        application = application_of(loan)
        await _ask(loan, await _checked_product(application), application)
        await _submit(work, actor, loan)
    return loan


@retried
async def withdraw_application(actor: Actor, *, loan_id: UUID, reason: str = "") -> Loan:
    """Take an application back before money was paid out: by the borrower, its writer, or staff who review loans."""
    actor.require(Permission.LOAN_READ)
    reason = prose(reason, MAX_REASON, "reason")
    async with unit_of_work() as work:
        loan = await locked_seen(actor, loan_id)
        if actor.id not in (loan.borrower_id, loan.created_by_id) and not actor.may_at(
            Permission.LOAN_REVIEW, loan.branch_id
        ):
            raise Forbidden("the borrower and those who review loans can withdraw an application")
        if loan.status not in {LoanStatus.DRAFT, LoanStatus.APPROVED, *UNDECIDED}:
            raise LoanNotWithdrawable("this loan cannot be withdrawn any more")
        before = loan.become(LoanStatus.WITHDRAWN)
        loan.withdrawn_by_id, loan.withdrawn_at, loan.decision_comment = actor.id, clock.now(), reason
        await save(loan)
        withdrawn = LoanWithdrawn(loan=LoanFigures.of(loan), withdrawn_by_id=actor.id, reason=reason)
        tell(work, loan, LoanChange.WITHDRAWN, before, withdrawn)
        await close_approval(
            work, KIND, loan.id, outcome=ApprovalStatus.WITHDRAWN, decided_by=actor.id, comment=reason or None
        )
    return loan


def application_of(loan: Loan) -> LoanApplication:
    """What a draft asks for."""
    terms = loan.agreed_terms
    return LoanApplication(
        product_id=loan.product_id,
        principal=loan.requested_principal,
        instalments=terms.instalments,
        first_due_on=terms.first_due_on,
        purpose=loan.purpose,
        borrower_id=loan.borrower_id,
        branch_id=loan.branch_id,
        pays_for=pays_for(loan),
    )


def _require_may_apply(actor: Actor) -> None:
    """Borrowers apply for themselves; those who review loans apply on behalf of borrowers of their branch."""
    if not actor.may(Permission.LOAN_REVIEW):
        actor.require(Permission.LOAN_APPLY)


async def _product(product_id: UUID) -> LoanProduct:
    product = await LoanProduct.get_or_none(id=product_id)
    if product is None:
        raise LoanProductNotFound
    return product


async def _checked_product(application: LoanApplication) -> LoanProduct:
    """The product that is applied for; refuses with the first fault, and what the engine cannot schedule."""
    product = await _product(application.product_id)
    for fault in faults_of(product, application, clock.today()):
        raise fault
    quote_for(_terms(product, application), clock.today())
    return product


def _terms(product: LoanProduct, application: LoanApplication) -> LoanTerms:
    return product.terms_for(
        application.principal, instalments=application.instalments, first_due_on=application.first_due_on
    )


async def _borrower(actor: Actor, application: LoanApplication) -> _Borrower:
    if application.borrower_id is None or application.borrower_id == actor.id:
        if Role.BORROWER not in actor.roles:
            raise BorrowerNotFound
        return _Borrower(actor.id, actor.name, _branch(actor.branch_id, application.branch_id))
    actor.require(Permission.LOAN_REVIEW)
    user = await User.get_or_none(id=application.borrower_id, active=True)
    if user is None or Role.BORROWER not in user.roles or not actor.may_at(Permission.LOAN_REVIEW, user.branch_id):
        raise BorrowerNotFound
    return _Borrower(user.id, user.name, _branch(user.branch_id, application.branch_id))


def _branch(own: UUID | None, said: UUID | None) -> UUID:
    """The borrower's own branch; somebody who belongs to none names one."""
    branch_id = own or said
    if branch_id is None:
        raise BranchMissing("name the branch that the application goes to")
    if said is not None and said != branch_id:
        raise InvalidInput("the borrower belongs to another branch", field=("input", "branchId"))
    return branch_id


async def _require_branch(branch_id: UUID) -> None:
    """Refuse what :func:`require_open_branch` refuses, without its lock."""
    branch = await Branch.get_or_none(id=branch_id)
    if branch is None:
        raise BranchNotFound("there is no such branch")
    if not branch.active:
        raise BranchClosed(f"the branch {branch.code} is closed")


async def _require_room(work: Work, borrower_id: UUID) -> None:
    """Count what the borrower has open, one application at a time."""
    await work.execute("select pg_advisory_xact_lock(hashtextextended('applications of ' || $1::text, 0))", str(borrower_id))
    if await Loan.filter(borrower_id=borrower_id, status__in=[LoanStatus.DRAFT, *UNDECIDED]).count() >= MAX_OPEN:
        raise TooManyApplications(f"a borrower has up to {MAX_OPEN} applications open")


async def _draft(work: Work, actor: Actor, application: LoanApplication) -> Loan:
    borrower = await _borrower(actor, application)
    product = await _checked_product(application)
    await require_open_branch(work, borrower.branch_id)
    await _require_room(work, borrower.id)
    moment = clock.now()
    loan = Loan(
        id=new_id(),
        number=f"LN-{await work.fetchval(NEXT_NUMBER):06d}",
        borrower_id=borrower.id,
        borrower_name=borrower.name,
        branch_id=borrower.branch_id,
        status=LoanStatus.DRAFT,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
    )
    await _ask(loan, product, application)
    await loan.save(force_create=True)
    return loan


def _payout(product: LoanProduct, application: LoanApplication) -> Money:
    """What would be paid out, were it today."""
    return quote_for(_terms(product, application), clock.today()).payout


async def _ask(loan: Loan, product: LoanProduct, application: LoanApplication) -> None:
    """Write down what is asked for, on the terms that the product has now."""
    asked = application.pays_for
    if asked is not None:
        require_no_down_payment(product)
        due = await what_it_pays(loan.borrower_id, asked, application.principal, _payout(product, application))
        loan.pays_purpose, loan.pays_target_id, loan.pays_title = asked.purpose, asked.target_id, due.title[:MAX_TITLE]
    loan.product_id, loan.product_revision, loan.product_name = product.id, product.revision, product.name
    loan.currency, loan.requested_minor = application.principal.currency, application.principal.amount_minor
    loan.kyc_required, loan.purpose = product.requires_kyc, application.purpose.strip()
    loan.take_terms(_terms(product, application))


async def _submit(work: Work, actor: Actor, loan: Loan) -> None:
    before = loan.become(LoanStatus.SUBMITTED)
    loan.submitted_by_id, loan.submitted_at = actor.id, clock.now()
    await save(loan)
    submitted = LoanApplicationSubmitted(
        loan=LoanFigures.of(loan), submitted_by_id=actor.id, on_behalf=actor.id != loan.borrower_id
    )
    tell(work, loan, LoanChange.SUBMITTED, before, submitted)


async def _own_draft(actor: Actor, loan_id: UUID) -> Loan:
    """A draft, for the borrower and whoever wrote it."""
    loan = await locked_seen(actor, loan_id)
    if loan.status is not LoanStatus.DRAFT:
        raise LoanNotDraft("only a draft can be edited or submitted")
    if actor.id not in (loan.borrower_id, loan.created_by_id):
        raise LoanNotFound
    return loan
