"""An application from its draft to the decision: who may do what when, what is told, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.approvals.errors import AlreadyDecided
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.service import approve, reject
from domain.files.errors import FileAlreadyAttached, FileNotFound
from domain.identity.actor import ANONYMOUS, SYSTEM, Actor
from domain.identity.errors import BranchClosed, BranchNotFound
from domain.identity.permissions import Role
from domain.identity.service import close_branch
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.lending.errors import (
    ApprovalExceedsRequest,
    BorrowerNotFound,
    BranchMissing,
    DocumentsMissing,
    InstalmentsOutOfRange,
    InvalidFirstDueDate,
    KycAlreadyVerified,
    KycNotVerified,
    LoanDecided,
    LoanNotDraft,
    LoanNotFound,
    LoanNotReviewed,
    LoanNotWithdrawable,
    LoanProductNotFound,
    LoanProductRetired,
    LoanReviewedAlready,
    MakerIsChecker,
    OfficerNotFound,
    PrincipalOutOfRange,
    RateOutOfRange,
    TooManyApplications,
    TooManyDocuments,
)
from domain.lending.models import Loan, LoanDocument
from domain.lending.service import (
    NewDocument,
    add_documents,
    apply_for_loan,
    approve_loan,
    assign_officer,
    create_application,
    loan_quote,
    reject_loan,
    retire_product,
    review_loan,
    submit_application,
    update_application,
    update_product,
    validate_loan_application,
    verify_kyc,
    withdraw_application,
)
from domain.lending.states import DocumentKind, LoanStatus, Recommendation
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.loans import (
    Office,
    a_borrower,
    a_draft,
    a_loan_to_decide,
    a_product,
    a_registered_officer,
    an_application,
    an_approved_loan,
    an_office,
    asking,
    kes,
)
from tests.support.papers import a_file
from tests.support.people import somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

FOR, AGAINST, MORE = Recommendation.APPROVE, Recommendation.REJECT, Recommendation.MORE_INFORMATION
UPDATED, MOVED = "lending.loan_updated", "lending.loan_status_changed"
ASKED, DECIDED = "approvals.requested", "approvals.decided"


async def lately(count: int) -> list[str]:
    return (await names_of_events())[-count:] if count else []


async def told_by(act: Awaitable[Any]) -> list[str]:
    before = len(await names_of_events())
    await act
    return (await names_of_events())[before:]


async def test_each_act_tells_exactly_what_it_was_in_one_order() -> None:
    office, product = await an_office(), await a_product()
    borrower, officer, manager = office.borrower, office.officer, office.manager
    assert await told_by(create_application(borrower, application=asking(product))) == [UPDATED]
    loan = await Loan.get()
    acts: list[tuple[Awaitable[Any], list[str]]] = [
        (update_application(borrower, loan_id=loan.id, changes={"purpose": "A cow"}), [UPDATED]),
        (submit_application(borrower, loan_id=loan.id), ["lending.loan_application_submitted", UPDATED, MOVED]),
        (assign_officer(officer, loan_id=loan.id, officer_id=officer.id), [UPDATED, MOVED]),
        (_add(borrower, loan, DocumentKind.NATIONAL_ID), ["lending.loan_documents_added", UPDATED]),
        (review_loan(officer, loan_id=loan.id, recommendation=FOR), ["lending.loan_reviewed", UPDATED, MOVED]),
        (verify_kyc(officer, loan_id=loan.id), ["lending.loan_kyc_verified", UPDATED, MOVED, ASKED]),
        (approve_loan(manager, loan_id=loan.id), ["lending.loan_approved", UPDATED, MOVED, DECIDED]),
        (withdraw_application(borrower, loan_id=loan.id), ["lending.loan_withdrawn", UPDATED, MOVED]),
    ]
    for act, told in acts:
        assert await told_by(act) == told
    other = await apply_for_loan(borrower, application=asking(product))
    assert await told_by(reject_loan(manager, loan_id=other.id, reason="No")) == ["lending.loan_rejected", UPDATED, MOVED]
    await assert_integrity("lending", "approvals")


async def _add(actor: Actor, loan: Loan, *kinds: DocumentKind) -> list[LoanDocument]:
    papers = [NewDocument(file_id=(await a_file(actor)).id, kind=kind) for kind in kinds]
    return await add_documents(actor, loan_id=loan.id, documents=papers)


async def test_the_way_of_an_application() -> None:
    office = await an_office()
    loan = await an_application(office, purpose="  Stock  ")
    assert (loan.status, loan.number[:3], loan.purpose) == (LoanStatus.SUBMITTED, "LN-", "Stock")
    assert (loan.branch_id, loan.borrower_name) == (office.branch_id, office.borrower.name)
    loan = await review_loan(office.officer, loan_id=loan.id, recommendation=MORE, comment="Which shop?")
    assert (loan.status, loan.officer_id) == (LoanStatus.UNDER_REVIEW, office.officer.id)
    loan = await review_loan(office.officer, loan_id=loan.id, recommendation=FOR, comment="Sound")
    assert loan.status is LoanStatus.KYC_PENDING
    assert not await Approval.all()
    loan = await verify_kyc(office.officer, loan_id=loan.id, note="Seen the card")
    assert loan.status is LoanStatus.KYC_VERIFIED
    approval = await Approval.get()
    assert (approval.kind, approval.subject_id, approval.amount) == ("LOAN", loan.id, kes(12_000))
    assert (approval.requested_by, approval.branch_id) == (office.officer.id, office.branch_id)
    loan = await approve_loan(office.manager, loan_id=loan.id, comment="Good luck")
    assert (loan.status, loan.approved_principal) == (LoanStatus.APPROVED, kes(12_000))
    assert (await Approval.get()).status is ApprovalStatus.APPROVED
    last = [each for each in await events_so_far() if each.name == MOVED][-1].fact
    assert (last.previous_status, last.status, last.loan.status) == ("KYC_VERIFIED", "APPROVED", "APPROVED")
    assert last.loan.revision == (await Loan.get()).revision


async def test_identity_first_and_then_the_review() -> None:
    office = await an_office()
    loan = await an_application(office)
    assert (await verify_kyc(office.officer, loan_id=loan.id)).status is LoanStatus.SUBMITTED
    assert (await review_loan(office.officer, loan_id=loan.id, recommendation=FOR)).status is LoanStatus.KYC_VERIFIED
    assert (await lately(1)) == [ASKED]


async def test_a_product_that_asks_for_no_identity() -> None:
    office = await an_office()
    loan = await an_application(office, await a_product(requires_kyc=False))
    assert (await review_loan(office.officer, loan_id=loan.id, recommendation=FOR)).status is LoanStatus.KYC_VERIFIED
    assert (await approve_loan(office.manager, loan_id=loan.id)).status is LoanStatus.APPROVED


async def test_a_review_against_takes_the_request_back_and_one_in_favour_asks_again() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    loan = await review_loan(office.officer, loan_id=loan.id, recommendation=AGAINST, comment="The shop burnt down")
    assert loan.status is LoanStatus.UNDER_REVIEW
    assert [each.status for each in await Approval.all()] == [ApprovalStatus.WITHDRAWN]
    async with nothing_happens():
        with pytest.raises(LoanNotReviewed):
            await approve_loan(office.manager, loan_id=loan.id)
    loan = await review_loan(office.officer, loan_id=loan.id, recommendation=FOR)
    assert loan.status is LoanStatus.KYC_VERIFIED
    assert sorted(each.status for each in await Approval.all()) == [ApprovalStatus.PENDING, ApprovalStatus.WITHDRAWN]


async def test_the_approvals_centre_decides_by_the_same_acts() -> None:
    office = await an_office()
    first, second = await a_loan_to_decide(office), await a_loan_to_decide(office)
    approval = await Approval.get(subject_id=first.id)
    assert (await approve(office.manager, approval_id=approval.id, comment="Yes")).status is ApprovalStatus.APPROVED
    assert (await Loan.get(id=first.id)).decision_comment == "Yes"
    turned_down = await Approval.get(subject_id=second.id)
    async with nothing_happens():
        with pytest.raises(DomainError):
            await approve(office.officer, approval_id=turned_down.id)
    await reject(office.manager, approval_id=turned_down.id, comment="Too much")
    loan = await Loan.get(id=second.id)
    assert (loan.status, loan.decision_comment, loan.rejected_by_id) == (LoanStatus.REJECTED, "Too much", office.manager.id)
    with pytest.raises(AlreadyDecided):
        await approve(office.manager, approval_id=turned_down.id)


async def test_approved_for_less_at_another_rate() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office, await a_product(max_annual_rate=Decimal(20)))
    async with nothing_happens():
        for changes, refusal in (
            ({"principal": kes(12_001)}, ApprovalExceedsRequest),
            ({"principal": kes("0.50")}, PrincipalOutOfRange),
            ({"principal": Money.of(100, "USD")}, CurrencyMismatch),
            ({"instalments": 121}, InstalmentsOutOfRange),
            ({"annual_rate": Decimal(21)}, RateOutOfRange),
            ({"annual_rate": Decimal("NaN")}, RateOutOfRange),
            ({"first_due_on": clock.today()}, InvalidFirstDueDate),
            ({"comment": "x" * 1_001}, InvalidInput),
        ):
            with pytest.raises(refusal):
                await approve_loan(office.manager, loan_id=loan.id, **changes)  # type: ignore[arg-type]
    first_due_on = clock.today() + timedelta(days=40)
    loan = await approve_loan(
        office.manager,
        loan_id=loan.id,
        principal=kes(10_000),
        instalments=10,
        annual_rate=Decimal("15.50"),
        first_due_on=first_due_on,
    )
    stored = await Loan.get(id=loan.id)
    agreed = stored.agreed_terms
    assert (agreed.principal, agreed.instalments, agreed.annual_rate) == (kes(10_000), 10, Decimal("15.5"))
    assert (stored.instalment_count, str(stored.annual_rate), agreed.first_due_on) == (10, "15.5", first_due_on)
    assert (stored.requested_principal, stored.approved_principal) == (kes(12_000), kes(10_000))


async def test_officers_apply_for_borrowers_of_their_branch() -> None:
    office, elsewhere = await an_office(), await an_office()
    product = await a_product()
    loan = await apply_for_loan(office.officer, application=asking(product, borrower_id=office.borrower.id))
    assert (loan.borrower_id, loan.created_by_id, loan.branch_id) == (
        office.borrower.id,
        office.officer.id,
        office.branch_id,
    )
    fact = next(each.fact for each in await events_so_far() if each.name == "lending.loan_application_submitted")
    assert fact.on_behalf and fact.submitted_by_id == office.officer.id
    homeless = await a_borrower()
    investor = await a_registered_officer(office.branch, Role.INVESTOR)
    async with nothing_happens():
        for borrower_id in (elsewhere.borrower.id, homeless.id, investor.id, new_id()):
            with pytest.raises(BorrowerNotFound):
                await apply_for_loan(office.officer, application=asking(product, borrower_id=borrower_id))
        with pytest.raises(BorrowerNotFound):
            await apply_for_loan(office.officer, application=asking(product))
        with pytest.raises(Forbidden):
            await apply_for_loan(office.borrower, application=asking(product, borrower_id=elsewhere.borrower.id))
    anywhere = await apply_for_loan(
        office.admin, application=asking(product, borrower_id=homeless.id, branch_id=elsewhere.branch_id)
    )
    assert anywhere.branch_id == elsewhere.branch_id


async def test_a_borrower_of_no_branch_names_one() -> None:
    office, product = await an_office(), await a_product()
    homeless = await a_borrower()
    async with nothing_happens():
        with pytest.raises(BranchMissing):
            await create_application(homeless, application=asking(product))
        unknown = asking(product, branch_id=new_id())
        with pytest.raises(BranchNotFound):
            await create_application(homeless, application=unknown)
        assert [each.code for each in await validate_loan_application(homeless, application=unknown)] == ["BRANCH_NOT_FOUND"]
        with pytest.raises(InvalidInput):
            await create_application(office.borrower, application=asking(product, branch_id=new_id()))
    loan = await create_application(homeless, application=asking(product, branch_id=office.branch_id))
    assert loan.branch_id == office.branch_id
    await close_branch(SYSTEM, branch_id=office.branch_id)
    async with nothing_happens():
        with pytest.raises(BranchClosed):
            await submit_application(homeless, loan_id=loan.id)
        closed = asking(product, branch_id=office.branch_id)
        assert [each.code for each in await validate_loan_application(homeless, application=closed)] == ["BRANCH_CLOSED"]


Change = dict[str, Any]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"principal": kes("0.99")}, PrincipalOutOfRange),
        ({"principal": kes(10_000_001)}, PrincipalOutOfRange),
        ({"principal": kes(0)}, InvalidAmount),
        ({"principal": kes(-5)}, InvalidAmount),
        ({"principal": Money.of(100, "USD")}, CurrencyMismatch),
        ({"instalments": 0}, InstalmentsOutOfRange),
        ({"instalments": 121}, InstalmentsOutOfRange),
        ({"first_due_on": date(2000, 1, 1)}, InvalidFirstDueDate),
        ({"first_due_on": date(2999, 1, 1)}, InvalidFirstDueDate),
        ({"purpose": "x" * 501}, InvalidInput),
        ({"purpose": "bell\x07"}, InvalidInput),
        ({"product_id": new_id()}, LoanProductNotFound),
    ],
)
async def test_what_cannot_be_asked_for(changes: Change, refusal: type[DomainError]) -> None:
    office, product = await an_office(), await a_product()
    loan = await a_draft(office, product)
    application = asking(product, **changes)
    async with nothing_happens():
        for act in (create_application, apply_for_loan):
            with pytest.raises(refusal) as refused:
                await act(office.borrower, application=application)
        with pytest.raises(refusal):
            await update_application(office.borrower, loan_id=loan.id, changes=changes)
        if not isinstance(refused.value, InvalidInput) or "purpose" not in changes:
            with pytest.raises(refusal):
                await loan_quote(office.borrower, application=application)
        faults = await validate_loan_application(office.borrower, application=application)
    assert [(fault.code, fault.field) for fault in faults] == [(refused.value.code, refused.value.field)]


async def test_validation_finds_everything_at_once_and_nothing_in_what_is_right() -> None:
    office, product = await an_office(), await a_product()
    homeless = await a_borrower()
    async with nothing_happens():
        assert await validate_loan_application(office.borrower, application=asking(product)) == []
        wrong = asking(product, principal=kes("0.50"), instalments=500, purpose="x" * 501)
        found = await validate_loan_application(homeless, application=wrong)
        assert [fault.code for fault in found] == [
            "PRINCIPAL_OUT_OF_RANGE", "INSTALMENTS_OUT_OF_RANGE", "INVALID_INPUT", "BRANCH_MISSING",
        ]  # fmt: skip
        with pytest.raises(Forbidden):
            await validate_loan_application(somebody(Role.INVESTOR, name="Ivy"), application=asking(product))
        with pytest.raises(Unauthenticated):
            await validate_loan_application(ANONYMOUS, application=asking(product))


async def test_a_draft_is_asked_anew_on_the_terms_of_the_day_it_is_submitted() -> None:
    office, product = await an_office(), await a_product()
    loan = await a_draft(office, product)
    await update_product(SYSTEM, product_id=product.id, changes={"max_principal": kes(13_000)})
    edited = await update_application(office.borrower, loan_id=loan.id, changes={"principal": kes(9_000), "instalments": 6})
    assert (edited.requested_principal, edited.instalment_count, edited.product_revision) == (kes(9_000), 6, 2)
    await update_product(SYSTEM, product_id=product.id, changes={"min_principal": kes(10_000)})
    async with nothing_happens():
        with pytest.raises(PrincipalOutOfRange):
            await submit_application(office.borrower, loan_id=loan.id)
    await retire_product(SYSTEM, product_id=product.id)
    async with nothing_happens():
        with pytest.raises(LoanProductRetired):
            await submit_application(office.borrower, loan_id=loan.id)


async def test_papers_that_the_product_asks_for() -> None:
    office = await an_office()
    product = await a_product(required_documents=[DocumentKind.NATIONAL_ID, DocumentKind.PROOF_OF_INCOME])
    loan = await an_application(office, product)
    async with nothing_happens():
        with pytest.raises(DocumentsMissing, match="NATIONAL_ID, PROOF_OF_INCOME"):
            await review_loan(office.officer, loan_id=loan.id, recommendation=FOR)
    card, payslip = await _add(office.borrower, loan, DocumentKind.NATIONAL_ID, DocumentKind.PROOF_OF_INCOME)
    assert (card.file_name, card.uploaded_by_id) == ("payslip.pdf", office.borrower.id)
    await review_loan(office.officer, loan_id=loan.id, recommendation=FOR)
    await verify_kyc(office.officer, loan_id=loan.id)
    assert (await LoanDocument.get(id=card.id)).verified_by_id == office.officer.id
    assert (await LoanDocument.get(id=payslip.id)).verified_by_id is None


async def test_papers_that_cannot_be_added() -> None:
    office, elsewhere = await an_office(), await an_office()
    loan, product = await an_application(office), await a_product()
    file, theirs = await a_file(office.borrower), await a_file(office.officer)
    used = await a_file(office.borrower)
    other = await an_application(office, product)
    await add_documents(office.borrower, loan_id=other.id, documents=[NewDocument(file_id=used.id, kind=DocumentKind.OTHER)])
    paper = NewDocument(file_id=file.id, kind=DocumentKind.PHOTO)
    async with nothing_happens():
        for papers, refusal in (
            ([], TooManyDocuments),
            ([NewDocument(file_id=new_id(), kind=DocumentKind.PHOTO) for _ in range(11)], TooManyDocuments),
            ([paper, paper], InvalidInput),
            ([paper, NewDocument(file_id=new_id(), kind=DocumentKind.PHOTO)], FileNotFound),
            ([paper, NewDocument(file_id=theirs.id, kind=DocumentKind.PHOTO)], FileNotFound),
            ([NewDocument(file_id=used.id, kind=DocumentKind.PHOTO)], FileAlreadyAttached),
        ):
            with pytest.raises(refusal):
                await add_documents(office.borrower, loan_id=loan.id, documents=papers)
        for stranger in (elsewhere.borrower, elsewhere.officer):
            with pytest.raises(LoanNotFound):
                await add_documents(stranger, loan_id=loan.id, documents=[paper])
        with pytest.raises(Forbidden):
            await add_documents(somebody(Role.ACCOUNTANT, name="Anna"), loan_id=loan.id, documents=[paper])
    await withdraw_application(office.borrower, loan_id=loan.id)
    async with nothing_happens():
        with pytest.raises(LoanDecided):
            await add_documents(office.borrower, loan_id=loan.id, documents=[paper])


Act = Callable[[Office, Loan], Awaitable[Any]]
STAFF_ACTS: dict[str, Act] = {
    "review": lambda office, loan: review_loan(office.officer, loan_id=loan.id, recommendation=FOR),
    "kyc": lambda office, loan: verify_kyc(office.officer, loan_id=loan.id),
    "approve": lambda office, loan: approve_loan(office.manager, loan_id=loan.id),
    "reject": lambda office, loan: reject_loan(office.manager, loan_id=loan.id, reason="No"),
}


async def test_when_each_act_is_too_early_or_too_late() -> None:
    office, product = await an_office(), await a_product()
    submitted, approved = await an_application(office, product), await an_approved_loan(office, product)
    to_decide = await a_loan_to_decide(office, product)
    unknown = await an_application(office, product)
    await review_loan(office.officer, loan_id=unknown.id, recommendation=FOR)
    gone = await withdraw_application(office.borrower, loan_id=(await an_application(office, product)).id)
    refusals: list[tuple[Awaitable[Any], type[DomainError]]] = [
        (approve_loan(office.manager, loan_id=submitted.id), LoanNotReviewed),
        (approve_loan(office.manager, loan_id=unknown.id), KycNotVerified),
        (review_loan(office.officer, loan_id=to_decide.id, recommendation=FOR), LoanReviewedAlready),
        (verify_kyc(office.officer, loan_id=to_decide.id), KycAlreadyVerified),
        (review_loan(office.officer, loan_id=submitted.id, recommendation=AGAINST), InvalidInput),
        (review_loan(office.officer, loan_id=submitted.id, recommendation=MORE, comment=" "), InvalidInput),
        (reject_loan(office.manager, loan_id=submitted.id, reason=" "), InvalidInput),
        (submit_application(office.borrower, loan_id=submitted.id), LoanNotDraft),
        (update_application(office.borrower, loan_id=submitted.id, changes={"purpose": "x"}), LoanNotDraft),
        (withdraw_application(office.borrower, loan_id=gone.id), LoanNotWithdrawable),
        (assign_officer(office.officer, loan_id=gone.id, officer_id=office.officer.id), LoanDecided),
        *((act(office, over), LoanDecided) for act in STAFF_ACTS.values() for over in (approved, gone)),
    ]
    async with nothing_happens():
        for act, refusal in refusals:
            with pytest.raises(refusal):
                await act


async def test_the_maker_is_never_the_checker() -> None:
    office = await an_office()
    both = somebody(Role.BRANCH_MANAGER, name="Both", branch=office.branch)
    reviewed = await an_application(office)
    await review_loan(both, loan_id=reviewed.id, recommendation=FOR)
    await verify_kyc(both, loan_id=reviewed.id)
    written = await apply_for_loan(both, application=asking(await a_product(), borrower_id=office.borrower.id))
    clerk = await a_borrower(office.branch, name="Clerk")
    own = await apply_for_loan(clerk, application=asking(await a_product()))
    promoted = Actor(
        id=clerk.id, name="Clerk", roles=frozenset({Role.BRANCH_MANAGER, Role.BORROWER}), branch_id=clerk.branch_id
    )
    async with nothing_happens():
        for loan in (reviewed, written):
            with pytest.raises(MakerIsChecker):
                await approve_loan(both, loan_id=loan.id)
            with pytest.raises(MakerIsChecker):
                await reject_loan(both, loan_id=loan.id, reason="No")
        for act in (
            review_loan(promoted, loan_id=own.id, recommendation=FOR),
            verify_kyc(promoted, loan_id=own.id),
            approve_loan(promoted, loan_id=own.id),
            reject_loan(promoted, loan_id=own.id, reason="No"),
        ):
            with pytest.raises(MakerIsChecker):
                await act


async def test_who_looks_after_a_loan() -> None:
    office, elsewhere = await an_office(), await an_office()
    colleague = await a_registered_officer(office.branch)
    stranger = await a_registered_officer(elsewhere.branch)
    loan = await an_application(office)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await assign_officer(office.officer, loan_id=loan.id, officer_id=colleague.id)
        for nobody in (stranger.id, office.borrower.id, new_id()):
            with pytest.raises(OfficerNotFound):
                await assign_officer(office.manager, loan_id=loan.id, officer_id=nobody)
        with pytest.raises(LoanNotFound):
            await assign_officer(stranger, loan_id=loan.id, officer_id=stranger.id)
    loan = await assign_officer(office.manager, loan_id=loan.id, officer_id=colleague.id)
    assert (loan.officer_id, loan.status) == (colleague.id, LoanStatus.UNDER_REVIEW)
    async with nothing_happens():
        await assign_officer(office.manager, loan_id=loan.id, officer_id=colleague.id)
    assert f"officer:{colleague.id}:loans" in (await events_so_far())[-1].topics


async def test_two_decide_at_once_and_one_of_them_does() -> None:
    office = await an_office()
    loan = await a_loan_to_decide(office)
    managers = [somebody(Role.BRANCH_MANAGER, name=f"M{i}", branch=office.branch) for i in range(4)]
    outcomes = await outcomes_of(
        approve_loan(who, loan_id=loan.id) if i % 2 else reject_loan(who, loan_id=loan.id, reason="No")
        for i, who in enumerate(managers)
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Loan", "LoanDecided", "LoanDecided", "LoanDecided"]
    assert len([name for name in await names_of_events() if name == DECIDED]) == 1
    await assert_integrity("lending", "approvals")


async def test_twice_submitted_at_once_is_submitted_once() -> None:
    office = await an_office()
    loan = await a_draft(office)
    outcomes = await outcomes_of(submit_application(office.borrower, loan_id=loan.id) for _ in range(5))
    assert sorted(type(each).__name__ for each in outcomes) == ["Loan", *["LoanNotDraft"] * 4]
    assert (await names_of_events()).count("lending.loan_application_submitted") == 1


async def test_numbers_are_never_given_twice_and_there_is_an_end_of_applying() -> None:
    office, product = await an_office(), await a_product()
    made = await outcomes_of(create_application(office.borrower, application=asking(product)) for _ in range(22))
    assert len({each.number for each in made if isinstance(each, Loan)}) == 20
    assert sum(isinstance(each, TooManyApplications) for each in made) == 2
    await withdraw_application(office.borrower, loan_id=next(each.id for each in made if isinstance(each, Loan)))
    await create_application(office.borrower, application=asking(product))


async def test_a_quote_is_the_schedule_and_writes_nothing() -> None:
    office, product = await an_office(), await a_product()
    with clock_set_to(datetime(2030, 1, 31, 9, tzinfo=UTC)):
        async with nothing_happens():
            quoted = await loan_quote(office.borrower, application=asking(product, principal=kes(1_200), instalments=3))
    assert (quoted.principal, quoted.annual_rate, quoted.disbursed_on) == (kes(1_200), Decimal(12), date(2030, 1, 31))
    assert [row.due_on for row in quoted.schedule] == [date(2030, 2, 28), date(2030, 3, 31), date(2030, 4, 30)]
    assert sum(row.principal.amount_minor for row in quoted.schedule) == 1_200_00
    assert quoted.total_payable == quoted.principal + quoted.total_interest + quoted.total_fees
    assert quoted.schedule[-1].balance_after == kes(0)
    assert quoted.monthly_payment == quoted.schedule[0].total


async def test_what_is_told_names_nobody_who_should_not_be_named() -> None:
    office = await an_office()
    loan = await an_application(office)
    await review_loan(office.officer, loan_id=loan.id, recommendation=MORE, comment="Which shop?")
    payload = json.loads((await events_so_far())[-1].payload)
    assert payload["loan"]["number"] == loan.number
    assert "@" not in json.dumps(payload["loan"])
