"""Undoing repayments, charge-backs, charges and waivers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.ledger.errors import InsufficientFunds
from domain.lending.errors import (
    ExceedsOverpayment,
    ExceedsRepayment,
    LoanChargeNotFound,
    LoanNotPaidOut,
    NothingToWaive,
    RepaymentNotFound,
    RepaymentNotReversible,
    WaiverNotFound,
)
from domain.lending.models import Loan, LoanCharge, LoanTransaction
from domain.lending.rules.terms import ChargeBasis, ChargeRule, ChargeTime
from domain.lending.service import (
    add_loan_charge,
    bring_up_to_date,
    charge_back,
    pay_loan,
    refund_overpayment,
    reverse_loan_repayment,
    undo_charge_waiver,
    waive_interest,
    waive_loan_charge,
)
from domain.lending.states import LoanStatus, PaymentChannel, TransactionKind
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.loans import a_running_loan, an_office, books_of, instalments_of, kes, repaid
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
FREE: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(0), "instalments": 3}
PLAIN: dict[str, Any] = FREE | {"annual_rate": Decimal(12)}


async def test_undoing_an_older_repayment_applies_the_later_ones_again() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
        first = await repaid(office, loan, "102.01")
        second = await repaid(office, loan, "102.01")
    before = len(await events_so_far())
    with clock.clock_set_to(START + timedelta(days=40)):
        undone = await reverse_loan_repayment(office.manager, transaction_id=first.transaction.id, reason="wrong loan")
    assert (undone.transaction.id, undone.transaction.reversed_by_id) == (first.transaction.id, office.manager.id)
    assert undone.transaction.replaced_by_id is None
    again = await LoanTransaction.get(id=(await LoanTransaction.get(id=second.transaction.id)).replaced_by_id)
    assert (again.interest, again.principal) == (kes(3), kes("99.01"))
    told = [each.name.split(".")[1] for each in (await events_so_far())[before:] if each.domain == "lending"]
    assert told == ["loan_repayment_reversed", "loan_updated"]
    assert (await books_of(loan))["1110"] == -30_000 + 10_201
    async with nothing_happens():
        with pytest.raises(RepaymentNotReversible):
            await reverse_loan_repayment(office.manager, transaction_id=first.transaction.id, reason="again")
    # The caller may know the line that was replaced meanwhile; it is the same repayment.
    with clock.clock_set_to(START + timedelta(days=40)):
        gone = await reverse_loan_repayment(office.manager, transaction_id=second.transaction.id, reason="that too")
    assert gone.transaction.id == again.id
    assert gone.loan.outstanding_amount == loan.outstanding_amount
    await assert_integrity()


async def test_a_penalty_is_made_again_when_the_payment_in_time_never_was() -> None:
    late = ChargeRule(
        code="LATE", title="Late", time=ChargeTime.OVERDUE_INSTALMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
        value=Decimal("1.5"), penalty=True,
    )  # fmt: skip
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, charges=(late,), **FREE)
    with clock.clock_set_to(START.replace(month=2)):
        paid = await repaid(office, loan, 100)
    with clock.clock_set_to(START.replace(month=2, day=10)):
        undone = await reverse_loan_repayment(office.manager, transaction_id=paid.transaction.id, reason="bounced")
        assert undone.loan.penalty_outstanding == kes("1.50")
        assert (await books_of(loan))["4230"] == -150
        back = await repaid(office, loan, 100, received_on=START.date().replace(month=2))
        assert back.loan.penalty_outstanding == kes(0)
    assert "4230" not in await books_of(loan)
    await assert_integrity()


async def test_money_of_the_wallet_goes_back_to_the_wallet() -> None:
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET, **FREE)
    paid = await pay_loan(office.borrower, loan_id=loan.id, amount=kes(100))
    assert await balance(office.borrower, "KES") == kes(200)
    await reverse_loan_repayment(office.manager, transaction_id=paid.transaction.id, reason="by mistake")
    assert await balance(office.borrower, "KES") == kes(300)
    over = await pay_loan(office.borrower, loan_id=loan.id, amount=kes(300))
    assert over.loan.status is LoanStatus.CLOSED
    await assert_integrity()


async def test_the_bank_takes_a_repayment_back_in_parts() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **FREE)
    paid = await repaid(office, loan, 300, channel=PaymentChannel.BANK, reference="slip")
    with pytest.raises(ExceedsRepayment, match=r"only KES 300\.00"):
        await charge_back(office.manager, transaction_id=paid.transaction.id, amount=kes(301))
    back = await charge_back(office.manager, transaction_id=paid.transaction.id, amount=kes(120), note="chargeback 1")
    assert (back.loan.status, back.loan.principal_outstanding) == (LoanStatus.ACTIVE, kes(120))
    assert (await books_of(loan))["1200"] == 18_000
    async with nothing_happens():
        with pytest.raises(ExceedsRepayment, match=r"only KES 180\.00"):
            await charge_back(office.manager, transaction_id=paid.transaction.id, amount=kes(181))
        with pytest.raises(RepaymentNotReversible):
            await reverse_loan_repayment(office.manager, transaction_id=paid.transaction.id, reason="bounced")
    await assert_integrity()


async def test_a_refund_of_a_payment_that_never_was_is_owed_again() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **FREE)
    paid = await repaid(office, loan, 350)
    await refund_overpayment(office.manager, loan_id=loan.id, channel=PaymentChannel.WALLET)
    assert await balance(office.borrower, "KES") == kes(50)
    undone = await reverse_loan_repayment(office.manager, transaction_id=paid.transaction.id, reason="bounced")
    assert (undone.loan.status, undone.loan.principal_outstanding) == (LoanStatus.ACTIVE, kes(350))
    async with nothing_happens():
        with pytest.raises(LoanNotPaidOut):
            await refund_overpayment(office.manager, loan_id=loan.id)
    await assert_integrity()


async def test_no_more_than_what_was_overpaid_is_refunded() -> None:
    office = await an_office()
    loan = await a_running_loan(office, **FREE)
    await repaid(office, loan, 350)
    async with nothing_happens():
        with pytest.raises(ExceedsOverpayment, match=r"only KES 50\.00"):
            await refund_overpayment(office.manager, loan_id=loan.id, amount=kes(51), channel=PaymentChannel.CASH)
    part = await refund_overpayment(office.manager, loan_id=loan.id, amount=kes(20), channel=PaymentChannel.CASH)
    assert (part.loan.status, part.loan.overpaid_amount) == (LoanStatus.OVERPAID, kes(30))
    fee = await add_loan_charge(office.manager, loan_id=loan.id, title="Letter", value=Decimal(10))
    loan = await Loan.get(id=loan.id)
    assert (fee.paid_minor, loan.status, loan.overpaid_amount) == (1_000, LoanStatus.OVERPAID, kes(20))
    await assert_integrity()


async def test_a_fee_after_maturity_makes_an_instalment_and_opens_the_loan_again() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
        await repaid(office, loan, 300)
    with clock.clock_set_to(START + timedelta(days=200)):
        fee = await add_loan_charge(office.manager, loan_id=loan.id, title="Archive", value=Decimal("12.34"))
        rows = await instalments_of(loan)
        assert (len(rows), rows[-1].kind.value, rows[-1].due_amount) == (4, "ADDITIONAL", kes("12.34"))
        loan = await Loan.get(id=loan.id)
        assert (loan.status, loan.fee_outstanding) == (LoanStatus.ACTIVE, kes("12.34"))
        await waive_loan_charge(office.manager, charge_id=fee.id, reason="goodwill")
        assert (await Loan.get(id=loan.id)).status is LoanStatus.CLOSED
    await assert_integrity()


async def test_a_charge_to_come_is_income_on_its_day() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **FREE)
        await add_loan_charge(
            office.manager, loan_id=loan.id, title="Insurance", value=Decimal(2), due_on=START.date() + timedelta(days=10),
            basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
        )  # fmt: skip
        assert "4220" not in await books_of(loan)
    with clock.clock_set_to(START.replace(month=2)):
        await bring_up_to_date(loan.id)
    assert (await books_of(loan))["4220"] == -600
    await assert_integrity()


async def test_interest_is_let_go_before_and_after_it_is_due() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, **PLAIN)
    with clock.clock_set_to(START.replace(month=2)):
        moved = await waive_interest(office.manager, loan_id=loan.id, amount=kes(4), reason="sick child")
        assert (moved.transaction.kind, moved.transaction.interest) == (TransactionKind.INTEREST_WAIVER, kes(4))
        rows = await instalments_of(loan)
        assert [row.interest_waived_minor for row in rows] == [300, 100, 0]
        assert "1520" not in await books_of(loan) and "4210" not in await books_of(loan)
        async with nothing_happens():
            with pytest.raises(NothingToWaive):
                await waive_interest(office.manager, loan_id=loan.id, amount=kes(100), reason="all of it")
            with pytest.raises(NothingToWaive):
                await waive_interest(office.manager, loan_id=loan.id, amount=kes(1), instalment=1, reason="the first")
    with clock.clock_set_to(START.replace(month=3)):
        await bring_up_to_date(loan.id)
    assert (await books_of(loan))["4210"] == -101
    await assert_integrity()


async def test_what_cannot_be_undone_is_refused() -> None:
    office = await an_office()
    elsewhere = (await an_office("Elsewhere")).manager
    loan = await a_running_loan(office, **FREE)
    paid = await repaid(office, loan, 100)
    fee = await add_loan_charge(office.manager, loan_id=loan.id, title="Letter", value=Decimal(10))
    payout = await LoanTransaction.get(loan_id=loan.id, kind=TransactionKind.DISBURSEMENT)
    line = paid.transaction.id
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await reverse_loan_repayment(office.officer, transaction_id=line, reason="x")
        with pytest.raises(RepaymentNotFound):
            await reverse_loan_repayment(elsewhere, transaction_id=line, reason="x")
        with pytest.raises(RepaymentNotFound):
            await reverse_loan_repayment(office.manager, transaction_id=loan.id, reason="x")
        with pytest.raises(RepaymentNotFound):
            await reverse_loan_repayment(office.manager, transaction_id=payout.id, reason="x")
        with pytest.raises(InvalidInput):
            await reverse_loan_repayment(office.manager, transaction_id=line, reason="  ")
        with pytest.raises(LoanChargeNotFound):
            await waive_loan_charge(elsewhere, charge_id=fee.id, reason="x")
        with pytest.raises(LoanChargeNotFound):
            await waive_loan_charge(office.manager, charge_id=loan.id, reason="x")
        with pytest.raises(WaiverNotFound):
            await undo_charge_waiver(office.manager, charge_id=fee.id, reason="x")
        for value in (Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("0.001"), Decimal(10**19)):
            with pytest.raises(InvalidInput):
                await add_loan_charge(office.manager, loan_id=loan.id, title="Letter", value=value)
        with pytest.raises(InvalidInput):
            await add_loan_charge(
                office.manager, loan_id=loan.id, title="Letter", value=Decimal(101), basis=ChargeBasis.PERCENT_OF_PRINCIPAL
            )
        with pytest.raises(InvalidInput):
            await add_loan_charge(office.manager, loan_id=loan.id, title=" ", value=Decimal(1))
    await waive_loan_charge(office.manager, charge_id=fee.id, reason="goodwill")
    async with nothing_happens():
        with pytest.raises(NothingToWaive):
            await waive_loan_charge(office.manager, charge_id=fee.id, reason="goodwill")
    assert (await LoanCharge.get(id=fee.id)).waived_minor == 1_000


async def test_a_down_payment_that_is_undone_needs_no_wallet_money() -> None:
    """Undoing gives money back; undoing a refund that is spent is not possible, because nothing undoes refunds."""
    office = await an_office()
    loan = await a_running_loan(office, channel=PaymentChannel.WALLET, down_payment_percent=Decimal(20), **FREE)
    assert await balance(office.borrower, "KES") == kes(240)
    friend = await wallet_of(somebody(Role.BORROWER, name="Friend").id, "KES")
    own = await wallet_of(office.borrower.id, "KES")
    await transfer_funds(office.borrower, from_wallet_id=own.id, to_wallet_id=friend.id, amount=kes(240))
    with pytest.raises(InsufficientFunds):
        await pay_loan(office.borrower, loan_id=loan.id, amount=kes(1))
    down = await LoanTransaction.get(loan_id=loan.id, kind=TransactionKind.DOWN_PAYMENT)
    undone = await reverse_loan_repayment(office.manager, transaction_id=down.id, reason="by mistake")
    assert undone.loan.principal_outstanding == kes(300)
    assert await balance(office.borrower, "KES") == kes(60)
    await assert_integrity()
