"""Branches that lend, their people, products and loans, for tests."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from domain.identity.actor import SYSTEM, Actor
from domain.identity.models import Branch, User
from domain.identity.permissions import Role
from domain.kit.database import fetch
from domain.kit.money import Money
from domain.lending.application import LoanApplication
from domain.lending.models import Loan, LoanInstalment, LoanProduct
from domain.lending.rules.terms import DayCount, LoanTerms
from domain.lending.service import (
    ProductOffer,
    apply_for_loan,
    approve_loan,
    create_application,
    create_product,
    review_loan,
    verify_kyc,
)
from domain.lending.service.disbursement import LoanMovement, disburse_loan
from domain.lending.service.repayment import record_loan_repayment
from domain.lending.states import PaymentChannel, Recommendation
from tests.support.people import a_branch, a_user, configure_identity, somebody

_numbers = count(1)
_TERMS = {column.name for column in fields(LoanTerms)}


def kes(amount: int | str) -> Money:
    return Money.of(amount, "KES")


@dataclass(frozen=True)
class Office:
    """A branch with an officer, a manager and a borrower; ``admin`` sees every branch."""

    branch: Branch
    officer: Actor
    manager: Actor
    borrower: Actor
    admin: Actor

    @property
    def branch_id(self) -> UUID:
        return self.branch.id


def actor_of(user: User) -> Actor:
    """A registered user, as signed in."""
    return Actor(id=user.id, name=user.name, roles=frozenset(user.roles), branch_id=user.branch_id)


async def an_office(name: str | None = None) -> Office:
    configure_identity()
    branch = await a_branch(name)
    return Office(
        branch=branch,
        officer=somebody(Role.LOAN_OFFICER, name="Omari Officer", branch=branch),
        manager=somebody(Role.BRANCH_MANAGER, name="Mary Manager", branch=branch),
        borrower=await a_borrower(branch),
        admin=somebody(Role.ADMIN, name="Ada Admin"),
    )


async def a_borrower(branch: Branch | None = None, name: str = "Beatrice Wanjiru") -> Actor:
    """A registered borrower, of a branch or of none yet."""
    return actor_of(await a_user(Role.BORROWER, name=name, branch_id=branch and branch.id))


async def a_registered_officer(branch: Branch | None, role: Role = Role.LOAN_OFFICER, name: str = "Otieno") -> Actor:
    """Staff whom somebody else can name, because they are registered."""
    return actor_of(await a_user(role, name=name, branch_id=branch and branch.id))


def terms(**changes: Any) -> LoanTerms:
    """12,000.00 KES at 12 % a year in 12 monthly instalments, 30/360, changed as said."""
    stated: dict[str, Any] = {
        "principal": kes(12_000),
        "annual_rate": Decimal(12),
        "instalments": 12,
        "day_count": DayCount.THIRTY_360,
    }
    return LoanTerms(**(stated | changes))


def offer(**changes: Any) -> ProductOffer:
    """A product with wide bounds, changed as said: by the names of its own fields or those of its terms."""
    number = next(_numbers)
    usual = terms(**{name: changes.pop(name) for name in list(changes) if name in _TERMS})
    currency = usual.currency
    stated: dict[str, Any] = {
        "code": f"MICRO-{number}",
        "name": f"Micro Loan {number}",
        "terms": usual,
        "min_principal": Money.of(1, currency),
        "max_principal": Money.of(10_000_000, currency),
        "min_instalments": 1 + max(usual.grace.principal, usual.grace.interest_payment, usual.grace.interest_free),
        "max_instalments": 120,
        "min_annual_rate": Decimal(0),
        "max_annual_rate": Decimal(100),
    }
    return ProductOffer(**(stated | changes))


async def a_product(**changes: Any) -> LoanProduct:
    return await create_product(SYSTEM, offer=offer(**changes))


def asking(product: LoanProduct, **changes: Any) -> LoanApplication:
    """For the usual loan of a product, changed as said."""
    stated: dict[str, Any] = {
        "product_id": product.id,
        "principal": product.usual_terms.principal,
        "purpose": "Stock for the shop",
    }
    return LoanApplication(**(stated | changes))


async def a_draft(office: Office, product: LoanProduct | None = None, **changes: Any) -> Loan:
    """A draft of the office's borrower."""
    product = product or await a_product()
    return await create_application(office.borrower, application=asking(product, **changes))


async def an_application(office: Office, product: LoanProduct | None = None, **changes: Any) -> Loan:
    """Submitted by the office's borrower."""
    product = product or await a_product()
    return await apply_for_loan(office.borrower, application=asking(product, **changes))


async def a_loan_to_decide(office: Office, product: LoanProduct | None = None, **changes: Any) -> Loan:
    """Reviewed in favour by the officer, with the identity verified: it waits for the manager."""
    loan = await an_application(office, product, **changes)
    await review_loan(office.officer, loan_id=loan.id, recommendation=Recommendation.APPROVE)
    return await verify_kyc(office.officer, loan_id=loan.id) if loan.kyc_required else await Loan.get(id=loan.id)


async def an_approved_loan(office: Office, product: LoanProduct | None = None, **changes: Any) -> Loan:
    """Approved by the manager, not paid out yet."""
    loan = await a_loan_to_decide(office, product, **changes)
    return await approve_loan(office.manager, loan_id=loan.id)


async def a_running_loan(
    office: Office, *, channel: PaymentChannel = PaymentChannel.CASH, paid_out: Money | None = None, **terms: Any
) -> Loan:
    """Paid out today by the administrator, on a product of these terms."""
    approved = await an_approved_loan(office, await a_product(requires_kyc=False, **terms))
    movement = await disburse_loan(office.admin, loan_id=approved.id, amount=paid_out, channel=channel)
    return movement.loan


async def repaid(office: Office, loan: Loan, amount: int | str, **said: Any) -> LoanMovement:
    """An amount that the officer received in cash."""
    return await record_loan_repayment(office.officer, loan_id=loan.id, amount=Money.of(amount, loan.currency), **said)


async def instalments_of(loan: Loan) -> list[LoanInstalment]:
    return await LoanInstalment.filter(loan_id=loan.id).order_by("number")


async def books_of(loan: Loan) -> dict[str, int]:
    """What entries about a loan left on each account, in minor units and debits positive; accounts at nothing left out."""
    rows = await fetch(
        """select a.code, sum(l.amount_minor)::bigint as amount from journal_line l
           join journal_entry e on e.id = l.entry_id join ledger_account a on a.id = l.account_id
           where e.reference_kind = 'loan' and e.reference_id = $1 group by a.code having sum(l.amount_minor) <> 0""",
        loan.id,
    )
    return {row["code"]: row["amount"] for row in rows}
