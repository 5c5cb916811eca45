"""What the tables of lending refuse whoever writes, and what they remember of every change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain.kit import clock
from domain.kit.database import fetch
from domain.kit.ids import new_id
from domain.lending.models import Loan, LoanAllocation, LoanInstalment, LoanTransaction, RecoveryAction
from domain.lending.rules.state import InstalmentKind
from domain.lending.service import approve_loan
from domain.lending.states import (
    PaymentChannel,
    RecoveryActionKind,
    RecoveryActionStatus,
    RecoverySubject,
    TransactionKind,
)
from tests.support.loans import Office, a_loan_to_decide, an_approved_loan, an_office

pytestmark = pytest.mark.usefixtures("database")


async def an_instalment(loan: Loan, **columns: Any) -> LoanInstalment:
    stated: dict[str, Any] = {
        "id": new_id(),
        "loan_id": loan.id,
        "branch_id": loan.branch_id,
        "currency": loan.currency,
        "number": 1,
        "kind": InstalmentKind.NORMAL,
        "from_on": date(2030, 1, 1),
        "due_on": date(2030, 2, 1),
        "principal_minor": 100,
        "interest_minor": 10,
        "fee_minor": 0,
        "penalty_minor": 0,
        "balance_after_minor": 0,
    }
    return await LoanInstalment.create(**(stated | _owners(LoanInstalment, loan) | columns))


async def a_payment(loan: Loan, **columns: Any) -> LoanTransaction:
    stated: dict[str, Any] = {
        "id": new_id(),
        "loan_id": loan.id,
        "branch_id": loan.branch_id,
        "kind": TransactionKind.REPAYMENT,
        "happened_on": date(2030, 2, 1),
        "currency": loan.currency,
        "amount_minor": 110,
        "principal_minor": 100,
        "interest_minor": 10,
        "channel": PaymentChannel.CASH,
        "recorded_by_id": new_id(),
        "recorded_at": clock.now(),
    }
    return await LoanTransaction.create(**(stated | _owners(LoanTransaction, loan) | columns))


def _owners(model: Any, loan: Loan) -> dict[str, Any]:
    """Whose it is, where the table says that too."""
    owners = {"borrower_id": loan.borrower_id, "officer_id": loan.officer_id}
    return {column: owner for column, owner in owners.items() if column in model._meta.db_fields}


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"principal_paid_minor": 101}, "loan_instalment_principal_is_exact"),
        ({"interest_paid_minor": -1}, "loan_instalment_interest_is_exact"),
        ({"interest_paid_minor": 6, "interest_waived_minor": 5}, "loan_instalment_interest_is_exact"),
        ({"fee_written_off_minor": 1}, "loan_instalment_fee_is_exact"),
        ({"penalty_waived_minor": 1}, "loan_instalment_penalty_is_exact"),
        ({"completed_on": date(2030, 2, 1)}, "loan_instalment_complete_owes_nothing"),
        ({"balance_after_minor": -1}, "loan_instalment_balance_not_negative"),
        ({"due_on": date(2029, 12, 31)}, "loan_instalment_is_a_period"),
        ({"number": 0}, "loan_instalment_number_is_positive"),
    ],
)
async def test_instalments_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    loan = await an_approved_loan(await an_office())
    with pytest.raises(IntegrityError, match=constraint):
        await an_instalment(loan, **columns)


async def test_what_is_unpaid_of_an_instalment_is_reckoned_by_the_table() -> None:
    loan = await an_approved_loan(await an_office())
    row = await an_instalment(loan, principal_paid_minor=60, interest_paid_minor=4, interest_waived_minor=6)
    stored = await LoanInstalment.get(id=row.id)
    assert (stored.due_minor, stored.unpaid_minor, stored.unpaid.total) == (110, 40, 40)
    with pytest.raises(IntegrityError, match="loan_instalment_once"):
        await an_instalment(loan)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"amount_minor": 111}, "loan_transaction_payment_is_split_exactly"),
        ({"principal_minor": 111, "interest_minor": -1}, "loan_transaction_payment_is_split_exactly"),
        ({"amount_minor": 0, "principal_minor": 0, "interest_minor": 0}, "loan_transaction_is_positive"),
        ({"channel": None}, "loan_transaction_money_has_a_channel"),
        ({"reference": " R1"}, "loan_transaction_reference_is_trimmed"),
        ({"reversed_by_id": new_id()}, "loan_transaction_reversal_is_whole"),
    ],
)
async def test_payments_that_cannot_be(columns: dict[str, Any], constraint: str) -> None:
    loan = await an_approved_loan(await an_office())
    with pytest.raises(IntegrityError, match=constraint):
        await a_payment(loan, **columns)


async def test_a_receipt_is_recorded_once() -> None:
    office = await an_office()
    loan, other = await an_approved_loan(office), await an_approved_loan(office)
    await a_payment(loan, reference="R-1")
    await a_payment(other, reference="R-1")
    await a_payment(loan, reference="R-1", channel=PaymentChannel.BANK)
    with pytest.raises(IntegrityError, match="loan_receipt_recorded_once"):
        await a_payment(loan, reference="r-1")
    mobile = await a_payment(loan, reference="QX12", channel=PaymentChannel.MPESA)
    with pytest.raises(IntegrityError, match="loan_mobile_receipt_recorded_once"):
        await a_payment(other, reference="qx12", channel=PaymentChannel.MPESA)
    mobile.reversed_by_id, mobile.reversed_at = new_id(), clock.now()
    await mobile.save()
    await a_payment(other, reference="QX12", channel=PaymentChannel.MPESA)


async def test_history_is_kept() -> None:
    loan = await an_approved_loan(await an_office())
    payment = await a_payment(loan)
    allocation = await LoanAllocation.create(
        id=new_id(), transaction_id=payment.id, loan_id=loan.id, instalment_number=1, principal_minor=100, interest_minor=10
    )
    for row, column in ((payment, "note"), (payment, "happened_on"), (allocation, "principal_minor")):
        setattr(row, column, {"note": "x", "happened_on": date(2029, 1, 1), "principal_minor": 99}[column])
        with pytest.raises(IntegrityError, match="kept as it is"):
            await row.save()
        await row.refresh_from_db()
    for row in (allocation, payment):
        with pytest.raises(IntegrityError, match="kept as it is"):
            await row.delete()


async def an_action(office: Office, loan: Loan, **columns: Any) -> RecoveryAction:
    stated: dict[str, Any] = {
        "id": new_id(),
        "subject_kind": RecoverySubject.LOAN,
        "subject_id": loan.id,
        "loan_id": loan.id,
        "branch_id": office.branch_id,
        "subject_number": loan.number,
        "debtor_name": loan.borrower_name,
        "kind": RecoveryActionKind.PHONE_CALL,
        "status": RecoveryActionStatus.OPEN,
        "note": "",
        "due_on": date(2030, 2, 1),
        "currency": loan.currency,
        "overdue_minor": 110,
        "created_by_id": new_id(),
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return await RecoveryAction.create(**(stated | columns))


async def test_a_recovery_action_that_is_over_stays_so() -> None:
    office = await an_office()
    loan = await an_approved_loan(office)
    action = await an_action(office, loan)
    action.status = RecoveryActionStatus.COMPLETED
    with pytest.raises(IntegrityError, match="recovery_"):
        await action.save()
    action.outcome, action.ended_at, action.ended_by_id = "Paid", clock.now(), new_id()
    await action.save()
    action.status, action.ended_at, action.ended_by_id = RecoveryActionStatus.OPEN, None, None
    with pytest.raises(IntegrityError, match="over stays as it is"):
        await action.save()
    with pytest.raises(IntegrityError, match="recovery_loan_is_its_subject"):
        await an_action(office, loan, subject_kind=RecoverySubject.INVOICE)


async def test_every_change_of_a_loan_is_remembered() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    await approve_loan(office.manager, loan_id=loan.id)
    rows = await fetch(
        """select operation, before ->> 'status' as before, after ->> 'status' as after from row_change
           where object_kind = 'loan' and object_id = $1 order by id""",
        loan.id,
    )
    moved = [(row["before"], row["after"]) for row in rows if row["after"]]
    assert moved == [
        (None, "DRAFT"), ("DRAFT", "SUBMITTED"), ("SUBMITTED", "KYC_PENDING"), ("KYC_PENDING", "KYC_VERIFIED"),
        ("KYC_VERIFIED", "APPROVED"),
    ]  # fmt: skip
