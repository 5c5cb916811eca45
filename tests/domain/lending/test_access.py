"""Who sees a loan and hears of it: the borrower, staff of the branch, and those who see all; a draft almost nobody."""

from __future__ import annotations

import pytest

from domain.files import queries as files
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Permission, Role
from domain.kit.errors import Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.lending import access, queries
from domain.lending.errors import LoanNotFound
from domain.lending.models import Loan
from domain.lending.queries import LoanFilter
from domain.lending.service import (
    NewDocument,
    add_documents,
    apply_for_loan,
    approve_loan,
    assign_officer,
    create_application,
    reject_loan,
    review_loan,
    submit_application,
    update_application,
    verify_kyc,
    withdraw_application,
)
from domain.lending.states import DocumentKind, LoanStatus, Recommendation
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.loans import Office, a_borrower, a_draft, a_product, an_application, an_office, asking, kes
from tests.support.papers import a_file
from tests.support.people import somebody
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


def readers(office: Office, elsewhere: Office) -> dict[str, Actor]:
    return {
        "borrower": office.borrower,
        "officer": office.officer,
        "manager": office.manager,
        "admin": office.admin,
        "accountant": somebody(Role.ACCOUNTANT, name="Anna"),
        "officer elsewhere": elsewhere.officer,
        "borrower elsewhere": elsewhere.borrower,
        "officer of no branch": somebody(Role.LOAN_OFFICER, name="Lost"),
        "borrower of the branch": somebody(Role.BORROWER, name="Ben", branch=office.branch),
        "teller": somebody(Role.CASHIER, name="Cash", branch=office.branch),
    }


async def who_sees(actors: dict[str, Actor], loan: Loan) -> set[str]:
    seeing = set()
    for name, actor in actors.items():
        listed = await access.visible_loans(actor).filter(id=loan.id).exists()
        assert access.may_see(actor, loan) == listed, name
        if listed:
            seeing.add(name)
    return seeing


async def test_a_loan_is_seen_and_heard_of_by_the_same_people() -> None:
    office, elsewhere = await an_office(), await an_office()
    actors = readers(office, elsewhere)
    draft = await a_draft(office)
    assert await who_sees(actors, draft) == {"borrower"}
    told = (await events_so_far())[-1]
    assert {name for name, actor in actors.items() if actor.audiences & told.audience} == {"borrower"}
    loan = await submit_application(office.borrower, loan_id=draft.id)
    staff = {"officer", "manager", "admin", "accountant"}
    assert await who_sees(actors, loan) == {"borrower", *staff}
    for told in (await events_so_far())[-3:]:
        assert {name for name, actor in actors.items() if actor.audiences & told.audience} == {"borrower", *staff}
        assert {f"loan:{loan.id}", f"user:{loan.borrower_id}", f"branch:{loan.branch_id}:loans", "loans"} <= set(told.topics)


async def test_a_draft_on_behalf_is_seen_by_its_writer_too() -> None:
    office, elsewhere = await an_office(), await an_office()
    draft = await create_application(office.officer, application=asking(await a_product(), borrower_id=office.borrower.id))
    assert await who_sees(readers(office, elsewhere), draft) == {"borrower", "officer"}
    told = (await events_so_far())[-1]
    assert told.audience == {f"user:{office.borrower.id}", f"user:{office.officer.id}"}
    assert await queries.loans_by_id(office.officer, [draft.id])
    withdrawn = await withdraw_application(office.borrower, loan_id=draft.id)
    assert await who_sees(readers(office, elsewhere), withdrawn) == {"borrower", "officer"}


async def test_an_officer_sees_the_branch_of_now() -> None:
    office, elsewhere = await an_office(), await an_office()
    loan = await an_application(office)
    moved = Actor(id=office.officer.id, name="Omari", roles=office.officer.roles, branch_id=elsewhere.branch_id)
    written = await apply_for_loan(office.officer, application=asking(await a_product(), borrower_id=office.borrower.id))
    for each in (loan, written):
        assert await who_sees({"moved": moved}, each) == set()
    narrowed = Actor(
        id=office.officer.id,
        name="Omari",
        roles=office.officer.roles,
        branch_id=office.branch_id,
        scopes=frozenset({Permission.WALLET_USE}),
    )
    assert not access.may_see(narrowed, loan)


