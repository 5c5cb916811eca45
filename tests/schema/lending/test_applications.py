"""An application in the API, from the form to its decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.files.service import store_file
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.lending.service import retire_product
from domain.lending.states import DocumentKind
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.loan_operations import (
    changes_heard,
    facts_heard,
    form,
    kes_shown,
    of,
    op,
    shillings,
    statuses_heard,
)
from tests.support.loans import (
    Office,
    a_borrower,
    a_draft,
    a_loan_to_decide,
    a_product,
    a_registered_officer,
    a_running_loan,
    an_application,
    an_approved_loan,
    an_office,
)
from tests.support.operations import money, operation
from tests.support.papers import JPEG, PDF, a_file
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")

QUOTE, VALIDATE = op("LoanQuote"), op("ValidateLoanApplication")
DRAFT, EDIT, SUBMIT = op("CreateLoanApplication"), op("UpdateLoanApplication"), op("SubmitLoanApplication")
PAPERS, ASSIGN, REVIEW, KYC = op("AddLoanDocuments"), op("AssignLoanOfficer"), op("ReviewLoan"), op("VerifyKyc")
APPROVE, REJECT, WITHDRAW = op("ApproveLoan"), op("RejectLoan"), op("WithdrawLoan")
LOAN = op("Loan")
MISSING = ("LOAN_NOT_FOUND", ["input", "loanId"])


async def faults(actor: Actor, asked: dict[str, Any]) -> list[tuple[str, str]]:
    async with nothing_happens():
        answer = await ask(actor, VALIDATE, input=asked)
    assert answer["valid"] == (answer["errors"] == [])
    return [(error["code"], ".".join(error["field"] or [])) for error in answer["errors"]]


async def test_what_a_form_would_be_refused_for() -> None:
    office, product = await an_office(), await a_product()
    await refused_to_strangers(VALIDATE, input=form(product))
    assert await faults(office.borrower, form(product)) == []
    today = clock.today()
    wrong = form(product, principal=shillings("0.50"), instalments=121, firstDueOn=today.isoformat(), purpose="x" * 501)
    assert await faults(office.borrower, wrong) == [
        ("PRINCIPAL_OUT_OF_RANGE", "input.principal"),
        ("INSTALMENTS_OUT_OF_RANGE", "input.instalments"),
        ("INVALID_FIRST_DUE_DATE", "input.firstDueOn"),
        ("INVALID_INPUT", "input.purpose"),
    ]
    for amount, code in (
        ("0", "INVALID_AMOUNT"),
        ("-1", "INVALID_AMOUNT"),
        ("1.001", "INVALID_AMOUNT"),
        ("9" * 19, "INVALID_AMOUNT"),
    ):
        assert await faults(office.borrower, form(product, principal=shillings(amount))) == [(code, "input.principal")]
    dollars = form(product, principal=money("100.00", "USD"))
    assert await faults(office.borrower, dollars) == [("CURRENCY_MISMATCH", "input.principal.currency")]
    unknown = form(product) | {"productId": encode_id("LoanProduct", new_id())}
    assert await faults(office.borrower, unknown) == [("LOAN_PRODUCT_NOT_FOUND", "input.productId")]
    other = form(product) | {"productId": encode_id("Loan", product.id)}
    assert await faults(office.borrower, other) == [("NOT_FOUND", "input.productId")]
    stranger = form(product, borrowerId=encode_id("User", new_id()))
    assert await faults(office.officer, stranger) == [("BORROWER_NOT_FOUND", "input.borrowerId")]
    assert await faults(await a_borrower(), form(product)) == [("BRANCH_MISSING", "input.branchId")]
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), VALIDATE, input=form(product)) == "FORBIDDEN"
    assert await ask_refused(office.borrower, VALIDATE, input=form(product, principal=shillings("NaN"))) == "INVALID_AMOUNT"


async def test_a_draft_is_between_its_writer_and_the_borrower() -> None:
    office, product = await an_office(), await a_product()
    await refused_to_strangers(DRAFT, input=form(product))
    drafted = (await do(office.borrower, DRAFT, input=form(product, instalments=6)))["loan"]
    assert (drafted["status"], drafted["requestedPrincipal"]) == ("DRAFT", kes_shown("12,000.00"))
    assert (drafted["instalmentCount"], drafted["terms"]["instalments"], drafted["revision"]) == (6, 6, 1)
    change = {"loanId": drafted["id"], "principal": shillings("15000.00"), "instalments": None, "purpose": "A fridge"}
    await refused_to_strangers(EDIT, input=change)
    edited = (await do(office.borrower, EDIT, input=change))["loan"]
    assert (edited["terms"]["principal"], edited["purpose"]) == (kes_shown("15,000.00"), "A fridge")
    assert edited["instalmentCount"] == 12
    for stranger in (office.officer, office.admin, await a_borrower(office.branch)):
        assert await ask(stranger, LOAN, id=drafted["id"]) is None
        assert await do_refused(stranger, EDIT, input=change) == MISSING
        assert await changes_heard(stranger) == []
    assert await changes_heard(office.borrower) == ["DRAFTED", "EDITED"]
    for wrong, refused in (
        ({"principal": shillings("-1")}, ("INVALID_AMOUNT", ["input", "principal"])),
        ({"instalments": 0}, ("INSTALMENTS_OUT_OF_RANGE", ["input", "instalments"])),
        ({"productId": encode_id("LoanProduct", new_id())}, ("LOAN_PRODUCT_NOT_FOUND", ["input", "productId"])),
        ({"purpose": "bell\x07"}, ("INVALID_INPUT", ["input", "purpose"])),
    ):
        assert await do_refused(office.borrower, EDIT, input=change | wrong) == refused
    await do(office.borrower, SUBMIT, input={"loanId": drafted["id"]})
    assert await do_refused(office.borrower, EDIT, input=change) == ("LOAN_NOT_DRAFT", ["input", "loanId"])


async def test_handing_in_a_draft_or_a_whole_form() -> None:
    office, product = await an_office(), await a_product()
    draft = await a_draft(office, product)
    await refused_to_strangers(SUBMIT, input=of(draft))
    loan = (await do(office.borrower, SUBMIT, input=of(draft, idempotencyKey="one")))["loan"]
    assert (loan["status"], loan["kycRequired"]) == ("SUBMITTED", True)
    again = await do(office.borrower, SUBMIT, input=of(draft, idempotencyKey="one"))
    assert (again["replayed"], again["loan"]) == (True, loan)
    whole = {"application": form(product), "idempotencyKey": "two"}
    first = await do(office.borrower, SUBMIT, input=whole)
    second = await do(office.borrower, SUBMIT, input=whole)
    assert (first["replayed"], second["replayed"], second["loan"]) == (False, True, first["loan"])
    other = whole | {"application": form(product, principal=shillings("1.00"))}
    assert (await do_refused(office.borrower, SUBMIT, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
    assert await do_refused(office.borrower, SUBMIT, input={}) == ("INVALID_INPUT", ["input"])
    both = whole | of(draft)
    assert await do_refused(office.borrower, SUBMIT, input=both) == ("INVALID_INPUT", ["input"])
    assert await do_refused(office.borrower, SUBMIT, input=of(draft)) == ("LOAN_NOT_DRAFT", ["input", "loanId"])
    foreign = await a_draft(office, product)
    assert await do_refused(await a_borrower(office.branch), SUBMIT, input=of(foreign)) == MISSING
    await retire_product(office.admin, product_id=product.id)
    assert await do_refused(office.borrower, SUBMIT, input=of(foreign)) == ("LOAN_PRODUCT_RETIRED", ["input", "productId"])
    heard_of_it = ["LoanApplicationSubmitted"] * 2
    assert await facts_heard(office.borrower) == await facts_heard(office.officer) == heard_of_it
    assert await facts_heard((await an_office()).officer) == await facts_heard(await a_borrower()) == []


async def test_staff_apply_for_a_borrower() -> None:
    office, product = await an_office(), await a_product()
    asked = {"application": form(product, borrowerId=encode_id("User", office.borrower.id))}
    loan = (await do(office.officer, SUBMIT, input=asked))["loan"]
    assert (await ask(office.borrower, LOAN, id=loan["id"]))["borrower"] == {
        "id": encode_id("User", office.borrower.id),
        "name": "Beatrice Wanjiru",
    }
    elsewhere = (await an_office()).officer
    assert await do_refused(elsewhere, SUBMIT, input=asked) == ("BORROWER_NOT_FOUND", ["input", "borrowerId"])
    other = {"application": form(product, borrowerId=encode_id("User", (await a_borrower(office.branch)).id))}
    assert await do_refused(office.borrower, SUBMIT, input=other) == ("FORBIDDEN", None)


async def test_papers_are_real_files() -> None:
    office = await an_office()
    loan = await an_application(office, await a_product(required_documents=[DocumentKind.NATIONAL_ID]))
    card = await a_file(office.borrower, JPEG, name="card.jpg")
    papers = of(loan, documents=[{"fileId": encode_id("File", card.id), "kind": "NATIONAL_ID"}])
    await refused_to_strangers(PAPERS, input=papers)
    reviewed = of(loan, recommendation="APPROVE")
    assert await do_refused(office.officer, REVIEW, input=reviewed) == ("LOAN_DOCUMENTS_MISSING", ["input", "documents"])
    for stranger in (await a_borrower(office.branch), (await an_office()).officer):
        assert await do_refused(stranger, PAPERS, input=papers) == MISSING
    added = await do(office.borrower, PAPERS, input=papers)
    [document] = added["documents"]
    assert (document["kind"], document["fileName"]) == ("NATIONAL_ID", "card.jpg")
    assert (document["file"]["contentType"], document["file"]["downloadPath"]) == ("image/jpeg", f"/files/{card.id}")
    assert [each["id"] for each in added["loan"]["documents"]] == [document["id"]]
    at = ["input", "documents", "0", "fileId"]
    assert await do_refused(office.borrower, PAPERS, input=papers) == ("FILE_ALREADY_ATTACHED", at)
    elsewhere = papers | of(await an_application(office))
    assert await do_refused(office.borrower, PAPERS, input=elsewhere) == ("FILE_ALREADY_ATTACHED", at)
    foreign = await a_file(await a_borrower(office.branch), PDF)
    theirs = of(loan, documents=[{"fileId": encode_id("File", foreign.id), "kind": "PHOTO"}])
    assert await do_refused(office.borrower, PAPERS, input=theirs) == ("FILE_NOT_FOUND", at)
    wrong = of(loan, documents=[{"fileId": encode_id("User", card.id), "kind": "PHOTO"}])
    assert await do_refused(office.borrower, PAPERS, input=wrong) == ("NOT_FOUND", at)
    many = ("TOO_MANY_DOCUMENTS", ["input", "documents"])
    assert await do_refused(office.borrower, PAPERS, input=of(loan, documents=[])) == many
    node = "query ($id: ID!) { node(id: $id) { __typename } }"
    assert await ask(office.officer, node, id=document["id"]) == {"__typename": "LoanDocument"}
    assert await ask(await a_borrower(office.branch), node, id=document["id"]) is None
    seen = await ask(office.officer, LOAN, id=of(loan)["loanId"])
    assert seen["documents"][0]["file"]["id"] == encode_id("File", card.id)
    assert (await ask(office.officer, operation("files/File"), id=encode_id("File", card.id)))["name"] == "card.jpg"
    assert await facts_heard(office.officer) == ["LoanApplicationSubmitted"] * 2 + ["LoanDocumentsAdded"]
    await do(office.officer, REVIEW, input=reviewed)
    await do(office.officer, KYC, input=of(loan))
    [verified] = (await ask(office.borrower, LOAN, id=of(loan)["loanId"]))["documents"]
    assert verified["verifiedAt"] is not None


async def test_a_file_that_is_not_what_it_says_is_none() -> None:
    office = await an_office()
    loan = await an_application(office)
    with pytest.raises(Exception, match="file"):
        await store_file(office.borrower, file_name="card.jpg", content=b"MZ\x90\x00" + b"\x00" * 64)
    assert (await ask(office.borrower, LOAN, id=of(loan)["loanId"]))["documents"] == []


async def test_from_the_desk_to_the_decision() -> None:
    office = await an_office()
    loan = await an_application(office)
    officer = await a_registered_officer(office.branch)
    assigned = of(loan, officerId=encode_id("User", officer.id))
    for document, asked in (
        (ASSIGN, assigned),
        (REVIEW, of(loan, recommendation="APPROVE")),
        (KYC, of(loan)),
        (APPROVE, of(loan)),
    ):
        await refused_to_strangers(document, input=asked)
        assert await ask_refused(office.borrower, document, input=asked) == "FORBIDDEN"
        assert await do_refused((await an_office()).manager, document, input=asked) == MISSING
    assert (await do(office.manager, ASSIGN, input=assigned))["loan"]["officer"]["name"] == "Otieno"
    nobody = of(loan, officerId=encode_id("User", office.borrower.id))
    assert await do_refused(office.manager, ASSIGN, input=nobody) == ("OFFICER_NOT_FOUND", ["input", "officerId"])
    silent = of(loan, recommendation="MORE_INFORMATION")
    assert await do_refused(officer, REVIEW, input=silent) == ("INVALID_INPUT", ["input", "comment"])
    assert await do_refused(office.manager, APPROVE, input=of(loan)) == ("LOAN_NOT_REVIEWED", ["input", "loanId"])
    reviewed = (await do(officer, REVIEW, input=of(loan, recommendation="APPROVE", comment="Sells well")))["loan"]
    assert (reviewed["status"], reviewed["reviewComment"]) == ("KYC_PENDING", "Sells well")
    assert await do_refused(office.manager, APPROVE, input=of(loan)) == ("KYC_NOT_VERIFIED", ["input", "loanId"])
    assert (await do(officer, KYC, input=of(loan, note="Card seen")))["loan"]["status"] == "KYC_VERIFIED"
    assert await do_refused(officer, KYC, input=of(loan)) == ("KYC_ALREADY_VERIFIED", ["input", "loanId"])
    more = of(loan, principal=shillings("12000.01"))
    assert await do_refused(office.manager, APPROVE, input=more) == ("APPROVAL_EXCEEDS_REQUEST", ["input", "principal"])
    less = of(loan, principal=shillings("10000.00"), annualRate="15.5", instalments=10, comment="A little less")
    approved = (await do(office.manager, APPROVE, input=less))["loan"]
    assert (approved["status"], approved["approvedPrincipal"]) == ("APPROVED", kes_shown("10,000.00"))
    assert (approved["annualRate"], approved["instalmentCount"]) == ("15.5", 10)
    assert approved["decisionComment"] == "A little less"
    assert await do_refused(office.manager, APPROVE, input=of(loan)) == ("LOAN_NOT_UNDECIDED", ["input", "loanId"])
    told = ["LoanApplicationSubmitted", "LoanReviewed", "LoanKycVerified", "LoanApproved"]
    changes = ["SUBMITTED", "OFFICER_ASSIGNED", "REVIEWED", "KYC_VERIFIED", "APPROVED"]
    for viewer in (office.borrower, officer, office.manager, office.admin):
        assert await facts_heard(viewer) == told
        assert await changes_heard(viewer, loan) == changes
        assert await statuses_heard(viewer, loan) == [
            ("DRAFT", "SUBMITTED"),
            ("SUBMITTED", "UNDER_REVIEW"),
            ("UNDER_REVIEW", "KYC_PENDING"),
            ("KYC_PENDING", "KYC_VERIFIED"),
            ("KYC_VERIFIED", "APPROVED"),
        ]
    await assert_integrity()


async def test_the_review_is_for_those_who_review() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    for viewer, comment in ((office.officer, ""), (office.borrower, None), (somebody(Role.ACCOUNTANT, name="Anna"), None)):
        assert (await ask(viewer, LOAN, id=of(loan)["loanId"]))["reviewComment"] == comment


async def test_nobody_decides_on_their_own_work() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    reviewer = Actor(id=office.officer.id, name="x", roles=frozenset({Role.BRANCH_MANAGER}), branch_id=office.branch_id)
    borrower = Actor(id=office.borrower.id, name="x", roles=frozenset({Role.ADMIN, Role.BORROWER}))
    for who in (reviewer, borrower):
        refused = ("MAKER_IS_CHECKER", ["input", "loanId"])
        assert await do_refused(who, APPROVE, input=of(loan)) == refused
        assert await do_refused(who, REJECT, input=of(loan, reason="No")) == refused


NO_APPROVALS: list[tuple[dict[str, Any], str, str]] = [
    ({"principal": shillings("0.00")}, "INVALID_AMOUNT", "principal"),
    ({"principal": shillings("1.001")}, "INVALID_AMOUNT", "principal"),
    ({"principal": shillings("9" * 19)}, "INVALID_AMOUNT", "principal"),
    ({"principal": money("1.00", "USD")}, "CURRENCY_MISMATCH", "principal.currency"),
    ({"instalments": 0}, "INSTALMENTS_OUT_OF_RANGE", "instalments"),
    ({"annualRate": "-1"}, "RATE_OUT_OF_RANGE", "annualRate"),
    ({"annualRate": "101"}, "RATE_OUT_OF_RANGE", "annualRate"),
    ({"annualRate": "12.1234567890123"}, "INVALID_INPUT", "annualRate"),
    ({"firstDueOn": "2020-01-31"}, "INVALID_FIRST_DUE_DATE", "firstDueOn"),
    ({"comment": "x" * 1_001}, "INVALID_INPUT", "comment"),
    ({"loanId": encode_id("Loan", new_id())}, "LOAN_NOT_FOUND", "loanId"),
    ({"loanId": encode_id("User", new_id())}, "NOT_FOUND", "loanId"),
    ({"loanId": ""}, "NOT_FOUND", "loanId"),
]


async def test_approvals_that_are_refused() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    for changes, code, field in NO_APPROVALS:
        refused, path = await do_refused(office.manager, APPROVE, input=of(loan) | changes)
        assert (refused, ".".join(path or [])) == (code, f"input.{field}"), changes


async def test_turned_down_and_taken_back() -> None:
    office = await an_office()
    turned_down, taken_back = await an_application(office), await an_application(office)
    no = of(turned_down, reason="The income does not carry it")
    await refused_to_strangers(REJECT, input=no)
    assert await ask_refused(office.officer, REJECT, input=no) == "FORBIDDEN"
    assert await do_refused((await an_office()).manager, REJECT, input=no) == MISSING
    assert await do_refused(office.manager, REJECT, input=no | {"reason": " "}) == ("INVALID_INPUT", ["input", "reason"])
    loan = (await do(office.manager, REJECT, input=no))["loan"]
    assert (loan["status"], loan["decisionComment"]) == ("REJECTED", "The income does not carry it")
    back = of(taken_back)
    await refused_to_strangers(WITHDRAW, input=back)
    assert await do_refused(await a_borrower(office.branch), WITHDRAW, input=back) == MISSING
    assert (await do(office.borrower, WITHDRAW, input=back))["loan"]["status"] == "WITHDRAWN"
    over = ("LOAN_NOT_WITHDRAWABLE", ["input", "loanId"])
    assert await do_refused(office.borrower, WITHDRAW, input=back) == over
    running = await a_running_loan(office)
    assert await do_refused(office.borrower, WITHDRAW, input=of(running)) == over
    for viewer in (office.borrower, office.manager):
        assert [fact for fact in await facts_heard(viewer) if fact in ("LoanRejected", "LoanWithdrawn")] == [
            "LoanRejected",
            "LoanWithdrawn",
        ]
    assert await statuses_heard(office.borrower, taken_back) == [("DRAFT", "SUBMITTED"), ("SUBMITTED", "WITHDRAWN")]


async def test_an_approved_loan_can_be_taken_back_before_it_is_paid_out() -> None:
    office: Office = await an_office()
    loan = await an_approved_loan(office)
    later = clock.now() + timedelta(days=3)
    with clock.clock_set_to(later):
        assert (await do(office.borrower, WITHDRAW, input=of(loan, reason="Too late")))["loan"]["status"] == "WITHDRAWN"
    assert (await ask(office.borrower, LOAN, id=of(loan)["loanId"]))["decisionComment"] == "Too late"
