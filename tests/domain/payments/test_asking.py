"""Asking the provider what became of prompts: by people, by the clock, and again while it is away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetch
from domain.kit.errors import Unauthenticated
from domain.kit.ids import new_id
from domain.payments.errors import MpesaNotConfigured, PaymentNotFound, PromptNotFound
from domain.payments.jobs import periodic_check
from domain.payments.models import Payment, PaymentEvidence, Reconciliation
from domain.payments.rules.results import meaning_of
from domain.payments.service.asking import check_stuck_payments, query_mpesa_status
from domain.payments.states import Channel, Outcome, PaymentStatus, ReconStatus, ReconTrigger
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.mpesa import Mpesa
from tests.support.paying import PHONE, Booked, a_booking, asking, now, paying_settings, prompt_of, tables_with, worked
from tests.support.people import an_actor
from tests.support.races import at_once, outcomes_of
from tests.support.reconciled import a_payment

pytestmark = pytest.mark.usefixtures("mpesa")

NEVER = datetime.min.replace(tzinfo=UTC)


async def a_prompt() -> tuple[Booked, Payment, str]:
    """Somebody whose telephone shows a prompt: what is paid, and the provider's id of the prompt."""
    booked = await a_booking()
    payment = await booked.pays()
    await worked()
    prompt = await prompt_of(payment)
    assert prompt.checkout_request_id is not None
    return booked, payment, prompt.checkout_request_id


async def asked(booked: Booked, prompt: str) -> Reconciliation:
    """The client wants to know, and the provider was asked."""
    queued = await query_mpesa_status(booked.client, checkout_request_id=prompt)
    assert (queued.status, queued.trigger, queued.requested_by) == (
        ReconStatus.QUEUED,
        ReconTrigger.STATUS_QUERY,
        booked.client.id,
    )
    await worked()
    return await Reconciliation.get(id=queued.id)


async def claims(payment: Payment) -> list[tuple[Channel, Outcome]]:
    rows = await PaymentEvidence.filter(payment_id=payment.id).order_by("id")
    return [(row.channel, row.outcome) for row in rows]