async def test_what_is_not_theirs_does_not_exist_for_them() -> None:
    office, elsewhere = await an_office(), await an_office()
    loan = await an_application(office)
    draft = await a_draft(office)
    async with nothing_happens():
        for stranger in (elsewhere.borrower, elsewhere.officer):
            for act in (
                queries.loan(stranger, loan.id),
                queries.loan_transactions(stranger, PageRequest(), loan_id=loan.id),
                withdraw_application(stranger, loan_id=loan.id),
            ):
                with pytest.raises(LoanNotFound):
                    await act
            assert await queries.loans_by_id(stranger, [loan.id]) == {}
        for act in (
            review_loan(elsewhere.officer, loan_id=loan.id, recommendation=Recommendation.APPROVE),
            verify_kyc(elsewhere.officer, loan_id=loan.id),
            approve_loan(elsewhere.manager, loan_id=loan.id),
            reject_loan(elsewhere.manager, loan_id=loan.id, reason="No"),
            assign_officer(elsewhere.officer, loan_id=loan.id, officer_id=elsewhere.officer.id),
            update_application(elsewhere.borrower, loan_id=draft.id, changes={"purpose": "Mine"}),
            submit_application(office.officer, loan_id=draft.id),
            approve_loan(office.manager, loan_id=new_id()),
        ):
            with pytest.raises(LoanNotFound):
                await act


async def test_what_somebody_may_not_do_at_all() -> None:
    office = await an_office()
    loan, product = await an_application(office), await a_product()
    accountant = somebody(Role.ACCOUNTANT, name="Anna")
    async with nothing_happens():
        for act in (
            review_loan(office.borrower, loan_id=loan.id, recommendation=Recommendation.APPROVE),
            verify_kyc(accountant, loan_id=loan.id),
            approve_loan(office.officer, loan_id=loan.id),
            reject_loan(office.officer, loan_id=loan.id, reason="No"),
            withdraw_application(accountant, loan_id=loan.id),
            apply_for_loan(accountant, application=asking(product, borrower_id=office.borrower.id)),
            queries.loans(somebody(Role.GUARDIAN, name="Gina"), PageRequest()),
        ):
            with pytest.raises(Forbidden):
                await act
        for act in (
            apply_for_loan(ANONYMOUS, application=asking(product)),
            queries.loans(ANONYMOUS, PageRequest()),
            approve_loan(ANONYMOUS, loan_id=loan.id),
        ):
            with pytest.raises(Unauthenticated):
                await act


async def test_lists_narrow_what_is_seen_anyway() -> None:
    office, elsewhere = await an_office(), await an_office()
    cow, shop = await a_product(name="Cow"), await a_product(name="Shop")
    ann = await a_borrower(office.branch, name="Ann Otieno")
    first = await an_application(office, cow)
    second = await apply_for_loan(ann, application=asking(shop, principal=kes(500)))
    await an_application(elsewhere, cow)
    await assign_officer(office.officer, loan_id=second.id, officer_id=office.officer.id)

    async def found(actor: Actor, **narrowed: object) -> list[str]:
        page = await queries.loans(actor, PageRequest(), narrowed=LoanFilter(**narrowed))  # type: ignore[arg-type]
        return [loan.number for loan in page.rows]

    assert await found(office.officer) == [second.number, first.number]
    assert len(await found(office.admin)) == 3
    assert await found(ann) == [second.number]
    assert await found(office.officer, branch_id=elsewhere.branch_id) == []
    assert await found(office.admin, branch_id=office.branch_id) == [second.number, first.number]
    assert await found(office.officer, statuses=[LoanStatus.SUBMITTED]) == [first.number]
    assert await found(office.officer, product_id=cow.id) == [first.number]
    assert await found(office.officer, officer_id=office.officer.id) == [second.number]
    assert await found(office.officer, borrower_id=ann.id) == [second.number]
    assert await found(office.officer, search="ann o") == [second.number]
    assert await found(office.officer, search=f" {first.number.lower()} ") == [first.number]
    assert await found(office.officer, search="%") == []


async def test_papers_are_read_by_those_who_see_the_loan() -> None:
    office, elsewhere = await an_office(), await an_office()
    loan = await an_application(office)
    file = await a_file(office.borrower)
    paper = NewDocument(file_id=file.id, kind=DocumentKind.NATIONAL_ID)
    (document,) = await add_documents(office.borrower, loan_id=loan.id, documents=[paper])
    for name, actor in readers(office, elsewhere).items():
        seen = await queries.documents_of(actor, [loan.id])
        readable = await files.files_by_id(actor, [file.id])
        if access.may_see(actor, loan):
            assert [each.id for each in seen[loan.id]] == [document.id], name
            assert set(readable) == {file.id}, name
        else:
            assert (seen, readable) == ({}, {}), name


async def test_loaders_ask_once_for_all() -> None:
    office, product = await an_office(), await a_product()
    loans = [await an_application(office, product) for _ in range(5)]
    with statements() as asked:
        await queries.loans_by_id(office.officer, [loan.id for loan in loans])
        await queries.documents_of(office.officer, [loan.id for loan in loans])
        await queries.instalments_of(office.officer, [loan.id for loan in loans])
        await queries.products_by_id(office.officer, [product.id])
    assert len(asked) == 4
