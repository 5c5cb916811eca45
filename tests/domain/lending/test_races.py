"""Many at once on one loan: exact, in some order, and nobody sees a deadlock; whoever is cut off leaves nothing."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from domain.lending.errors import RepaymentNotReversible
from domain.lending.models import Loan, LoanTransaction
from domain.lending.service import (
    add_loan_charge,
    bring_up_to_date,
    charge_back,
    pay_loan,
    record_loan_repayment,
    refund_overpayment,
    reverse_loan_repayment,
)
from domain.lending.states import LoanStatus, PaymentChannel, TransactionKind
from domain.lending.verification import verify_loans
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.invoices import balance
from tests.support.loans import a_running_loan, an_office, books_of, kes, repaid
from tests.support.races import outcomes_of

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
