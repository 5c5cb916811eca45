"""Input that is wrong, in every field of every operation on loans: a typed refusal or nothing, and never an accident."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.service import add_loan_charge
from tests.support.graphql import ask, encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.loan_operations import form, of, of_movement, op, shillings
from tests.support.loans import (
    a_draft,
    a_loan_to_decide,
    a_product,
    a_running_loan,
    an_application,
    an_approved_loan,
    an_office,
    repaid,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_products_and_applications() -> None:
    office, product = await an_office(), await a_product()
    asked, to_decide = await an_application(office, product), await a_loan_to_decide(office, product)
    charge = {"code": "A", "title": "A", "time": "DISBURSEMENT", "value": "1"}
    terms = {
        "principal": shillings("12000.00"), "annualRate": "12", "instalments": 12, "charges": [charge],
        "rounding": {"multipleOf": "1"}, "grace": {"principal": 1},
    }  # fmt: skip
    paper = {"fileId": encode_id("File", new_id()), "kind": "PHOTO"}
    cases = inputs(
        (office.admin, "CreateLoanProduct", {"code": "NEW", "name": "New", "terms": terms}),
        (office.admin, "UpdateLoanProduct", {"productId": encode_id("LoanProduct", product.id), "terms": terms}),
        (office.borrower, "LoanQuote", form(product)),
        (office.borrower, "ValidateLoanApplication", form(product)),
        (office.borrower, "UpdateLoanApplication", of(await a_draft(office, product))),
        (office.borrower, "SubmitLoanApplication", {"application": form(product)}),
        (office.borrower, "AddLoanDocuments", of(asked, documents=[paper])),
        (office.officer, "ReviewLoan", of(asked, recommendation="MORE_INFORMATION", comment="x")),
        (office.officer, "VerifyKyc", of(asked)),
        (office.manager, "AssignLoanOfficer", of(asked, officerId=encode_id("User", office.officer.id))),
        (office.manager, "ApproveLoan", of(to_decide)),
        (office.manager, "RejectLoan", of(asked, reason="x")),
        (office.borrower, "WithdrawLoan", of(asked, reason="x")),
    )
    cases.append((office.officer, "Loans", {"filter": {"search": "x"}}))
    cases.append((office.officer, "LoanProducts", {"currency": "KES"}))
    assert await accidents(cases, op) == []
    await assert_integrity()


async def test_the_money_of_loans() -> None:
    office = await an_office()
    loan, approved = await a_running_loan(office), await an_approved_loan(office)
    paid = await repaid(office, loan, 100)
    charge = await add_loan_charge(office.manager, loan_id=loan.id, title="x", value=Decimal(5))
    fee = {"chargeId": encode_id("LoanCharge", charge.id)}
    today = clock.today().isoformat()
    plans = [
        {"kind": "NEW_TERMS", "fromOn": today, "extraInstalments": 2},
        {"kind": "REAGE", "firstDueOn": "2090-01-31", "instalments": 3},
    ]
    cent = {"amount": shillings("0.01")}
    cases = inputs(
        (office.admin, "DisburseLoan", of(approved, **cent)),
        (office.officer, "RecordLoanRepayment", of(loan, **cent)),
        (office.borrower, "PayLoan", of(loan, **cent)),
        (office.manager, "ReverseLoanRepayment", of_movement(paid.transaction, reason="x")),
        (office.manager, "ChargeBackLoanRepayment", of_movement(paid.transaction, **cent)),
        (office.manager, "RefundLoanOverpayment", of(loan)),
        (office.manager, "AddLoanCharge", of(loan, title="x", value="1")),
        (office.manager, "WaiveLoanCharge", fee | {"reason": "x"}),
        (office.manager, "UndoLoanChargeWaiver", fee | {"reason": "x"}),
        (office.manager, "WaiveLoanInterest", of(loan, reason="x", **cent)),
        (office.manager, "ChangeLoanRate", of(loan, annualRate="5", effectiveOn=today, reason="x")),
        (office.manager, "PauseLoanDelinquency", of(loan, startsOn=today, endsOn=today, reason="x")),
        (office.manager, "ResumeLoanDelinquency", of(loan, reason="x")),
        *((office.manager, "RequestLoanReschedule", of(loan, plan=plan, reason="x")) for plan in plans),
        (office.manager, "RequestLoanWriteOff", of(loan, reason="x")),
        (office.admin, "RejectLoanRequest", of(loan, kind="WRITE_OFF", comment="x")),
        (office.manager, "WithdrawLoanRequest", of(loan, kind="RESCHEDULE", reason="x")),
        (office.officer, "RecordLoanRecovery", of(loan, **cent)),
        (office.manager, "ChargeOffLoan", of(loan, reason="x")),
        (office.manager, "UndoLoanChargeOff", of(loan, reason="x")),
    )
    about = {"loanId": of(loan)["loanId"]}
    cases += [(office.manager, "PreviewLoanReschedule", about | {"plan": plan}) for plan in plans]
    cases.append((office.borrower, "LoanPayoff", about | {"on": today}))
    cases.append((office.borrower, "LoanTransactions", about))
    assert await accidents(cases, op) == []
    await assert_integrity()


async def test_a_search_finds_what_it_says_and_no_more() -> None:
    office = await an_office()
    loan = await an_application(office)
    for search, count in (
        ("%", 0),
        ("_eatrice", 0),
        ("x" * 3_000, 0),
        ("BEATRICE", 1),
        (loan.number, 1),
        (" ", 1),
        ("a\x00b", 0),
    ):
        assert len((await ask(office.officer, op("Loans"), filter={"search": search}))["nodes"]) == count, search
