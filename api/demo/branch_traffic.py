"""Simulated days at the demo branches: borrowers apply and pay, staff do their part, the accountant books what is spent.

What the story left waiting stays for whoever tries the demo: simulated staff only decide on simulated applications.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Final

from tortoise.queryset import QuerySet

from api.demo import people
from api.demo.books import kes, spent
from api.demo.people import DemoPerson, acting, bring_in
from api.demo.products import BIASHARA, DHARURA
from domain.accounting import service as accounting
from domain.accounting.accounts import TELEPHONE, TRAVEL, UTILITIES
from domain.kit import clock
from domain.lending import service
from domain.lending.application import LoanApplication
from domain.lending.models import Loan, LoanProduct
from domain.lending.states import UNDECIDED, LoanStatus, PaymentChannel, Recommendation

PURPOSE: Final = "Simulated: stock for the week"
MOST_OPEN: Final = 6
MOST_RUNNING: Final = 30
BORROWERS: Final = (people.BORROWER, people.SECOND_BORROWER, people.THIRD_BORROWER)
STAFF: Final = {
    people.NAIROBI: (people.OFFICER, people.MANAGER),
    people.KISUMU: (people.SECOND_OFFICER, people.SECOND_MANAGER),
}
SPENDING: Final = ((TRAVEL, "Boda Riders"), (TELEPHONE, "Simu Networks"), (UTILITIES, "Maji Water"))


class BranchTraffic:
    """Acts of one simulated day at a branch; which one comes is for the caller to draw."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._receipts = count(int(clock.now().timestamp()))

    @property
    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        return [self._apply, self._decide, self._decide, self._repay, self._repay, self._pay_from_wallet, self._spend]

    async def _apply(self) -> None:
        simulated = Loan.filter(purpose=PURPOSE)
        undecided = await simulated.filter(status__in=UNDECIDED).count()
        running = await simulated.filter(status__in=[LoanStatus.APPROVED, LoanStatus.ACTIVE]).count()
        if undecided >= MOST_OPEN or running >= MOST_RUNNING:
            return
        product = await LoanProduct.get(code=self._rng.choice((BIASHARA, DHARURA)))
        principal = kes(self._rng.randrange(5_000, 20_000, 500))
        application = LoanApplication(product_id=product.id, principal=principal, instalments=4, purpose=PURPOSE)
        await self._does(self._rng.choice(BORROWERS), service.apply_for_loan, application=application)

    async def _decide(self) -> None:
        """Move an application one desk further."""
        loan = await self._any(Loan.filter(purpose=PURPOSE, status__in=[*UNDECIDED, LoanStatus.APPROVED]))
        if loan is None:
            return
        officer, manager = await _staff_of(loan)
        if loan.status is LoanStatus.KYC_PENDING:
            await self._does(officer, service.verify_kyc, loan_id=loan.id)
        elif loan.status is LoanStatus.KYC_VERIFIED:
            await self._does(manager, service.approve_loan, loan_id=loan.id)
        elif loan.status is LoanStatus.APPROVED:
            await self._does(people.ADMIN, service.disburse_loan, loan_id=loan.id)
        else:
            await self._does(officer, service.review_loan, loan_id=loan.id, recommendation=Recommendation.APPROVE)

    async def _repay(self) -> None:
        """Somebody brings money to the branch, or sends it."""
        loan = await self._running()
        if loan is None:
            return
        officer, _ = await _staff_of(loan)
        channel = self._rng.choice((PaymentChannel.CASH, PaymentChannel.MPESA))
        reference = f"SIM{next(self._receipts)}" if channel is PaymentChannel.MPESA else ""
        said = {"loan_id": loan.id, "amount": loan.next_due_amount, "channel": channel, "reference": reference}
        await self._does(officer, service.record_loan_repayment, **said)

    async def _pay_from_wallet(self) -> None:
        loan = await self._running()
        if loan is None:
            return
        borrowers = {(await bring_in(person)).id: person for person in BORROWERS}
        if loan.borrower_id in borrowers:
            await self._does(borrowers[loan.borrower_id], service.pay_loan, loan_id=loan.id)

    async def _spend(self) -> None:
        category, payee = self._rng.choice(SPENDING)
        terms = spent(category, kes(self._rng.randrange(100, 1_500, 50)), payee, "Small expenses of the day")
        expense = await self._does(people.ACCOUNTANT, accounting.create_expense, terms=terms)
        await self._does(people.ACCOUNTANT, accounting.post_expense, expense_id=expense.id)

    async def _running(self) -> Loan | None:
        return await self._any(Loan.filter(purpose=PURPOSE, status=LoanStatus.ACTIVE))

    async def _any(self, query: QuerySet[Loan]) -> Loan | None:
        found = await query.limit(50)
        return self._rng.choice(found) if found else None

    async def _does(self, person: DemoPerson, act: Callable[..., Awaitable[Any]], **said: Any) -> Any:
        actor = await bring_in(person)
        with acting(actor):
            return await act(actor, **said)


async def _staff_of(loan: Loan) -> tuple[DemoPerson, DemoPerson]:
    """The officer and the manager of a loan's branch."""
    for officer, manager in STAFF.values():
        if (await bring_in(officer)).branch_id == loan.branch_id:
            return officer, manager
    raise AssertionError("simulated loans are of the demo branches")
