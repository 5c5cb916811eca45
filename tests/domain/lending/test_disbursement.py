"""Paying loans out: whole, in tranches, to the wallet, with fees and down payments; and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount
from domain.kit.money import Money
from domain.lending.errors import (
    DisbursementExceedsApproval,
    FactInTheFuture,
    InvalidActDate,
    LoanNotDisbursable,
    LoanNotFound,
)
from domain.lending.models import LoanTransaction
from domain.lending.rules.terms import ChargeBasis, ChargeRule, ChargeTime
from domain.lending.service import charge_off_loan, disburse_loan
from domain.lending.states import LoanStatus, PaymentChannel, TransactionKind
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.loans import (
    a_draft,
    a_product,
    a_running_loan,
    an_approved_loan,
    an_office,
    books_of,
    instalments_of,
    kes,
    repaid,
)
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 31, 12, tzinfo=UTC)
FREE: dict[str, Any] = {"principal": kes(300), "annual_rate": Decimal(0), "instalments": 3}
FEE = ChargeRule(
    code="FEE", title="Fee", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL, value=Decimal(2)
)


async def test_a_loan_goes_to_the_wallet_less_its_fees() -> None:
    office = await an_office()
    product = await a_product(requires_kyc=False, charges=(FEE,), **FREE)
    approved = await an_approved_loan(office, product)
    before = len(await events_so_far())
    paid = await disburse_loan(office.admin, loan_id=approved.id, note="first loan")
    assert await balance(office.borrower, "KES") == kes(294)
    assert (paid.loan.status, paid.loan.disbursed_amount, paid.transaction.amount) == (LoanStatus.ACTIVE, kes(300), kes(300))
    told = [each for each in (await events_so_far())[before:] if each.domain == "lending"]
    assert [each.name.split(".")[1] for each in told] == ["loan_disbursed", "loan_updated", "loan_status_changed"]
    fact = told[0].fact
    assert (fact.fees_kept, fact.fully_disbursed, fact.disbursed_by_id) == (kes(6), True, office.admin.id)
    assert f"user:{office.borrower.id}" in told[0].audience
    books = await books_of(paid.loan)
    assert (books["2310"], books["1510"], books["4220"]) == (-29_400, 30_000, -600)
    await assert_integrity()


async def test_fees_can_be_paid_apart() -> None:
    office = await an_office()
    approved = await an_approved_loan(office, await a_product(requires_kyc=False, charges=(FEE,), **FREE))
    await disburse_loan(office.admin, loan_id=approved.id, channel=PaymentChannel.BANK, keep_fees=False)
    books = await books_of(approved)
    assert (books["1200"], books["1510"], books["4220"]) == (-29_400, 30_000, -600)
    kinds = await LoanTransaction.filter(loan_id=approved.id).order_by("id").values_list("kind", flat=True)
    assert sorted(kinds) == ["ACCRUAL", "DISBURSEMENT", "FEE_DEDUCTION"]
    await assert_integrity()


async def test_tranches_up_to_what_was_approved() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, paid_out=kes(100), **FREE | {"annual_rate": Decimal(12)})
        assert [row.due_on.isoformat() for row in await instalments_of(loan)] == ["2030-02-28", "2030-03-31", "2030-04-30"]
        assert loan.undisbursed_amount == kes(200)
    with clock.clock_set_to(START + timedelta(days=20)):
        more = await disburse_loan(office.admin, loan_id=loan.id, amount=kes(150), channel=PaymentChannel.CASH)
        assert sum(row.principal_minor for row in await instalments_of(loan)) == kes(250).amount_minor
        assert (more.loan.status, more.loan.principal_outstanding) == (LoanStatus.ACTIVE, kes(250))
        async with nothing_happens():
            with pytest.raises(DisbursementExceedsApproval, match=r"only KES 50\.00"):
                await disburse_loan(office.admin, loan_id=loan.id, amount=kes("50.01"))
        await disburse_loan(office.admin, loan_id=loan.id, channel=PaymentChannel.CASH)
        async with nothing_happens():
            with pytest.raises(DisbursementExceedsApproval):
                await disburse_loan(office.admin, loan_id=loan.id)
    await assert_integrity()


async def test_what_was_overpaid_is_set_off_against_the_next_tranche() -> None:
    office = await an_office()
    loan = await a_running_loan(office, paid_out=kes(100), **FREE)
    over = await repaid(office, loan, 130)
    assert over.loan.status is LoanStatus.OVERPAID
    more = await disburse_loan(office.admin, loan_id=loan.id, amount=kes(200), channel=PaymentChannel.CASH)
    assert (more.loan.status, more.loan.overpaid_amount, more.loan.principal_outstanding) == (
        LoanStatus.ACTIVE, kes(0), kes(170),
    )  # fmt: skip
    set_off = await LoanTransaction.get(loan_id=loan.id, kind=TransactionKind.SET_OFF)
    assert (set_off.amount, set_off.principal) == (kes(30), kes(30))
    await assert_integrity()


async def test_two_who_pay_out_at_once_pay_out_once() -> None:
    office = await an_office()
    approved = await an_approved_loan(office, await a_product(requires_kyc=False, **FREE))
    outcomes = await outcomes_of(disburse_loan(office.admin, loan_id=approved.id) for _ in range(6))
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [type(each) for each in refused] == [DisbursementExceedsApproval] * 5
    assert await balance(office.borrower, "KES") == kes(300)
    await assert_integrity()


async def test_what_cannot_be_paid_out() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        draft = await a_draft(office)
        approved = await an_approved_loan(office, await a_product(requires_kyc=False, **FREE))
        running = await a_running_loan(office, paid_out=kes(100), **FREE)
        await charge_off_loan(office.manager, loan_id=running.id, reason="gone")

        async def refused(error: type[DomainError], actor: Any = office.admin, **said: Any) -> None:
            async with nothing_happens():
                with pytest.raises(error):
                    await disburse_loan(actor, **({"loan_id": approved.id} | said))

        await refused(LoanNotDisbursable, loan_id=running.id)
        await refused(LoanNotFound, loan_id=office.branch_id)
        await refused(Forbidden, office.manager)
        await refused(Forbidden, office.borrower)
        await refused(InvalidAmount, amount=kes(0))
        await refused(InvalidAmount, amount=Money(-5, "KES"))
        await refused(CurrencyMismatch, amount=Money(5, "USD"))
        await refused(DisbursementExceedsApproval, amount=kes(301))
        await refused(FactInTheFuture, disbursed_on=START.date() + timedelta(days=1))
        await refused(InvalidActDate, disbursed_on=START.date() - timedelta(days=1))
        await refused(LoanNotFound, loan_id=draft.id)
