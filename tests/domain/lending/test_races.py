"""Many at once on one loan: exact, in some order, and nobody sees a deadlock; whoever is cut off leaves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.ledger.models import JournalEntry
from domain.lending.application import PaysFor
from domain.lending.errors import DelinquencyNotPaused, RepaymentNotReversible, RequestNotFound, RequestPending
from domain.lending.models import Loan, LoanRequest, LoanTransaction
from domain.lending.service import (
    NewPlan,
    add_loan_charge,
    bring_up_to_date,
    charge_back,
    create_application,
    pause_delinquency,
    pay_loan,
    record_loan_repayment,
    refund_overpayment,
    reject_request,
    request_reschedule,
    request_write_off,
    resume_delinquency,
    reverse_loan_repayment,
    update_application,
    withdraw_request,
)
from domain.lending.states import LoanRequestKind, LoanStatus, PaymentChannel, RescheduleKind, TransactionKind
from domain.lending.verification import verify_loans
from domain.payments.errors import PurposeNotPossible
from domain.payments.states import Purpose
from domain.wallets.models import Wallet
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.loans import a_product, a_running_loan, an_office, asking, books_of, kes, repaid
from tests.support.races import at_once, outcomes_of

pytestmark = pytest.mark.usefixtures("database")

PLAIN: dict[str, Any] = {"principal": kes(10_000), "annual_rate": Decimal(12), "instalments": 12}


async def test_a_hundred_repayments_at_once() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET, **PLAIN)
    cash = [record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(70 + i)) for i in range(60)]
    own = [pay_loan(office.borrower, loan_id=loan.id, amount=kes(30 + i)) for i in range(40)]
    outcomes = await outcomes_of([*cash, *own])
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    paid = sum(70 + i for i in range(60)) + sum(30 + i for i in range(40))
    after = await Loan.get(id=loan.id)
    assert after.paid_amount == kes(paid)
    assert after.outstanding_amount == loan.outstanding_amount - kes(paid)
    assert (await books_of(loan))["1110"] == sum(70 + i for i in range(60)) * 100
    assert await balance(office.borrower, "KES") == kes(10_000 - sum(30 + i for i in range(40)))
    told = [each for each in await events_so_far() if each.name == "lending.payment_processed"]
    assert len(told) == 100
    assert await verify_loans() == []
    await assert_integrity()


async def test_repayments_race_a_reversal_and_everything_else() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET, **PLAIN)
    first = await repaid(office, loan, 500)
    second = await pay_loan(office.borrower, loan_id=loan.id, amount=kes(300))
    line, wallet_line = first.transaction.id, second.transaction.id
    outcomes = await outcomes_of(
        [
            *(repaid(office, loan, 100 + i) for i in range(12)),
            *(reverse_loan_repayment(office.manager, transaction_id=line, reason="bounced") for _ in range(3)),
            *(pay_loan(office.borrower, loan_id=loan.id, amount=kes(50)) for _ in range(8)),
            reverse_loan_repayment(office.manager, transaction_id=wallet_line, reason="by mistake"),
            charge_back(office.manager, transaction_id=wallet_line, amount=kes(10)),
            add_loan_charge(office.manager, loan_id=loan.id, title="Visit", value=Decimal(7)),
            bring_up_to_date(loan.id),
        ]
    )
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert {type(each) for each in refused} == {RepaymentNotReversible}
    assert len(refused) == 3
    standing = await LoanTransaction.filter(
        loan_id=loan.id, kind=TransactionKind.REPAYMENT, reversed_at__isnull=True
    ).values_list("amount_minor", flat=True)
    after = await Loan.get(id=loan.id)
    assert sum(standing) == after.paid_amount.amount_minor + after.overpaid_minor
    assert await verify_loans() == []
    await assert_integrity()


async def test_a_refund_is_given_once() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **PLAIN | {"annual_rate": Decimal(0)})
    await repaid(office, loan, 10_100)
    outcomes = await outcomes_of(refund_overpayment(office.manager, loan_id=loan.id) for _ in range(6))
    assert len([each for each in outcomes if isinstance(each, Exception)]) == 5
    assert await balance(office.borrower, "KES") == kes(100)
    assert (await Loan.get(id=loan.id)).status is LoanStatus.CLOSED
    await assert_integrity()


async def test_whoever_is_cut_off_leaves_all_or_nothing() -> None:
    """Cancelled at some moment of the act, be it in the middle of its statements: there is a whole repayment or none."""
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET, **PLAIN)
    for delay in range(12):
        paying = asyncio.create_task(pay_loan(office.borrower, loan_id=loan.id, amount=kes(10)))  # type: ignore[arg-type]
        await asyncio.sleep(delay / 400)
        paying.cancel()
        await asyncio.gather(paying, return_exceptions=True)
    paid = await LoanTransaction.filter(loan_id=loan.id, kind=TransactionKind.REPAYMENT, reversed_at__isnull=True).count()
    assert (await Loan.get(id=loan.id)).paid_amount == kes(10 * paid)
    assert await balance(office.borrower, "KES") == kes(10_000 - 10 * paid)
    assert await verify_loans() == []
    await assert_integrity()


async def test_drafts_at_once_leave_the_books_alone() -> None:
    office, product = await an_office(), await a_product()
    elsewhere = PaysFor(purpose=Purpose.WALLET_TOP_UP, target_id=office.borrower.id)
    async with nothing_happens():
        for refused in await outcomes_of(
            create_application(office.borrower, application=asking(product, pays_for=elsewhere)) for _ in range(4)
        ):
            assert isinstance(refused, PurposeNotPossible)
    drafts = await at_once(create_application(office.borrower, application=asking(product)) for _ in range(4))
    await at_once(update_application(office.borrower, loan_id=drafts[0].id, changes={"purpose": "A mill"}) for _ in range(4))
    assert await Loan.all().count() == 4
    assert not await JournalEntry.all().exists() and not await Wallet.all().exists()


async def test_what_is_asked_of_a_loan_at_once_is_asked_once_and_books_nothing() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **PLAIN)
    manager, one = office.manager, {"loan_id": loan.id}
    plan = NewPlan(kind=RescheduleKind.NEW_TERMS, from_on=clock.today(), extra_instalments=2)
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: request_reschedule(manager, plan=plan, reason="drought", **one),
        lambda: withdraw_request(manager, kind=LoanRequestKind.RESCHEDULE, reason="rain", **one),
        lambda: request_write_off(manager, reason="gone", **one),
        lambda: reject_request(office.admin, kind=LoanRequestKind.WRITE_OFF, comment="not so", **one),
    ]
    entries = await JournalEntry.all().count()
    for act in acts:
        outcomes = await outcomes_of(act() for _ in range(3))
        assert sum(isinstance(each, LoanRequest) for each in outcomes) == 1
        assert sum(isinstance(each, RequestPending | RequestNotFound) for each in outcomes) == 2
    assert await JournalEntry.all().count() == entries
    assert await LoanRequest.all().count() == 2


async def test_two_who_pause_and_resume_at_once_book_the_interest_once() -> None:
    """A loan is brought to the day by what is done with it; whoever comes second finds it there."""
    office, moment = await an_office(), datetime(2030, 1, 1, 12, tzinfo=UTC)
    with clock.clock_set_to(moment):
        loan = await a_running_loan(office, **PLAIN)
    manager, one = office.manager, {"loan_id": loan.id}
    pause: dict[str, Any] = {"starts_on": date(2030, 2, 1), "ends_on": date(2030, 3, 31), "reason": "flood"}
    with clock.clock_set_to(moment.replace(month=2)):
        await at_once(pause_delinquency(manager, **pause, **one) for _ in range(3))
    with clock.clock_set_to(moment.replace(month=3)):
        outcomes = await outcomes_of(resume_delinquency(manager, reason="dry", **one) for _ in range(3))
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [DelinquencyNotPaused] * 2
    accrued = await LoanTransaction.filter(kind=TransactionKind.ACCRUAL).order_by("happened_on")
    assert [each.happened_on for each in accrued] == [date(2030, 2, 1), date(2030, 3, 1)]
    assert await verify_loans() == []
    await assert_integrity()
