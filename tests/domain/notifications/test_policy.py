"""The policy as it is lived: who is told what of real events, in words without loose ends, and each once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.events.listeners import catch_up
from domain.identity.actor import SYSTEM, Actor
from domain.identity.authentication import authenticate
from domain.identity.errors import InvalidCredentials, InvalidRefreshToken
from domain.identity.permissions import Permission, Role
from domain.identity.service import (
    assign_branch,
    change_password,
    change_roles,
    create_api_key,
    deactivate_user,
    refresh_session,
    revoke_api_key,
    set_phone,
    sign_in,
)
from domain.invoice_finance import jobs
from domain.invoice_finance.service import (
    close_auction,
    close_recovery,
    fund_invoice,
    place_bid,
    record_invoice_payment,
    send_invoice_message,
)
from domain.invoice_finance.states import FundingMode, SaleMethod
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context
from domain.notifications.handlers import notifier
from domain.notifications.models import Notification, Priority
from domain.notifications.policy import POLICY
from domain.notifications.rule import percent
from domain.notifications.service import telling
from domain.wallets.service import transfer_funds, wallet_of
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.invoices import NOON, a_listed_invoice, flat, inr
from tests.support.people import CHEAP, PASSWORD, a_branch, a_user, configure_identity, signed_in

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def identity() -> None:
    configure_identity()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """What the edge does around a request."""
    with call_context(CallContext(actor_id=actor.id)):
        yield actor


async def somebody(role: Role, name: str) -> Actor:
    user = await a_user(role, name=name)
    return Actor(id=user.id, name=name, roles=frozenset({role}))


async def told(person: Actor | UUID) -> list[str]:
    """The titles of what somebody was told, oldest first, once the listener has heard everything."""
    await events_so_far()
    await catch_up(notifier)
    person_id = person if isinstance(person, UUID) else person.id
    return [row.title for row in await Notification.filter(recipient_id=person_id).order_by("source_position")]


async def last_told(person: Actor) -> Notification:
    await told(person)
    notification = await Notification.filter(recipient_id=person.id).order_by("-source_position").first()
    assert notification is not None
    return notification


async def test_a_new_listing_is_told_to_debtor_and_investors_but_not_to_the_seller() -> None:
    seller = await somebody(Role.SELLER, "Sita Mills")
    debtor = await somebody(Role.DEBTOR, "Big Bazaar")
    investors = [await somebody(Role.INVESTOR, f"Investor {number}") for number in range(3)]
    both = await a_user(Role.DEBTOR, Role.INVESTOR)
    gone = await somebody(Role.INVESTOR, "Gone")
    await deactivate_user(SYSTEM, user_id=gone.id)
    with acting(seller):
        invoice = await a_listed_invoice(seller, debtor_id=debtor.id)
    for investor in investors:
        assert await told(investor) == ["New on the marketplace"]
    assert await told(both.id) == ["New on the marketplace"]
    assert await told(debtor) == ["An invoice to you is for sale"]
    assert await told(seller) == [] == await told(gone)
    notification = await last_told(investors[0])
    assert (notification.kind, notification.priority) == ("invoice_finance.invoice_listed", Priority.LOW)
    assert (notification.subject_kind, notification.subject_id) == ("invoice", invoice.id)
    assert notification.data == {"invoiceNumber": invoice.number}
    assert "Sita Mills asks for INR" in notification.body


async def test_a_debtor_who_also_invests_is_told_once_in_the_words_for_a_debtor() -> None:
    seller = await somebody(Role.SELLER, "Sita Mills")
    both = await a_user(Role.DEBTOR, Role.INVESTOR)
    with acting(seller):
        await a_listed_invoice(seller, debtor_id=both.id)
    assert await told(both.id) == ["An invoice to you is for sale"]


async def test_of_many_in_a_role_those_who_signed_in_last_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MAX_ROLE_RECIPIENTS", 2)
    seller = await somebody(Role.SELLER, "Sita Mills")
    users = [await a_user(Role.INVESTOR) for _ in range(4)]
    for number in (2, 0):
        await signed_in(users[number])
    await a_listed_invoice(seller)
    assert [len(await told(user.id)) for user in users] == [1, 0, 1, 0]


async def test_funding_is_told_to_the_seller_and_confirmed_to_the_investor() -> None:
    seller, investor = await somebody(Role.SELLER, "Sita Mills"), await somebody(Role.INVESTOR, "Ravi Kapoor")
    with acting(seller):
        invoice = await a_listed_invoice(seller)
    with acting(investor):
        await fund_invoice(investor, invoice_id=invoice.id, amount=inr(250_000))
    assert await told(seller) == ["Your invoice was funded"]
    assert (await last_told(seller)).data == {
        "invoiceNumber": invoice.number,
        "amount": "250000.00",
        "currency": "INR",
    }
    with acting(investor):
        await fund_invoice(investor, invoice_id=invoice.id, amount=invoice.requested_amount - inr(250_000))
    assert (await told(seller))[1:] == ["Your invoice is fully funded"]
    assert (await told(investor))[1:] == ["Your investment is made", "Your investment is made"]
    await assert_integrity()


async def test_an_offer_that_was_not_filled_is_told_to_seller_and_holders() -> None:
    seller, investor = await somebody(Role.SELLER, "Sita Mills"), await somebody(Role.INVESTOR, "Ravi Kapoor")
    with clock_set_to(NOON):
        invoice = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
        await fund_invoice(investor, invoice_id=invoice.id, amount=inr(10_000))
    with clock_set_to(invoice.funding_deadline_at + timedelta(minutes=1)):
        await jobs.end_offers.run()
        assert (await told(seller))[-1] == "Your offer has ended"
        assert (await told(investor))[-1] == "Your money is free again"


async def test_an_auction_is_told_to_its_seller() -> None:
    seller, investor = await somebody(Role.SELLER, "Sita Mills"), await somebody(Role.INVESTOR, "Ravi Kapoor")
    sold = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION, fee=flat("3"))
    with acting(investor):
        await place_bid(investor, invoice_id=sold.id, rate=Decimal("1.50"))
    bid = await last_told(seller)
    assert bid.title == "A new bid" and "1.5 %" in bid.body
    with acting(seller):
        await close_auction(seller, invoice_id=sold.id)
    assert {"Your auction has a winner", "Your invoice is fully funded"} <= set(await told(seller))
    assert (await told(investor))[-1] == "Your investment is made"
    unsold = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION, fee=flat("3"))
    await close_auction(seller, invoice_id=unsold.id)
    assert (await told(seller))[-1] == "Your auction ended without a bid"


async def test_what_a_late_debtor_brings_upon_everybody() -> None:
    seller, investor = await somebody(Role.SELLER, "Sita Mills"), await somebody(Role.INVESTOR, "Ravi Kapoor")
    debtor, accountant = await somebody(Role.DEBTOR, "Big Bazaar"), await somebody(Role.ACCOUNTANT, "Anna Books")
    with clock_set_to(NOON):
        listed = await a_listed_invoice(seller, debtor_id=debtor.id, grace_days=5)
        await fund_invoice(investor, invoice_id=listed.id, amount=listed.requested_amount)
        due = datetime.combine(listed.due_on, NOON.timetz())
    with clock_set_to(due + timedelta(days=1)):
        await jobs.mark_overdue.run()
        for person in (seller, investor, debtor):
            notification = await last_told(person)
            assert (notification.title, notification.priority) == ("An invoice is overdue", Priority.HIGH)
        assert "Please pay by" in (await last_told(debtor)).body
        assert await told(accountant) == []
    with clock_set_to(due + timedelta(days=6)):
        await jobs.mark_default.run()
        for person in (seller, investor, debtor):
            notification = await last_told(person)
            assert (notification.title, notification.priority) == ("An invoice is in default", Priority.CRITICAL)
        assert await told(accountant) == ["An invoice needs recovery"]
        with acting(accountant):
            await record_invoice_payment(accountant, invoice_id=listed.id, amount=inr(400_000), reference="BANK-1")
        assert (await told(seller))[-1] == "A payment for your invoice"
        assert (await told(debtor))[-1] == "Your payment was recorded"
        assert (await told(investor))[-1] == "Your investment pays"
        with acting(accountant):
            await close_recovery(accountant, invoice_id=listed.id)
        for person in (seller, investor):
            assert (await told(person))[-1] == "A recovery has ended"
        assert len(await told(accountant)) == 1
    await assert_integrity()


async def test_a_message_reaches_the_others_and_is_cut_short() -> None:
    seller, debtor = await somebody(Role.SELLER, "Sita Mills"), await somebody(Role.DEBTOR, "Big Bazaar")
    investor = await somebody(Role.INVESTOR, "Ravi Kapoor")
    stranger = await somebody(Role.INVESTOR, "Somebody else")
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id)
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(10_000))
    with acting(investor):
        await send_invoice_message(investor, invoice_id=invoice.id, body="When do you pay? " * 100)
    for person in (seller, debtor):
        notification = await last_told(person)
        assert notification.title == "A message about an invoice"
        assert notification.body.startswith("Investor 1 on invoice") and len(notification.body) < 400
        assert "Ravi" not in notification.body
    assert "A message about an invoice" not in await told(stranger)
    with acting(investor):
        await fund_invoice(investor, invoice_id=invoice.id, amount=invoice.requested_amount - inr(10_000))
    with acting(seller):
        await send_invoice_message(seller, invoice_id=invoice.id, body="Thank you all.")
    for person in (debtor, investor):
        assert (await last_told(person)).body == f"Sita Mills on invoice {invoice.number}: Thank you all."
    assert (await told(seller))[-1] != "A message about an invoice"


async def test_money_that_arrives_is_told_to_the_one_who_receives_it() -> None:
    asha, brian = await somebody(Role.INVESTOR, "Asha"), await somebody(Role.SELLER, "Brian")
    sender, recipient = await wallet_of(asha.id, "INR"), await wallet_of(brian.id, "INR")
    await transfer_funds(asha, from_wallet_id=sender.id, to_wallet_id=recipient.id, amount=inr(5), description="Lunch")
    assert await told(asha) == []
    notification = await last_told(brian)
    assert notification.body == "INR 5.00 arrived in your wallet: Lunch"
    assert (notification.subject_id, notification.data["amount"]) == (recipient.id, "5.00")


async def test_the_owner_of_an_account_is_told_what_happens_to_it() -> None:
    user = await a_user(Role.SELLER)
    first = await signed_in(user, address="198.51.100.7")
    assert await told(user.id) == []
    second = await signed_in(user, address="203.0.113.9")
    assert await told(user.id) == ["Sign-in from a new place"]
    assert (await Notification.get(recipient_id=user.id)).subject_id == second.session_id
    actor = await authenticate(first.access_token)
    with acting(actor):
        key = await create_api_key(actor, name="Books", scopes=[Permission.INVOICE_READ])
        await revoke_api_key(actor, api_key_id=key.api_key.id)
        await change_password(actor, current=PASSWORD, new="an even longer password")
    await change_roles(SYSTEM, user_id=user.id, roles=[Role.INVESTOR, Role.SELLER])
    await assign_branch(SYSTEM, user_id=user.id, branch_id=(await a_branch()).id)
    await set_phone(SYSTEM, user_id=user.id, phone="+254712345678")
    for _ in range(CHEAP.failures_per_account):
        with pytest.raises(InvalidCredentials):
            await sign_in(email=user.email, password="not the password")
    assert (await told(user.id))[1:] == [
        "An API key acts for you",
        "An API key was revoked",
        "Your password was changed",
        "Your roles have changed",
        "Your branch has changed",
        "Your telephone number was changed",
        "Sign-in was stopped",
    ]


async def test_a_copied_session_is_critical() -> None:
    user = await a_user()
    with clock_set_to(NOON):
        result = await signed_in(user)
        await refresh_session(refresh_token=result.refresh_token)
    with clock_set_to(NOON + timedelta(minutes=1)):
        with pytest.raises(InvalidRefreshToken):
            await refresh_session(refresh_token=result.refresh_token)
        assert await told(user.id) == ["A session was ended for your safety"]
    assert (await Notification.get(recipient_id=user.id)).priority is Priority.CRITICAL


def test_a_rate_is_shown_without_zeros() -> None:
    assert [percent(Decimal(rate)) for rate in ("1.50", "10", "100.00", "0.00")] == ["1.5 %", "10 %", "100 %", "0 %"]
    with pytest.raises(AssertionError):
        percent(None)


def test_the_listener_reacts_to_what_the_table_names() -> None:
    assert set(notifier.reactions) == {rule.on.name for rule in POLICY}
