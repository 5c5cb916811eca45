"""Booking sessions, calling them off, and their money: to the payee's wallet, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import execute
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidAmount, InvalidInput, NotFound
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.payments.errors import AlreadyPaid, ServiceSessionNotBooked, ServiceSessionNotFound
from domain.payments.models import ServiceSession
from domain.payments.purposes import candidates, due_by_reference
from domain.payments.service.sessions import book_service_session, cancel_service_session
from domain.payments.states import DiscrepancyStatus, Purpose, SessionStatus
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    kes,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import balance
from tests.support.people import a_branch, an_actor, somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

SESSION = Purpose.SERVICE_SESSION


@dataclass(frozen=True)
class Practice:
    client: Actor
    payee: Actor
    bursar: Actor


@pytest.fixture
async def practice() -> Practice:
    branch = await a_branch()
    return Practice(
        client=await an_actor(Role.BORROWER, name="John Doe"),
        payee=await an_actor(Role.TEACHER, name="Dr. Smith", branch_id=branch.id),
        bursar=somebody(Role.BURSAR, branch=branch),
    )


async def booked(practice: Practice, by: Actor | None = None, **changes: Any) -> ServiceSession:
    said: dict[str, Any] = {
        "client_id": practice.client.id,
        "title": "First session",
        "price": kes(2500),
        "starts_at": clock.now() + timedelta(days=1),
    }
    return await book_service_session(by or practice.payee, **(said | changes))


async def status_of(session: ServiceSession) -> SessionStatus:
    return (await ServiceSession.get(id=session.id)).status


async def test_a_session_is_booked_and_told(practice: Practice) -> None:
    session = await booked(practice, title="  First   session ")
    assert (session.number[:4], session.title, session.status, session.payee_id) == (
        "SES-", "First session", SessionStatus.BOOKED, practice.payee.id,
    )  # fmt: skip
    by_staff = await booked(practice, practice.bursar, payee_id=practice.payee.id)
    assert (by_staff.payee_id, by_staff.created_by) == (practice.payee.id, practice.bursar.id)
    told = [each for each in await events_so_far() if each.name == "payments.session_changed"]
    assert [each.fact.session.id for each in told] == [session.id, by_staff.id]
    assert {f"user:{practice.client.id}", f"user:{practice.payee.id}"} <= told[0].audience
    await assert_integrity()


async def test_what_cannot_be_booked(practice: Practice) -> None:
    refusals: list[tuple[type[Exception], dict[str, Any]]] = [
        (Forbidden, {"payee_id": (await an_actor()).id}),
        (NotFound, {"client_id": new_id()}),
        (InvalidInput, {"client_id": practice.payee.id}),
        (InvalidInput, {"title": " "}),
        (InvalidInput, {"title": "x" * 121}),
        (InvalidInput, {"title": "a\x00b"}),
        (CurrencyMismatch, {"price": Money.of(2500, "USD")}),
        (InvalidAmount, {"price": kes(0)}),
        (InvalidAmount, {"price": kes(-1)}),
        (InvalidAmount, {"price": kes("2500.50")}),
        (InvalidInput, {"starts_at": clock.now() + timedelta(days=1000)}),
        (InvalidInput, {"starts_at": clock.now() - timedelta(days=400)}),
    ]
    for refusal, changes in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await booked(practice, **changes)
    async with nothing_happens():
        with pytest.raises(NotFound):
            await booked(practice, practice.bursar, payee_id=new_id())


async def test_calling_off(practice: Practice) -> None:
    for who in (practice.client, practice.payee, practice.bursar):
        session = await booked(practice)
        cancelled = await cancel_service_session(who, service_session_id=session.id)
        assert (cancelled.status, cancelled.version) == (SessionStatus.CANCELLED, 2)
        async with nothing_happens():
            with pytest.raises(ServiceSessionNotBooked, match="cancelled"):
                await cancel_service_session(who, service_session_id=session.id)
    session = await booked(practice)
    for stranger, session_id in ((await an_actor(), session.id), (practice.client, new_id())):
        async with nothing_happens():
            with pytest.raises(ServiceSessionNotFound):
                await cancel_service_session(stranger, service_session_id=session_id)
    await assert_integrity()


async def test_the_client_pays_and_the_payee_has_the_money(practice: Practice) -> None:
    session = await booked(practice)
    payment = await asked_for(practice.client, SESSION, session.id)
    assert (payment.amount, payment.client_name, payment.payee_name, payment.branch_id) == (
        kes(2500), "John Doe", "Dr. Smith", practice.payee.branch_id,
    )  # fmt: skip
    await came(payment)
    await delivered()
    assert (await balance(practice.payee, "KES"), await in_transit()) == (kes(2500), kes(0))
    paid = await ServiceSession.get(id=session.id)
    assert (paid.status, paid.payment_id) == (SessionStatus.PAID, payment.id)
    async with nothing_happens():
        with pytest.raises(AlreadyPaid):
            await due_of(practice.client, SESSION, session.id)
        with pytest.raises(ServiceSessionNotBooked, match="paid"):
            await cancel_service_session(practice.client, service_session_id=session.id)
    await assert_integrity()


async def test_two_payments_pay_a_session_once(practice: Practice) -> None:
    session = await booked(practice)
    first, second = (
        await asked_for(practice.client, SESSION, session.id),
        await asked_for(practice.client, SESSION, session.id),
    )
    await came(first)
    receipt = await came(second)
    await delivered()
    assert (await balance(practice.payee, "KES"), await in_transit()) == (kes(2500), kes(2500))
    assert (await application_of(second)).refused_code == "SERVICE_SESSION_NOT_BOOKED"
    refusal = await refusal_of(second)
    assert refusal is not None and (refusal.expected, refusal.received) == ("KES 2,500.00", "KES 0.00")
    await assert_integrity()
    # It goes back to the payer: nothing waits any more, and nobody has to look.
    await taken_back(second, receipt)
    await delivered()
    await refusal.refresh_from_db()
    assert (refusal.status, refusal.resolved_by, await in_transit()) == (DiscrepancyStatus.RESOLVED, None, kes(0))
    assert (await application_of(second)).refused_code is None
    await assert_integrity()


async def test_a_session_is_unpaid_again_when_its_money_was_taken_back(practice: Practice) -> None:
    session = await booked(practice)
    payment = await asked_for(practice.client, SESSION, session.id)
    receipt = await came(payment)
    await delivered()
    await taken_back(payment, receipt)
    await delivered()
    again = await ServiceSession.get(id=session.id)
    assert (again.status, again.payment_id, await balance(practice.payee, "KES")) == (SessionStatus.BOOKED, None, kes(0))
    await assert_integrity()
    other = await asked_for(practice.client, SESSION, session.id)
    await came(other)
    await delivered()
    assert (await ServiceSession.get(id=session.id)).payment_id == other.id
    await assert_integrity()


async def test_what_a_person_lets_through_goes_to_the_payee(practice: Practice) -> None:
    session = await booked(practice)
    payment = await asked_for(practice.client, SESSION, session.id)
    await came(payment, kes(2000), accept=True)
    await delivered()
    assert (await balance(practice.payee, "KES"), await status_of(session)) == (kes(2000), SessionStatus.PAID)
    await assert_integrity()


async def test_a_session_called_off_takes_no_money_and_a_spent_fee_stays(practice: Practice) -> None:
    session = await booked(practice)
    payment = await asked_for(practice.client, SESSION, session.id)
    await cancel_service_session(practice.client, service_session_id=session.id)
    await came(payment)
    await delivered()
    assert (await application_of(payment)).refused_code == "SERVICE_SESSION_NOT_BOOKED"
    spent = await booked(practice)
    paid = await asked_for(practice.client, SESSION, spent.id)
    receipt = await came(paid)
    await delivered()
    wallet, others = await wallet_of(practice.payee.id, "KES"), await wallet_of(practice.client.id, "KES")
    await transfer_funds(practice.payee, from_wallet_id=wallet.id, to_wallet_id=others.id, amount=kes(2500))
    await taken_back(paid, receipt, kes(100))
    await delivered()
    assert ((await application_of(paid)).refused_code, await status_of(spent)) == ("INSUFFICIENT_FUNDS", SessionStatus.PAID)
    await assert_integrity()


async def test_who_may_pay_and_what_is_found(practice: Practice) -> None:
    session = await booked(practice)
    due = await due_of(practice.client, SESSION, session.id)
    assert (due.exact, due.amount, due.account_reference) == (True, kes(2500), session.number)
    assert await due_of(practice.bursar, SESSION, session.id) == due
    with pytest.raises(Forbidden):
        await due_of(practice.payee, SESSION, session.id)
    with pytest.raises(ServiceSessionNotFound):
        await due_of(await an_actor(), SESSION, session.id)
    for amount in (kes(2499), kes(2501)):
        with pytest.raises(InvalidAmount, match="exactly"):
            due.require(amount)
    assert await due_by_reference(session.number.lower().replace("-", " ")) == due
    assert await due_by_reference(session.number + "1") is None
    assert await candidates(kes(2510), limit=3) == [due]
    assert await candidates(kes(2600), limit=3) == []


async def test_booking_and_cancelling_at_once(practice: Practice) -> None:
    session = await booked(practice)
    outcomes = await outcomes_of(
        cancel_service_session(who, service_session_id=session.id) for who in (practice.client, practice.payee) * 3
    )
    assert sum(isinstance(each, ServiceSession) for each in outcomes) == 1
    assert sum(isinstance(each, ServiceSessionNotBooked) for each in outcomes) == 5
    await assert_integrity()


async def test_tables_guard_sessions_whoever_writes(practice: Practice) -> None:
    session = await booked(practice)
    bad: list[tuple[str, datetime | None]] = [("PAID", None), ("CANCELLED", None)]
    for status, cancelled_at in bad:
        with pytest.raises(Exception, match="service_session"):
            await execute(
                "update service_session set status = $2, cancelled_at = $3 where id = $1", session.id, status, cancelled_at
            )
    with pytest.raises(Exception, match="a session is kept"):
        await execute("delete from service_session where id = $1", session.id)
    await cancel_service_session(practice.client, service_session_id=session.id)
    with pytest.raises(Exception, match="cannot go from"):
        await execute("update service_session set status = 'BOOKED', cancelled_at = null where id = $1", session.id)
