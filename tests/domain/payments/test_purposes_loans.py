"""Loans that are repaid from outside: once, on the day it was paid, taken back whole and in part, refused, replayed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service import close_fiscal_period, create_fiscal_year
from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.lending.errors import LoanNotFound, LoanNotPaidOut, RepaymentNotReversible
from domain.lending.models import Loan, LoanTransaction
from domain.lending.service import charge_back, request_write_off, reverse_loan_repayment, write_off_loan
from domain.lending.states import LoanStatus, PaymentChannel
from domain.payments.models import Payment
from domain.payments.purposes import candidates, due_by_reference
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.states import DiscrepancyStatus, Purpose
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    opened,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.loans import Office, a_running_loan, an_approved_loan, an_office, books_of, kes, repaid
from tests.support.people import a_branch, somebody

pytestmark = pytest.mark.usefixtures("database")

LOAN = Purpose.LOAN_INSTALMENT
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
FREE: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(0), "instalments": 3}


async def a_loan(office: Office, **terms: Any) -> Loan:
    return await a_running_loan(office, **(FREE | terms))


async def line_of(payment: Payment) -> LoanTransaction:
    return await LoanTransaction.get(fact_id=(await application_of(payment)).record_id, reversed_at__isnull=True)


async def close_january() -> None:
    await create_fiscal_year(SYSTEM, starts_on=date(2030, 1, 1))
    january = await FiscalPeriod.get(starts_on=date(2030, 1, 1))
    await close_fiscal_period(SYSTEM, period_id=january.id)


async def test_a_repayment_is_booked_once_with_its_receipt() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    assert (payment.amount, payment.title, payment.branch_id) == (kes(100), f"Loan {loan.number}", loan.branch_id)
    receipt = await came(payment)
    await delivered()
    line = await line_of(payment)
    assert (line.amount, line.channel, line.reference, line.payer_id) == (
        kes(100), PaymentChannel.MPESA, receipt, office.borrower.id,
    )  # fmt: skip
    assert (await Loan.get(id=loan.id)).outstanding_amount == kes(200)
    assert ((await books_of(loan)).get("2910"), await in_transit()) == (100_00, kes(0))
    await came(payment, receipt=receipt)
    await delivered()
    await bring_to_purpose(payment.id)
    assert await LoanTransaction.filter(reference=receipt).count() == 1
    told = [each.fact for each in await events_so_far() if each.name == "lending.payment_processed"]
    assert [each.transaction_id for each in told] == [line.id]
    await assert_integrity()


async def test_a_repayment_counts_from_the_day_on_which_it_was_paid() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_loan(office)
        payment = await asked_for(office.borrower, LOAN, loan.id)
    with clock.clock_set_to(START + timedelta(days=9)):
        await came(payment, at=START + timedelta(days=4))
        await delivered()
        assert (await line_of(payment)).happened_on == date(2030, 1, 5)
        early = await asked_for(office.borrower, LOAN, loan.id)
        await came(early, at=START - timedelta(days=4))
        await delivered()
        assert (await line_of(early)).happened_on == date(2030, 1, 1), "not before the loan was paid out"
    await assert_integrity()


async def test_what_was_paid_in_a_closed_period_counts_from_today() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_loan(office)
        payment = await asked_for(office.borrower, LOAN, loan.id)
    with clock.clock_set_to(START + timedelta(days=33)):
        await close_january()
        await came(payment, at=START + timedelta(days=4))
        await delivered()
        assert (await line_of(payment)).happened_on == date(2030, 2, 3)
    await assert_integrity()


async def test_taken_back_whole_and_in_part() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id, 300)
    receipt = await came(payment)
    await delivered()
    assert (await Loan.get(id=loan.id)).status is LoanStatus.CLOSED
    await taken_back(payment, receipt, kes(50))
    await delivered()
    again = await Loan.get(id=loan.id)
    assert (again.status, again.outstanding_amount, (await line_of(payment)).amount) == (
        LoanStatus.ACTIVE,
        kes(50),
        kes(250),
    )
    await assert_integrity()
    await taken_back(payment, receipt, kes(250))
    await delivered()
    assert (await Loan.get(id=loan.id)).outstanding_amount == kes(300)
    assert ((await application_of(payment)).amount, await in_transit()) == (kes(0), kes(0))
    assert "2910" not in await books_of(loan)
    await assert_integrity()


async def test_later_repayments_stand_when_an_older_one_is_taken_back() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_loan(office, annual_rate=Decimal(12))
        payment = await asked_for(office.borrower, LOAN, loan.id)
        receipt = await came(payment)
        await delivered()
    with clock.clock_set_to(START + timedelta(days=31)):
        later = await asked_for(office.borrower, LOAN, loan.id)
        await came(later)
        await delivered()
        known = await line_of(later)
    with clock.clock_set_to(START + timedelta(days=40)):
        await taken_back(payment, receipt)
        await delivered()
        assert (await line_of(later)).id != known.id, "it was allocated anew"
        assert (await application_of(later)).amount == known.amount
    await assert_integrity()


async def test_a_loan_that_is_over_takes_nothing_and_a_person_is_told() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    await repaid(office, loan, 300)
    receipt = await came(payment)
    await delivered()
    assert (await in_transit(), (await application_of(payment)).refused_code) == (kes(100), "LOAN_NOT_PAID_OUT")
    refusal = await refusal_of(payment)
    assert refusal is not None and (refusal.severity, refusal.branch_id) == ("HIGH", loan.branch_id)
    assert refusal.message.startswith("LOAN_NOT_PAID_OUT: ")
    await assert_integrity()
    async with nothing_happens():
        with pytest.raises(LoanNotPaidOut):
            await due_of(office.borrower, LOAN, loan.id)
    await taken_back(payment, receipt)
    await delivered()
    await refusal.refresh_from_db()
    assert (refusal.status, await in_transit()) == (DiscrepancyStatus.RESOLVED, kes(0))
    await assert_integrity()


async def test_what_a_loan_refused_is_taken_when_it_is_tried_again() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    cash = await repaid(office, loan, 300)
    await came(payment)
    await delivered()
    await reverse_loan_repayment(office.manager, transaction_id=cash.transaction.id, reason="not his money")
    application = await bring_to_purpose(payment.id, asked_by=office.admin.id)
    assert application is not None and (application.amount, application.refused_code) == (kes(100), None)
    assert (await Loan.get(id=loan.id)).outstanding_amount == kes(200)
    await assert_integrity()


async def test_more_than_is_owed_is_an_overpayment() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id, 350)
    await came(payment)
    await delivered()
    after = await Loan.get(id=loan.id)
    assert (after.status, after.overpaid_amount) == (LoanStatus.OVERPAID, kes(50))
    await assert_integrity()


async def test_more_that_a_person_lets_through_is_applied_with_the_rest() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    await came(payment, accept=True)
    await delivered()
    await came(payment, accept=True)
    await delivered()
    assert ((await line_of(payment)).amount, (await Loan.get(id=loan.id)).outstanding_amount) == (kes(200), kes(100))
    await assert_integrity()


async def test_a_loan_in_another_currency_takes_no_shillings() -> None:
    office = await an_office()
    loan = await a_loan(office, principal=Money.of(300, "INR"))
    due = await due_by_reference(loan.number)
    assert due is not None and (due.currency, due.expected(kes(100))) == ("INR", kes(100))
    payment = await opened(due, kes(100))
    await came(payment)
    await delivered()
    assert ((await application_of(payment)).refused_code, await in_transit()) == ("CURRENCY_MISMATCH", kes(100))
    await assert_integrity()


async def test_a_receipt_that_staff_recorded_before_is_refused() -> None:
    office = await an_office()
    loan = await a_loan(office)
    await repaid(office, loan, 100, channel=PaymentChannel.MPESA, reference="TCABCDEFGH")
    payment = await asked_for(office.borrower, LOAN, loan.id)
    await came(payment, receipt="TCABCDEFGH")
    await delivered()
    assert (await application_of(payment)).refused_code == "PAYMENT_ALREADY_RECORDED"
    assert (await Loan.get(id=loan.id)).outstanding_amount == kes(200)
    await assert_integrity()


async def test_a_loan_that_was_written_off_keeps_what_it_has() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    receipt = await came(payment)
    await delivered()
    await request_write_off(office.manager, loan_id=loan.id, reason="gone")
    await write_off_loan(office.admin, loan_id=loan.id)
    await taken_back(payment, receipt)
    await delivered()
    application = await application_of(payment)
    assert (application.amount, application.refused_code, await in_transit()) == (kes(100), "LOAN_WRITTEN_OFF", kes(-100))
    await assert_integrity()


async def test_what_comes_after_the_write_off_is_a_recovery() -> None:
    office = await an_office()
    loan = await a_loan(office)
    await request_write_off(office.manager, loan_id=loan.id, reason="gone")
    await write_off_loan(office.admin, loan_id=loan.id)
    due = await due_by_reference(loan.number)
    assert due is not None and due.amount is None
    payment = await asked_for(office.borrower, LOAN, loan.id, 120)
    receipt = await came(payment)
    await delivered()
    after = await Loan.get(id=loan.id)
    assert (after.status, after.recovered_amount, await in_transit()) == (LoanStatus.WRITTEN_OFF, kes(120), kes(0))
    await assert_integrity()
    await taken_back(payment, receipt, kes(20))
    await delivered()
    assert ((await Loan.get(id=loan.id)).recovered_amount, await in_transit()) == (kes(100), kes(0))
    await assert_integrity()


async def test_staff_do_not_undo_what_came_from_outside() -> None:
    office = await an_office()
    loan = await a_loan(office)
    payment = await asked_for(office.borrower, LOAN, loan.id)
    await came(payment)
    await delivered()
    line = await line_of(payment)
    async with nothing_happens():
        with pytest.raises(RepaymentNotReversible, match="reversed there"):
            await reverse_loan_repayment(office.manager, transaction_id=line.id, reason="by mistake")
        with pytest.raises(RepaymentNotReversible, match="reversed there"):
            await charge_back(office.manager, transaction_id=line.id)


async def test_who_may_pay_a_loan_and_how_it_is_found() -> None:
    office = await an_office()
    loan = await a_loan(office)
    due = await due_of(office.borrower, LOAN, loan.id)
    assert (due.amount, due.most, due.account_reference, due.payee_name) == (kes(100), None, loan.number, office.branch.name)
    for collector in (office.officer, office.manager, office.admin):
        assert await due_of(collector, LOAN, loan.id) == due
    elsewhere = somebody(Role.LOAN_OFFICER, branch=await a_branch())
    for actor, loan_id in (
        (elsewhere, loan.id),
        (somebody(Role.BORROWER), loan.id),
        (somebody(Role.CASHIER, branch=office.branch), loan.id),
        (office.borrower, new_id()),
    ):
        async with nothing_happens():
            with pytest.raises((LoanNotFound, Forbidden)):
                await due_of(actor, LOAN, loan_id)
    approved = await an_approved_loan(office)
    with pytest.raises(LoanNotPaidOut):
        await due_of(office.borrower, LOAN, approved.id)
    for typed in (loan.number, loan.number.lower(), loan.number.replace("-", " ")):
        assert await due_by_reference(typed) == due
    for typed in (approved.number, loan.number + "0", "LN", "LN-x"):
        assert await due_by_reference(typed) is None
    assert await candidates(kes("100.50"), limit=2) == [due]
    assert await candidates(kes(102), limit=2) == []
