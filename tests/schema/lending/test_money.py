"""The money of a loan in the API: paid out, paid back, undone, taken back, given back, given up and recovered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.models import Loan
from domain.lending.service import request_write_off, write_off_loan
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.invoices import balance
from tests.support.loan_operations import (
    changes_heard,
    do_twice,
    facts_heard,
    kes_shown,
    of,
    of_movement,
    op,
    schedule_of,
    shillings,
    statuses_heard,
)
from tests.support.loans import (
    Office,
    a_borrower,
    a_loan_to_decide,
    a_running_loan,
    an_approved_loan,
    an_office,
    kes,
    repaid,
)
from tests.support.operations import money
from tests.support.people import somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

DISBURSE, RECORD, PAY, RECOVER = op("DisburseLoan"), op("RecordLoanRepayment"), op("PayLoan"), op("RecordLoanRecovery")
PRECLOSE = op("PrecloseLoan")
REVERSE, CHARGE_BACK, REFUND = op("ReverseLoanRepayment"), op("ChargeBackLoanRepayment"), op("RefundLoanOverpayment")
LOAN = ["input", "loanId"]
MISSING = ("LOAN_NOT_FOUND", LOAN)


async def a_plain_loan(office: Office, **changes: Any) -> Loan:
    """300.00 without interest, in three instalments."""
    return await a_running_loan(office, principal=kes(300), annual_rate=Decimal(0), instalments=3, **changes)


async def test_a_loan_is_paid_out_into_the_wallet() -> None:
    office = await an_office()
    loan = await an_approved_loan(office)
    await refused_to_strangers(DISBURSE, input=of(loan))
    for who in (office.officer, office.manager, office.borrower):
        assert await ask_refused(who, DISBURSE, input=of(loan)) == "FORBIDDEN"
    before = await balance(office.borrower, "KES")
    first = await do_twice(office.admin, DISBURSE, **of(loan, amount=shillings("5000.00"), reference="Tranche 1"))
    assert (first["loan"]["status"], first["transaction"]["amount"]) == ("ACTIVE", kes_shown("5,000.00"))
    assert (first["transaction"]["kind"], first["transaction"]["channel"]) == ("DISBURSEMENT", "WALLET")
    assert await balance(office.borrower, "KES") == before + kes(5_000)
    rest = await do(office.admin, DISBURSE, input=of(loan))
    assert rest["transaction"]["amount"] == kes_shown("7,000.00")
    assert await do_refused(office.admin, DISBURSE, input=of(loan)) == (
        "DISBURSEMENT_EXCEEDS_APPROVAL",
        ["input", "amount"],
    )
    for viewer in (office.borrower, office.officer, office.admin):
        told = await heard(viewer, op("LoanDisbursed"))
        assert [(each["amount"], each["fullyDisbursed"]) for each in told] == [
            (kes_shown("5,000.00"), False),
            (kes_shown("7,000.00"), True),
        ]
        assert told[0]["transactionId"] == first["transaction"]["id"]
        assert (await changes_heard(viewer, loan))[-2:] == ["DISBURSED", "DISBURSED"]
    assert (await statuses_heard(office.borrower, loan))[-1] == ("APPROVED", "ACTIVE")
    for stranger in (await a_borrower(office.branch), (await an_office()).officer):
        assert await heard(stranger, op("LoanDisbursed")) == []
    await assert_integrity()


async def test_staff_record_what_came() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    receipt = of(loan, amount=shillings("100.00"), channel="MPESA", reference="SKA1", note="At the counter")
    await refused_to_strangers(RECORD, input=receipt)
    assert await ask_refused(office.borrower, RECORD, input=receipt) == "FORBIDDEN"
    assert await do_refused((await an_office()).officer, RECORD, input=receipt) == MISSING
    receipt["idempotencyKey"] = "received once"
    paid, again = [await do(office.officer, RECORD, input=receipt) for _ in range(2)]
    assert (paid.pop("replayed"), again.pop("replayed"), again) == (False, True, paid)
    assert paid["loan"]["outstandingAmount"] == kes_shown("200.00")
    assert (paid["transaction"]["principal"], paid["transaction"]["reference"]) == (kes_shown("100.00"), "SKA1")
    other = receipt | {"amount": shillings("1.00")}
    assert (await do_refused(office.officer, RECORD, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
    del other["idempotencyKey"]
    assert await do_refused(office.officer, RECORD, input=other) == ("PAYMENT_ALREADY_RECORDED", ["input", "reference"])
    over = await do(office.officer, RECORD, input=of(loan, amount=shillings("250.00")))
    assert (over["loan"]["status"], over["loan"]["overpaidAmount"]) == ("OVERPAID", kes_shown("50.00"))
    for viewer in (office.borrower, office.officer, office.admin):
        told = await heard(viewer, op("PaymentProcessed"))
        assert [(each["amount"], each["overpaid"]) for each in told] == [
            (kes_shown("100.00"), kes_shown("0.00")),
            (kes_shown("250.00"), kes_shown("50.00")),
        ]
    assert await heard(await a_borrower(office.branch), op("PaymentProcessed")) == []
    await assert_integrity()


async def test_a_loan_is_paid_off_with_what_is_quoted() -> None:
    office = await an_office()
    loan = await a_running_loan(office, principal=kes(300), annual_rate=Decimal(12), instalments=3)
    await refused_to_strangers(PRECLOSE, input=of(loan))
    assert await ask_refused(office.borrower, PRECLOSE, input=of(loan)) == "FORBIDDEN"
    assert await do_refused((await an_office()).officer, PRECLOSE, input=of(loan)) == MISSING
    quoted = await ask(office.borrower, op("LoanPayoff"), loanId=encode_id("Loan", loan.id))
    paid = await do_twice(office.officer, PRECLOSE, **of(loan))
    assert (paid["loan"]["status"], paid["transaction"]["amount"]) == ("CLOSED", quoted["total"])
    assert (await do_refused(office.officer, PRECLOSE, input=of(loan)))[0] == "LOAN_NOT_PAID_OUT"
    await assert_integrity()


async def test_a_borrower_pays_from_the_wallet() -> None:
    office = await an_office()
    approved = await an_approved_loan(office)
    await do(office.admin, DISBURSE, input=of(approved))
    await refused_to_strangers(PAY, input=of(approved))
    assert await do_refused(await a_borrower(office.branch), PAY, input=of(approved)) == MISSING
    assert await ask_refused(office.officer, PAY, input=of(approved)) == "FORBIDDEN"
    due = (await schedule_of(office.borrower, approved))[0]["due"]
    paid = await do_twice(office.borrower, PAY, **of(approved))
    assert (paid["transaction"]["amount"], paid["transaction"]["channel"]) == (due, "WALLET")
    first = (await schedule_of(office.borrower, approved))[0]
    assert (first["unpaid"], first["paid"]) == (kes_shown("0.00"), due)
    much = of(approved, amount=shillings("5000000.00"))
    assert (await do_refused(office.borrower, PAY, input=much))[0] == "INSUFFICIENT_FUNDS"
    await assert_integrity()


@pytest.mark.parametrize("document", [RECORD, PAY, DISBURSE, REFUND])
async def test_amounts_that_are_refused(document: str) -> None:
    office = await an_office()
    loan = await a_running_loan(office, paid_out=kes(6_000))
    if document is REFUND:
        await repaid(office, loan, 7_000)
    actor = {RECORD: office.officer, PAY: office.borrower, DISBURSE: office.admin, REFUND: office.manager}[document]
    for amount, code, field in (
        (shillings("0.00"), "INVALID_AMOUNT", "amount"),
        (shillings("-1.00"), "INVALID_AMOUNT", "amount"),
        (shillings("1.001"), "INVALID_AMOUNT", "amount"),
        (shillings("9" * 19), "INVALID_AMOUNT", "amount"),
        (money("10.00", "USD"), "CURRENCY_MISMATCH", "amount.currency"),
    ):
        refused, path = await do_refused(actor, document, input=of(loan, amount=amount))
        assert (refused, ".".join(path or [])) == (code, f"input.{field}")
    assert await ask_refused(actor, document, input=of(loan, amount=shillings("NaN"))) == "INVALID_AMOUNT"
    assert await ask_refused(actor, document, input=of(loan, amount=shillings(""))) == "INVALID_AMOUNT"
    named = {"amount": shillings("1.00")}
    assert await do_refused(actor, document, input={"loanId": encode_id("Loan", new_id())} | named) == MISSING
    assert await do_refused(actor, document, input={"loanId": encode_id("User", loan.id)} | named) == ("NOT_FOUND", LOAN)
    assert await do_refused(actor, document, input={"loanId": ""} | named) == ("NOT_FOUND", LOAN)


async def test_days_and_ways_that_are_refused() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    day = clock.today()
    for changes, code, field in (
        ({"receivedOn": (day + timedelta(days=1)).isoformat()}, "DATE_IN_FUTURE", "receivedOn"),
        ({"receivedOn": (day - timedelta(days=1)).isoformat()}, "INVALID_LOAN_DATE", "receivedOn"),
        ({"channel": "WALLET"}, "CHANNEL_NOT_POSSIBLE", "channel"),
        ({"channel": "MPESA"}, "REFERENCE_MISSING", "reference"),
        ({"reference": "x" * 121}, "INVALID_INPUT", "reference"),
        ({"note": "x" * 501}, "INVALID_INPUT", "note"),
        ({"idempotencyKey": ""}, "INVALID_INPUT", "idempotencyKey"),
    ):
        asked = of(loan, amount=shillings("1.00"), **changes)
        assert await do_refused(office.officer, RECORD, input=asked) == (code, ["input", field])
    early = of(await an_approved_loan(office), disbursedOn=(day - timedelta(days=1)).isoformat())
    assert await do_refused(office.admin, DISBURSE, input=early) == ("INVALID_LOAN_DATE", ["input", "disbursedOn"])
    unpaid = of(await an_approved_loan(office), amount=shillings("1.00"))
    assert await do_refused(office.officer, RECORD, input=unpaid) == ("LOAN_NOT_PAID_OUT", LOAN)
    assert await do_refused(office.officer, RECOVER, input=of(loan, amount=shillings("1.00"))) == (
        "LOAN_NOT_WRITTEN_OFF",
        LOAN,
    )


async def test_a_payment_that_bounced() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    first, second = [await repaid(office, loan, 150) for _ in range(2)]
    undo = of_movement(first.transaction, reason="The cheque bounced", nsfFee=shillings("10.00"))
    await refused_to_strangers(REVERSE, input=undo)
    assert await ask_refused(office.officer, REVERSE, input=undo) == "FORBIDDEN"
    gone = ("REPAYMENT_NOT_FOUND", ["input", "transactionId"])
    assert await do_refused((await an_office()).manager, REVERSE, input=undo) == gone
    undone = await do_twice(office.manager, REVERSE, **undo)
    assert (undone["loan"]["status"], undone["loan"]["outstandingAmount"]) == ("ACTIVE", kes_shown("160.00"))
    assert (undone["transaction"]["id"], undone["transaction"]["reversed"]) == (undo["transactionId"], True)
    assert await do_refused(office.manager, REVERSE, input=undo) == (
        "REPAYMENT_NOT_REVERSIBLE",
        ["input", "transactionId"],
    )
    for wrong, refused in (
        ({"reason": ""}, ("INVALID_INPUT", ["input", "reason"])),
        ({"nsfFee": shillings("0")}, ("INVALID_AMOUNT", ["input", "nsfFee"])),
        ({"nsfFee": money("1.00", "USD")}, ("CURRENCY_MISMATCH", ["input", "nsfFee", "currency"])),
        ({"transactionId": encode_id("LoanTransaction", new_id())}, gone),
        ({"transactionId": encode_id("Loan", loan.id)}, ("NOT_FOUND", ["input", "transactionId"])),
    ):
        asked = of_movement(second.transaction, reason="x") | wrong
        assert await do_refused(office.manager, REVERSE, input=asked) == refused
    told = [item["__typename"] for item in await heard(office.borrower, op("PaymentProcessed"))]
    assert told == ["PaymentProcessed", "PaymentProcessed", "LoanRepaymentReversed"]
    assert (await statuses_heard(office.borrower, loan))[-2:] == [("ACTIVE", "CLOSED"), ("CLOSED", "ACTIVE")]
    await assert_integrity()


async def test_the_bank_takes_a_payment_back() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    paid = await repaid(office, loan, 100)
    back = of_movement(paid.transaction, amount=shillings("40.00"))
    await refused_to_strangers(CHARGE_BACK, input=back)
    assert await ask_refused(office.officer, CHARGE_BACK, input=back) == "FORBIDDEN"
    taken = await do_twice(office.manager, CHARGE_BACK, **back)
    assert (taken["transaction"]["kind"], taken["loan"]["outstandingAmount"]) == ("CHARGE_BACK", kes_shown("240.00"))
    more = back | {"amount": shillings("60.01")}
    assert await do_refused(office.manager, CHARGE_BACK, input=more) == (
        "AMOUNT_EXCEEDS_REPAYMENT",
        ["input", "amount"],
    )
    early = back | {"chargedBackOn": (clock.today() - timedelta(days=1)).isoformat()}
    assert await do_refused(office.manager, CHARGE_BACK, input=early) == (
        "INVALID_LOAN_DATE",
        ["input", "chargedBackOn"],
    )
    assert (await changes_heard(office.borrower, loan))[-1] == "CHARGED_BACK"
    await assert_integrity()


async def test_what_was_overpaid_is_given_back() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    assert await do_refused(office.manager, REFUND, input=of(loan)) == ("LOAN_NOT_PAID_OUT", LOAN)
    await repaid(office, loan, 350)
    await refused_to_strangers(REFUND, input=of(loan))
    assert await ask_refused(office.officer, REFUND, input=of(loan)) == "FORBIDDEN"
    more = of(loan, amount=shillings("50.01"))
    assert await do_refused(office.manager, REFUND, input=more) == ("AMOUNT_EXCEEDS_OVERPAYMENT", ["input", "amount"])
    before = await balance(office.borrower, "KES")
    given = await do_twice(office.manager, REFUND, **of(loan))
    assert (given["transaction"]["kind"], given["transaction"]["amount"]) == ("CREDIT_REFUND", kes_shown("50.00"))
    assert given["loan"]["status"] == "CLOSED"
    assert await balance(office.borrower, "KES") == before + kes(50)
    await assert_integrity()


async def test_what_comes_in_after_the_write_off() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    await request_write_off(office.manager, loan_id=loan.id, reason="Gone")
    await write_off_loan(office.admin, loan_id=loan.id)
    came = of(loan, amount=shillings("25.00"))
    await refused_to_strangers(RECOVER, input=came)
    assert await ask_refused(office.borrower, RECOVER, input=came) == "FORBIDDEN"
    assert await do_refused(office.officer, RECORD, input=came) == ("LOAN_WRITTEN_OFF", LOAN)
    got = await do_twice(office.officer, RECOVER, **came)
    assert (got["loan"]["status"], got["transaction"]["kind"]) == ("WRITTEN_OFF", "RECOVERY")
    [told] = await heard(office.officer, op("PaymentProcessed"))
    assert (told["kind"], told["amount"]) == ("RECOVERY", kes_shown("25.00"))
    await assert_integrity()


async def test_the_same_key_at_the_same_time_pays_once() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    asked = of(loan, amount=shillings("10.00"), idempotencyKey="once")
    answers = await outcomes_of(ask(office.officer, RECORD, input=asked) for _ in range(6))
    codes = [error["code"] for answer in answers for error in answer["errors"]]
    assert set(codes) <= {"IN_PROGRESS"}
    assert (await Loan.get(id=loan.id)).paid_amount == kes(10)
    await assert_integrity()


async def test_different_payments_at_the_same_time_all_count() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    asked = [of(loan, amount=shillings("10.00"), reference=f"R{number}") for number in range(6)]
    payloads = await outcomes_of(do(office.officer, RECORD, input=each) for each in asked)
    assert [payload["errors"] for payload in payloads] == [[]] * 6
    assert (await Loan.get(id=loan.id)).paid_amount == kes(60)
    assert len(await heard(office.borrower, op("PaymentProcessed"))) == 6
    await assert_integrity()


async def test_an_accountant_collects_and_sees_every_branch() -> None:
    office = await an_office()
    loan = await a_plain_loan(office)
    accountant = somebody(Role.ACCOUNTANT, name="Anna Books")
    paid = await do(accountant, RECORD, input=of(loan, amount=shillings("300.00"), channel="BANK"))
    assert paid["loan"]["status"] == "CLOSED"
    assert (await facts_heard(accountant))[-2:] == ["PaymentProcessed", "LoanClosed"]


async def test_what_can_be_done_once_is_done_once_however_many_try() -> None:
    office = await an_office()
    loan, other = await a_loan_to_decide(office), await a_plain_loan(office)
    wanted = of(other, reason="Gone")
    for actor, name, asked, refusals in (
        (office.manager, "ApproveLoan", of(loan), {"LOAN_NOT_UNDECIDED"}),
        (office.admin, "DisburseLoan", of(loan), {"DISBURSEMENT_EXCEEDS_APPROVAL"}),
        (office.manager, "RequestLoanWriteOff", wanted, {"LOAN_REQUEST_PENDING"}),
        (office.admin, "WriteOffLoan", of(other), {"LOAN_REQUEST_NOT_FOUND", "LOAN_WRITTEN_OFF"}),
    ):
        answers = await outcomes_of(ask(actor, op(name), input=asked) for _ in range(4))
        codes = [error["code"] for answer in answers for error in answer["errors"]]
        assert len(codes) == 3 and set(codes) <= refusals, (name, codes)
    assert (await facts_heard(office.admin)).count("LoanApproved") == 2
    assert (await facts_heard(office.admin)).count("LoanWrittenOff") == 1
    await assert_integrity()
