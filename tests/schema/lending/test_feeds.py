"""The feeds of loans: each act is told once, in order, to those whom it concerns and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from graphql import get_named_type, is_leaf_type

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.lending.jobs import new_day, remind
from domain.lending.models import Loan
from domain.lending.service import repayment
from tests.schema.test_architecture import the_schema
from tests.support.graphql import ask, do, encode_id, feed_refused, heard
from tests.support.happenings import events_so_far
from tests.support.loan_operations import (
    FEEDS,
    changes_heard,
    facts_heard,
    form,
    kes_shown,
    of,
    op,
    shillings,
    told_in_order,
)
from tests.support.loans import Office, a_borrower, a_draft, a_product, a_running_loan, an_application, an_office, kes
from tests.support.papers import a_file
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
LIVE = (*FEEDS, "LoanUpdated")


async def a_whole_life(office: Office) -> Loan:
    """Every act on a loan, through the API, one after another."""
    product = await a_product(principal=kes(300), instalments=3)
    asked = {"application": form(product, principal=shillings("300.00"))}
    loan_id = (await do(office.borrower, op("SubmitLoanApplication"), input=asked))["loan"]["id"]
    about = {"loanId": loan_id}
    file_id = encode_id("File", (await a_file(office.borrower)).id)
    papers = about | {"documents": [{"fileId": file_id, "kind": "PASSPORT"}]}
    await do(office.borrower, op("AddLoanDocuments"), input=papers)
    await do(office.officer, op("ReviewLoan"), input=about | {"recommendation": "APPROVE"})
    await do(office.officer, op("VerifyKyc"), input=about)
    await do(office.manager, op("ApproveLoan"), input=about)
    await do(office.admin, op("DisburseLoan"), input=about)
    paid = await do(office.officer, op("RecordLoanRepayment"), input=about | {"amount": shillings("350.00")})
    undo = {"transactionId": paid["transaction"]["id"], "reason": "Another loan's"}
    await do(office.manager, op("ReverseLoanRepayment"), input=undo)
    plan = {"kind": "NEW_TERMS", "fromOn": clock.today().isoformat(), "extraInstalments": 1}
    await do(office.manager, op("RequestLoanReschedule"), input=about | {"plan": plan, "reason": "The harvest is late"})
    await do(office.admin, op("RescheduleLoan"), input=about)
    await do(office.manager, op("ChargeOffLoan"), input=about | {"reason": "Gone"})
    await do(office.manager, op("RequestLoanWriteOff"), input=about | {"reason": "Gone"})
    await do(office.admin, op("WriteOffLoan"), input=about)
    await do(office.officer, op("RecordLoanRecovery"), input=about | {"amount": shillings("10.00")})
    return await Loan.get(borrower_id=office.borrower.id)


async def test_each_act_is_told_once_and_in_order() -> None:
    office = await an_office()
    loan = await a_whole_life(office)
    story = [
        *("LoanApplicationSubmitted", "SUBMITTED", "SUBMITTED"),
        *("LoanDocumentsAdded", "DOCUMENTS_ADDED"),
        *("LoanReviewed", "REVIEWED", "KYC_PENDING"),
        *("LoanKycVerified", "KYC_VERIFIED", "KYC_VERIFIED"),
        *("LoanApproved", "APPROVED", "APPROVED"),
        *("LoanDisbursed", "DISBURSED", "ACTIVE"),
        *("PaymentProcessed", "REPAID", "OVERPAID"),
        *("LoanRepaymentReversed", "REPAYMENT_REVERSED", "ACTIVE"),
        *("LoanRescheduled", "RESCHEDULED"),
        *("LoanChargedOff", "CHARGED_OFF"),
        *("LoanWrittenOff", "WRITTEN_OFF", "WRITTEN_OFF"),
        *("PaymentProcessed", "RECOVERED"),
    ]
    for viewer in (office.borrower, office.officer, office.manager, office.admin):
        assert await told_in_order(viewer, loan) == story
    logged = [each.name for each in await events_so_far() if each.name.startswith("lending.loan_") or "payment" in each.name]
    assert len(logged) == len(story) + 1, "and the product"


async def test_others_hear_nothing_of_it() -> None:
    office = await an_office()
    loan = await a_whole_life(office)
    elsewhere = await an_office()
    strangers = (await a_borrower(office.branch), elsewhere.officer, elsewhere.manager, elsewhere.borrower)
    for stranger in strangers:
        assert await facts_heard(stranger) == await changes_heard(stranger) == []
        for feed in (*LIVE, "LoanStatusChanged"):
            assert await feed_refused(stranger, op(feed), **of(loan)) == "LOAN_NOT_FOUND", feed
    outsider = somebody(Role.SELLER, name="Sita")
    for feed in LIVE:
        assert await feed_refused(ANONYMOUS, op(feed)) == "UNAUTHENTICATED"
        assert await feed_refused(outsider, op(feed)) == "FORBIDDEN"
    assert await feed_refused(office.borrower, op("LoanUpdated"), loanId=encode_id("User", loan.id)) == "NOT_FOUND"


async def test_an_officer_who_borrows_hears_their_own_loan_and_those_of_the_branch() -> None:
    office, elsewhere = await an_office(), await an_office()
    both = await a_borrower(elsewhere.branch)
    theirs = await an_application(Office(elsewhere.branch, both, both, both, office.admin))
    as_both = Actor(
        id=both.id, name=both.name, roles=frozenset({Role.BORROWER, Role.LOAN_OFFICER}), branch_id=office.branch_id
    )
    here = await an_application(office)
    await an_application(elsewhere)
    items = await heard(as_both, op("LoanApplicationSubmitted"))
    assert [item["loan"]["number"] for item in items] == [theirs.number, here.number]


async def test_drafts_are_told_to_their_writers_alone() -> None:
    office = await an_office()
    draft = await a_draft(office)
    assert await changes_heard(office.borrower, draft) == ["DRAFTED"]
    for viewer in (office.officer, office.manager, office.admin):
        assert await changes_heard(viewer) == []
        assert await feed_refused(viewer, op("LoanUpdated"), **of(draft)) == "LOAN_NOT_FOUND"


async def test_what_the_days_do() -> None:
    office = await an_office()
    with clock.clock_set_to(START):
        loan = await a_running_loan(office, principal=kes(300), instalments=3)
    with clock.clock_set_to(START + timedelta(days=29)):
        await remind.run()
        await remind.run()
    with clock.clock_set_to(START + timedelta(days=33)):
        await new_day.run()
        await remind.run()
        await remind.run()
    for viewer in (office.borrower, office.officer):
        soon, late = await heard(viewer, op("InstalmentDue"))
        assert (soon["__typename"], late["__typename"]) == ("InstalmentDueSoon", "InstalmentOverdue")
        assert soon["dueOn"] == late["dueOn"] == "2030-02-01"
        assert soon["amount"] == late["amount"] == kes_shown("102.01")
        [later] = await heard(viewer, op("LoanDelinquencyChanged"), **of(loan))
        assert (later["bucket"], later["pastDueDays"], later["loan"]["status"]) == ("DAYS_1_30", 2, "ACTIVE")


async def test_the_figures_of_an_item_are_those_of_its_moment() -> None:
    office = await an_office()
    loan = await a_running_loan(office, principal=kes(300), instalments=3)
    for amount in (100, 50):
        await repayment.record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(amount))
    left = [item["loan"]["outstandingAmount"]["amount"] for item in await heard(office.borrower, op("PaymentProcessed"))]
    assert left == ["206.02", "156.02"]
    closer = """subscription ($loanId: ID) { loanUpdated(loanId: $loanId) {
        ... on LoanUpdated { loan { outstandingAmount { amount } schedule { number } terms { instalments } } }
    } }"""
    items = await heard(office.borrower, closer, **of(loan))
    assert [len(item["loan"]["schedule"]) for item in items] == [3] * len(items)
    assert items[-1]["loan"]["outstandingAmount"]["amount"] == "156.02"
    assert items[-1]["loan"]["terms"]["instalments"] == 3


def whole_loan() -> str:
    """A selection of everything of a loan that is a value of its own."""
    fields = the_schema().type_map["Loan"].fields  # type: ignore[attr-defined]
    plain = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))]
    amounts = [f"{name} {{ amount }}" for name, field in fields.items() if get_named_type(field.type).name == "Money"]
    return " ".join([*plain, *amounts])


async def test_an_item_knows_everything_that_a_read_loan_knows() -> None:
    office = await an_office()
    loan = await a_running_loan(office, principal=kes(300), instalments=3)
    await repayment.record_loan_repayment(office.officer, loan_id=loan.id, amount=kes(100))
    live = f"subscription {{ paymentProcessed {{ ... on PaymentProcessed {{ loan {{ {whole_loan()} }} }} }} }}"
    [item] = await heard(office.officer, live)
    read = await ask(office.officer, f"query ($id: ID!) {{ loan(id: $id) {{ {whole_loan()} }} }}", id=of(loan)["loanId"])
    assert item["loan"] == read
