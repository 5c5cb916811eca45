"""Erasing: nothing of a person is found anywhere afterwards, and the books are what they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.approvals.errors import CommentRequired, MakerIsChecker
from domain.approvals.models import Approval, ApprovalStatus
from domain.approvals.service import approve, reject
from domain.events import log
from domain.events.models import AuditRecord
from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.authentication import authenticate
from domain.identity.directory import actor_now
from domain.identity.errors import SessionRequired
from domain.identity.models import ApiKey, Session, User
from domain.identity.permissions import Permission, Role
from domain.identity.service import change_roles, create_api_key
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import withdraw_invoice
from domain.kit import clock, database
from domain.kit.clock import clock_set_to
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.notifications.models import Notification
from domain.privacy import settings
from domain.privacy.errors import (
    AlreadyErased,
    ErasureNotFound,
    ErasurePending,
    LegalRetention,
    OpenBalance,
    OpenInvoices,
    OpenLoans,
    OpenTrades,
    PersonNotFound,
    ReasonRequired,
    StaffActive,
    StillEnrolled,
)
from domain.privacy.events import PersonalDataErased
from domain.privacy.models import ErasureState, PersonalDataErasure, PersonKind
from domain.privacy.queries import erasure_obstacles
from domain.privacy.rows import erase_rows
from domain.privacy.service import approve_erasure, reject_erasure, request_erasure, withdraw_erasure
from domain.privacy.settings import PrivacySettings
from domain.wallets import settings as wallet_settings
from domain.wallets.service import wallet_of
from domain.wallets.settings import WalletSettings
from tests.domain.privacy.people import (
    WORDS,
    agreed_erasure,
    found_in,
    heard_by_all,
    somebody_with_traces,
    the_books,
    worked,
)
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import a_listed_invoice, inr
from tests.support.loans import a_draft, an_office
from tests.support.people import a_user, an_actor
from tests.support.races import outcomes_of
from tests.support.sales import a_customer, a_sale, a_shop, flour
from tests.support.school import a_pupil, a_school, a_teacher

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def nothing_is_kept_by_law() -> Iterator[None]:
    """And nobody is given money who has asked for nothing."""
    settings.configure(PrivacySettings(retention_years=0))
    before = wallet_settings.current()
    wallet_settings.configure(WalletSettings(opening_credit=inr(0)))
    yield
    settings.configure(PrivacySettings())
    wallet_settings.configure(before)


async def test_nothing_of_the_person_is_found_and_the_books_stay() -> None:
    traces = await somebody_with_traces()
    cousin = await a_user(Role.BORROWER, name="Zawadi Achieng")
    assert set(await found_in(*WORDS)) == set(WORDS), "there is something to be erased"
    positions = (await log.head()).position
    await agreed_erasure(traces)
    await heard_by_all()
    books = await the_books()
    audited, changes = await AuditRecord.all().count(), await database.fetchval("select count(*) from row_change")
    await worked()
    [erasure] = await PersonalDataErasure.all()
    assert erasure.state is ErasureState.ERASED, erasure.refused_code
    await heard_by_all()
    await worked()
    assert await found_in(*WORDS) == {}

    assert await the_books() == books
    await assert_integrity()
    user = await User.get(id=traces.user.id)
    assert (user.name, user.phone, user.active) == (erasure.pseudonym, None, False)
    assert user.email.endswith("@erased.invalid")
    assert await Notification.filter(recipient_id=user.id).count() == 0, "and nothing is told to nobody"
    assert await Session.filter(user_id=user.id).count() == await ApiKey.filter(user_id=user.id).count() == 0
    assert (await User.get(id=cousin.id)).name == "Zawadi Achieng", "part of a name is somebody else's"

    # What happened is known, and that it was erased.
    kept = await log.read_after(0, limit=10_000)
    assert [logged.position for logged in kept] == list(range(1, len(kept) + 1)) and len(kept) > positions
    assert all(logged.fact for logged in kept), "each payload can still be read"
    [erased] = [logged.fact for logged in kept if logged.name == PersonalDataErased.name]
    assert set(erased.erased_ids) == {traces.user.id, traces.customer.id, traces.student.id}
    assert await AuditRecord.all().count() > audited
    assert await database.fetchval("select count(*) from row_change") > changes


async def test_two_people_agree_and_neither_is_the_person() -> None:
    person, first, second = await an_actor(), await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    erasure = await request_erasure(person, reason="I have moved away")
    approval = await Approval.get(subject_id=erasure.id)
    async with nothing_happens():
        with pytest.raises(ErasurePending):
            await request_erasure(first, person_id=person.id, reason="by letter")
        with pytest.raises(Forbidden):
            await approve_erasure(person, erasure.id)
        with pytest.raises(CommentRequired):
            await reject(first, approval_id=approval.id, comment=" ")
    await reject(first, approval_id=approval.id, comment="Call us first")
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.REJECTED
    again = await request_erasure(first, person_id=person.id, reason="by letter")
    approval = await Approval.get(subject_id=again.id)
    async with nothing_happens():
        with pytest.raises(MakerIsChecker):
            await approve(first, approval_id=approval.id)
    await approve(second, approval_id=approval.id)
    assert (await PersonalDataErasure.get(id=again.id)).state is ErasureState.ERASING
    with pytest.raises(Unauthenticated):
        await actor_now(person)
    await heard_by_all()
    await worked()
    assert (await PersonalDataErasure.get(id=again.id)).state is ErasureState.ERASED
    with pytest.raises(AlreadyErased):
        await request_erasure(first, person_id=person.id, reason="once more")
    await assert_integrity("privacy", "identity", "approvals", "notifications")


async def test_an_officer_does_not_agree_to_their_own_erasure() -> None:
    first, person = await an_actor(Role.ADMIN), await an_actor(Role.INVESTOR)
    erasure = await request_erasure(first, person_id=person.id, reason="by letter")
    await change_roles(first, user_id=person.id, roles=[Role.ADMIN])
    promoted = await actor_now(person)
    async with nothing_happens():
        with pytest.raises(MakerIsChecker):
            await approve_erasure(promoted, erasure.id)


async def test_of_many_who_ask_at_once_one_is_heard() -> None:
    person, customer = await an_actor(Role.BORROWER), await a_customer(name="Uji Bakers")
    await database.execute("update mill_customer set user_id = $2 where id = $1", customer.id, person.id)
    officers = [await an_actor(Role.ADMIN) for _ in range(3)]
    asking = [request_erasure(each, person_id=person.id, reason="by letter") for each in officers]
    asking += [
        request_erasure(each, kind=PersonKind.CUSTOMER, person_id=customer.id, reason="by letter") for each in officers
    ]
    results = await outcomes_of(asking)
    assert sum(isinstance(each, ErasurePending) for each in results) == 5
    assert await PersonalDataErasure.all().count() == await Approval.all().count() == 1


async def test_who_may_not_ask_is_refused() -> None:
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    key = await create_api_key(person, name="Key", scopes=[Permission.WALLET_USE])
    refused: list[tuple[Actor, dict[str, Any], type[DomainError]]] = [
        (ANONYMOUS, {"reason": "x"}, Unauthenticated),
        (await authenticate(key.key), {"reason": "x"}, SessionRequired),
        (other, {"person_id": person.id, "reason": "x"}, Forbidden),
        (officer, {"person_id": person.id, "reason": ""}, ReasonRequired),
        (officer, {"person_id": new_id(), "reason": "by letter"}, PersonNotFound),
        (officer, {"reason": "my own"}, StaffActive),
    ]
    async with nothing_happens():
        for actor, asked, refusal in refused:
            with pytest.raises(refusal):
                await request_erasure(actor, **asked)


async def test_what_is_open_stands_against_it() -> None:
    officer, office = await an_actor(Role.ADMIN), await an_office()
    await a_draft(office)
    seller = await an_actor(Role.SELLER)
    await a_listed_invoice(seller)
    rich = await an_actor(Role.INVESTOR)
    wallet_settings.configure(WalletSettings(opening_credit=inr(5)))
    await wallet_of(rich.id, "INR")
    school = await a_school()
    pupil = await a_pupil(school)
    customer = await a_customer()
    shop = await a_shop()
    await a_sale(shop, flour(shop, 1), customer=customer)
    teacher = await a_teacher()
    expected: list[tuple[PersonKind, UUID, type[DomainError]]] = [
        (PersonKind.USER, office.borrower.id, OpenLoans),
        (PersonKind.USER, seller.id, OpenInvoices),
        (PersonKind.USER, rich.id, OpenBalance),
        (PersonKind.STUDENT, pupil.id, StillEnrolled),
        (PersonKind.TEACHER, teacher.id, StillEnrolled),
        (PersonKind.CUSTOMER, customer.id, OpenTrades),
    ]
    async with nothing_happens():
        for kind, person_id, refusal in expected:
            with pytest.raises(refusal):
                await request_erasure(officer, kind=kind, person_id=person_id, reason="by letter")
            told = await erasure_obstacles(officer, kind=kind, person_id=person_id)
            assert told[0].code == refusal.code


async def test_what_comes_up_between_the_decision_and_the_act_ends_it() -> None:
    person, first, second = await an_actor(Role.SELLER), await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    erasure = await request_erasure(first, person_id=person.id, reason="by letter")
    await approve_erasure(second, erasure.id, None)
    await heard_by_all()
    await a_listed_invoice(person)
    await worked()
    ended = await PersonalDataErasure.get(id=erasure.id)
    assert (ended.state, ended.refused_code, ended.pseudonym) == (ErasureState.REFUSED, "OPEN_INVOICES", None)
    assert (await User.get(id=person.id)).name == "Asha Patel"


async def test_the_law_wants_records_kept_for_some_years() -> None:
    settings.configure(PrivacySettings(retention_years=7))
    person, officer = await an_actor(Role.SELLER), await an_actor(Role.ADMIN)
    invoice = await a_listed_invoice(person)
    await withdraw_invoice(person, invoice_id=invoice.id)
    async with nothing_happens():
        with pytest.raises(LegalRetention, match="kept until"):
            await request_erasure(officer, person_id=person.id, reason="by letter")
    [obstacle] = await erasure_obstacles(officer, kind=PersonKind.USER, person_id=person.id)
    assert obstacle.until is not None and obstacle.until.year == clock.now().year + 7
    with clock_set_to(obstacle.until):
        assert await erasure_obstacles(officer, kind=PersonKind.USER, person_id=person.id) == []


async def test_it_waits_for_listeners_that_are_behind() -> None:
    person, first, second = await an_actor(), await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    await heard_by_all()
    erasure = await request_erasure(first, person_id=person.id, reason="by letter")
    await approve_erasure(second, erasure.id, None)
    await worked()
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.ERASING, "its events have no position yet"
    await events_so_far()
    await worked(after_s=600)
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.ERASING, "nobody has heard of them yet"
    await heard_by_all()
    await worked(after_s=1_800)
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.ERASED


async def test_nobody_changes_what_is_kept_without_an_erasure_and_nothing_but_texts_with_one() -> None:
    person, first, second = await an_actor(Role.SELLER), await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    erasure = await request_erasure(first, person_id=person.id, reason="by letter")
    await approve_erasure(second, erasure.id, None)
    await heard_by_all()
    await a_listed_invoice(person)

    async def attempt(statement: str, *, as_erasure: str) -> None:
        async with unit_of_work() as work:
            await work.execute("select set_config('daftari.erasure', $1, true)", as_erasure)
            await work.execute(statement)

    texts = "update journal_entry set description = 'nothing'"
    refused = (
        (texts, ""),
        (texts, str(new_id())),
        ("update journal_line set amount_minor = amount_minor * 2", str(erasure.id)),
        ("update journal_entry set effective_on = effective_on - 1", str(erasure.id)),
        ("update event_log set name = 'nothing'", str(erasure.id)),
        ("delete from journal_entry", str(erasure.id)),
        ("delete from event_log", str(erasure.id)),
        ("delete from row_change", str(erasure.id)),
        ("update invoice set face_minor = face_minor + 1", str(erasure.id)),
    )
    wallet_settings.configure(WalletSettings(opening_credit=inr(5)))
    await wallet_of((await an_actor()).id, "INR")
    async with nothing_happens():
        for statement, named in refused:
            with pytest.raises(asyncpg.PostgresError):
                await attempt(statement, as_erasure=named)
    await attempt(texts, as_erasure=str(erasure.id))


async def test_what_is_cut_short_has_erased_nothing_and_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    person, first, second = await an_actor(name="Neema Kiptoo"), await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    erasure = await request_erasure(first, person_id=person.id, reason="by letter")
    await approve_erasure(second, erasure.id, None)
    await heard_by_all()

    async def cut_short(*arguments: Any, **more: Any) -> dict[str, int]:
        await erase_rows(*arguments, **more)
        assert (await User.get(id=person.id)).name != "Neema Kiptoo"
        raise RuntimeError("the worker is killed")

    monkeypatch.setattr("domain.privacy.service.erasing.erase_rows", cut_short)
    before = await found_in("Neema Kiptoo")
    await worked()
    assert await found_in("Neema Kiptoo") == before != {}
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.ERASING
    monkeypatch.undo()
    await worked(after_s=600)
    assert await found_in("Neema Kiptoo") == {}
    assert (await PersonalDataErasure.get(id=erasure.id)).state is ErasureState.ERASED


async def test_a_name_that_two_people_have_stays_the_others() -> None:
    first, second = await an_actor(Role.ADMIN), await an_actor(Role.ADMIN)
    one, namesake = await an_actor(Role.SELLER, name="Juma Baraka"), await an_actor(Role.SELLER, name="Juma Baraka")
    offered = await a_listed_invoice(namesake, description="Sold by Juma Baraka himself")
    withdrawn = await a_listed_invoice(one, description="Sold by Juma Baraka himself")
    await withdraw_invoice(one, invoice_id=withdrawn.id)
    erasure = await request_erasure(first, person_id=one.id, reason="by letter")
    await approve_erasure(second, erasure.id, None)
    await heard_by_all()
    await worked()
    done = await PersonalDataErasure.get(id=erasure.id)
    theirs, others = await Invoice.get(id=withdrawn.id), await Invoice.get(id=offered.id)
    assert (theirs.seller_name, theirs.description) == (done.pseudonym, f"Sold by {done.pseudonym} himself")
    assert (others.seller_name, others.description) == ("Juma Baraka", "Sold by Juma Baraka himself")
    assert (await User.get(id=namesake.id)).name == "Juma Baraka"
    for logged in await events_so_far():
        if logged.name.startswith("invoice_finance.") and str(namesake.id) in logged.payload:
            assert "Juma Baraka" in logged.payload
        if logged.name.startswith("invoice_finance.") and str(one.id) in logged.payload:
            assert "Juma Baraka" not in logged.payload


async def test_what_waits_is_taken_back_by_who_asked() -> None:
    person, other, officer = await an_actor(), await an_actor(), await an_actor(Role.ADMIN)
    erasure = await request_erasure(person, reason="mine")
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (other, ErasureNotFound), (officer, ErasureNotFound)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await withdraw_erasure(actor, erasure_id=erasure.id)
    key = await create_api_key(person, name="Books", scopes=[Permission.WALLET_USE])
    program = await authenticate(key.key)
    async with nothing_happens():
        with pytest.raises(SessionRequired):
            await withdraw_erasure(program, erasure_id=erasure.id)
    back = await withdraw_erasure(person, erasure_id=erasure.id)
    assert (back.state, back.decided_by, back.finished_at is not None) == (ErasureState.WITHDRAWN, None, True)
    assert (await Approval.get(subject_id=erasure.id)).status is ApprovalStatus.WITHDRAWN
    async with nothing_happens():
        await withdraw_erasure(person, erasure_id=erasure.id)
        for decide in (approve_erasure, reject_erasure):
            with pytest.raises(DomainError):
                await decide(officer, erasure.id, "no")
    names = [logged.name for logged in await events_so_far()][-2:]
    assert names == ["approvals.decided", "privacy.erasure_withdrawn"]
    assert await User.filter(id=person.id, active=True).exists()
    again = await request_erasure(person, reason="after all")
    await reject_erasure(officer, again.id, "not yet")
    async with nothing_happens():
        with pytest.raises(ErasureNotFound):
            await withdraw_erasure(person, erasure_id=again.id)
    await assert_integrity()


async def test_of_taking_back_and_agreeing_at_once_one_happens() -> None:
    for _ in range(3):
        person, officer = await an_actor(), await an_actor(Role.ADMIN)
        erasure = await request_erasure(person, reason="mine")
        outcomes = await outcomes_of([withdraw_erasure(person, erasure_id=erasure.id), approve_erasure(officer, erasure.id)])
        [refused] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(refused, ErasureNotFound | Unauthenticated)
        now, approval = await PersonalDataErasure.get(id=erasure.id), await Approval.get(subject_id=erasure.id)
        assert (now.state.value, approval.status.value) in {("WITHDRAWN", "WITHDRAWN"), ("ERASING", "APPROVED")}