async def test_a_prompt_that_was_paid_is_known_before_its_callback_comes(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    await mpesa.delivered()
    done = await asked(booked, prompt)
    assert await claims(payment) == [(Channel.QUERY, Outcome.PAID)]
    assert (await now(payment)).status is PaymentStatus.PAID
    # The receipt is not known yet, so that it is looked at again.
    assert (done.status, done.attempts) == (ReconStatus.UNVERIFIED, 1)
    await assert_integrity()


async def test_a_prompt_that_nobody_answered_yet_is_asked_about_again(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    waiting = await asked(booked, prompt)
    assert (waiting.status, waiting.attempts) == (ReconStatus.UNVERIFIED, 1)
    assert waiting.next_attempt_at is not None and waiting.next_attempt_at > clock.now()
    assert (await now(payment)).status is PaymentStatus.PROCESSING
    await mpesa.delivered()
    await worked(after=3)
    assert await claims(payment) == [(Channel.QUERY, Outcome.PENDING), (Channel.QUERY, Outcome.PAID)]
    assert (await Reconciliation.get(id=waiting.id)).attempts == 2


@pytest.mark.parametrize(
    ("code", "status"), [(1032, PaymentStatus.CANCELLED), (1, PaymentStatus.FAILED), (1037, PaymentStatus.EXPIRED)]
)
async def test_a_prompt_that_was_not_paid(mpesa: Mpesa, code: int, status: PaymentStatus) -> None:
    await mpesa.chosen(resultCode=code)
    booked, payment, prompt = await a_prompt()
    await mpesa.delivered()
    done = await asked(booked, prompt)
    ended = await now(payment)
    assert (ended.status, done.status) == (status, ReconStatus.MATCHED)
    assert ended.status_reason == (meaning_of(code) or "the payer cancelled")


async def test_a_provider_that_is_away_is_asked_again_later(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    await mpesa.delivered()
    async with asking(mpesa, url="http://127.0.0.1:1"):
        put_back = await asked(booked, prompt)
        assert (put_back.status, put_back.attempts, put_back.error) == (ReconStatus.QUEUED, 1, "UNREACHABLE")
        assert put_back.next_attempt_at is not None
        assert await worked() == 0, "not at once"
        await worked(after=1.1)
    assert (await Reconciliation.get(id=put_back.id)).attempts == 2
    assert await claims(payment) == []
    await worked(after=5)
    assert (await now(payment)).status is PaymentStatus.PAID


async def test_a_prompt_that_the_provider_does_not_know_says_nothing(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    await mpesa.answers(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID", path="stkpushquery")
    waiting = await asked(booked, prompt)
    assert (waiting.status, await claims(payment)) == (ReconStatus.UNVERIFIED, [])
    assert (await now(payment)).status is PaymentStatus.STK_SENT


async def test_of_many_who_want_to_know_the_provider_is_asked_once(mpesa: Mpesa) -> None:
    booked, _, prompt = await a_prompt()
    outcomes = await outcomes_of(query_mpesa_status(booked.client, checkout_request_id=prompt) for _ in range(8))
    assert len({each.id for each in outcomes}) == 1
    assert await Reconciliation.filter(trigger=ReconTrigger.STATUS_QUERY).count() == 1


async def test_the_id_may_be_given_as_it_is_shown_with_the_payment(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    shown = (await prompt_of(payment)).checkout_shown
    assert shown == f"{prompt[:-9]}*****{prompt[-3:]}"
    async with nothing_happens():
        with pytest.raises(PromptNotFound):
            await query_mpesa_status(booked.client, checkout_request_id=shown)
    queued = await query_mpesa_status(booked.client, checkout_request_id=f" {shown} ", payment_id=payment.id)
    assert queued.payment_id == payment.id
    assert await tables_with(PHONE[3:]) == []


async def test_what_is_somebody_elses_is_not_there(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    stranger = await an_actor(Role.BORROWER)

    async def refused(kind: type[Exception], actor: Actor, **said: object) -> None:
        async with nothing_happens():
            with pytest.raises(kind):
                await query_mpesa_status(actor, **{"checkout_request_id": prompt, **said})  # type: ignore[arg-type]

    await refused(Unauthenticated, ANONYMOUS)
    await refused(PromptNotFound, stranger)
    await refused(PaymentNotFound, stranger, payment_id=payment.id)
    await refused(PaymentNotFound, booked.client, payment_id=new_id())
    for unknown in ("", "ws_CO_1", "%", "x" * 10_000, prompt[:-1]):
        await refused(PromptNotFound, booked.client, checkout_request_id=unknown)
        await refused(PromptNotFound, booked.client, checkout_request_id=unknown, payment_id=payment.id)
    with paying_settings(has_account=False):
        await refused(MpesaNotConfigured, booked.client)


async def test_what_a_callback_said_is_asked_about_only_where_it_is_to_be_verified(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    await PaymentEvidence.create(
        payment_id=payment.id,
        channel=Channel.CALLBACK,
        outcome=Outcome.CANCELLED,
        received_at=clock.now(),
        prompt=prompt,
    )
    await mpesa.delivered()
    # At the moment by which the callback should be there nobody is asked, for it is.
    await worked(after=76)
    assert (await now(payment)).status is PaymentStatus.CANCELLED
    assert await claims(payment) == [(Channel.CALLBACK, Outcome.CANCELLED)]
    # Who wants to know for sure is told what the provider says.
    await asked(booked, prompt)
    assert (Channel.QUERY, Outcome.PAID) in await claims(payment)
    assert (await now(payment)).status is PaymentStatus.PAID


async def test_a_callback_that_does_not_come_in_its_time_is_asked_after(mpesa: Mpesa) -> None:
    _, payment, _ = await a_prompt()
    await mpesa.delivered()
    await worked(after=74)
    assert await claims(payment) == []
    await worked(after=76)
    assert (await now(payment)).status is PaymentStatus.PAID


START = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


async def stuck_payments(how_many: int) -> list[Payment]:
    """Payments that are being processed, each begun a second after the one before."""
    payments = []
    for number in range(how_many):
        with clock_set_to(START - timedelta(hours=1) + timedelta(seconds=number)):
            payments.append(await a_payment())
    await execute("update payment set status = 'PROCESSING', status_at = created_at")
    return payments


async def asked_about() -> list[Payment]:
    rows = await Reconciliation.filter(trigger=ReconTrigger.PERIODIC, status=ReconStatus.QUEUED)
    return [await Payment.get(id=row.payment_id) for row in rows]


async def test_of_eleven_stuck_payments_ten_are_asked_about_and_one_the_next_time(mpesa: Mpesa) -> None:
    payments = await stuck_payments(11)
    with clock_set_to(START):
        assert await periodic_check.run() == 10
    assert {each.id for each in await asked_about()} == {each.id for each in payments[:10]}, "the oldest first"
    for minute in (1, 7, 14):
        with clock_set_to(START + timedelta(minutes=minute)):
            assert await periodic_check.run() == 0
    with clock_set_to(START + timedelta(minutes=15)):
        assert await periodic_check.run() == 1
        assert await check_stuck_payments() == 0, "of those that are to be asked about already nobody asks again"


async def test_who_waits_longest_for_being_asked_about_is_next(mpesa: Mpesa) -> None:
    """Who was never asked about, then who was asked about longest ago, and of those the oldest: round after round, so that
    old payments starve nobody and come to their turn again."""
    payments = await stuck_payments(7)
    checked: dict[object, datetime] = {}
    for number in range(5):
        moment = START + timedelta(minutes=15 * number)
        turns = sorted(payments, key=lambda each: (checked.get(each.id, NEVER), each.created_at, each.id))
        wanted = {each.id for each in turns[:3]}
        with clock_set_to(moment), paying_settings(recon_batch=3):
            assert await check_stuck_payments() == 3
        assert {each.id for each in await asked_about()} == wanted
        checked |= dict.fromkeys(wanted, moment)
        await execute("update reconciliation set status = 'FAILED', finished_at = now() where status = 'QUEUED'")


async def test_what_has_just_begun_or_ended_is_not_stuck(mpesa: Mpesa) -> None:
    young, ended = await stuck_payments(2)
    await execute("update payment set status = 'FAILED' where id = $1", ended.id)
    with clock_set_to(START):
        await execute("update payment set status_at = $2 where id = $1", young.id, START - timedelta(seconds=74))
        assert await check_stuck_payments() == 0
        await execute("update payment set status_at = $2 where id = $1", young.id, START - timedelta(seconds=75))
        assert await check_stuck_payments() == 1


async def test_two_workers_that_check_at_once_ask_about_each_payment_once(mpesa: Mpesa) -> None:
    await stuck_payments(12)
    with clock_set_to(START):
        counts = await outcomes_of(check_stuck_payments() for _ in range(4))
    rows = await fetch("select payment_id, count(*) from reconciliation group by payment_id")
    assert sum(counts) == len(rows) == 12
    assert {row["count"] for row in rows} == {1}


async def test_two_who_want_to_know_at_once_have_the_provider_asked_once(mpesa: Mpesa) -> None:
    booked, payment, prompt = await a_prompt()
    await mpesa.delivered()
    asked_for = await at_once(query_mpesa_status(booked.client, checkout_request_id=prompt) for _ in range(4))
    assert len({each.id for each in asked_for}) == 1
    await worked()
    assert await claims(payment) == [(Channel.QUERY, Outcome.PAID)]
    paid = await now(payment)
    assert (paid.status, paid.purpose_amount) == (PaymentStatus.PAID, payment.amount)
    await assert_integrity()
