"""Prompting telephones over HTTP: once, whatever happens on the way, and what becomes of a payment then."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from api.mpesa import Patience
from domain.identity.permissions import Role
from domain.jobs.models import JobTask, TaskState
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.unit_of_work import unit_of_work
from domain.payments import provider
from domain.payments.intake.storing import BUCKET
from domain.payments.models import Payment, PaymentPrompt, Reconciliation
from domain.payments.service import prompting
from domain.payments.service.desk import PROMPT
from domain.payments.service.initiating import cancel_payment, resend_mpesa_prompt
from domain.payments.settling import ASK
from domain.payments.states import PaymentStatus, PromptState, Purpose, ReconStatus, ReconTrigger
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.mpesa import Mpesa
from tests.support.paying import PHONE, a_booking, asking, now, prompt_of, tables_with, worked
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("mpesa")


async def prompted() -> Payment:
    """A payment whose telephone was to be prompted, and what came of that."""
    payment = await (await a_booking()).pays()
    await worked()
    return await now(payment)


async def open_reconciliations(payment: Payment) -> list[tuple[ReconTrigger, bool]]:
    rows = await Reconciliation.filter(payment_id=payment.id, status=ReconStatus.QUEUED)
    return [(row.trigger, row.asks) for row in rows]


async def test_a_telephone_is_prompted(mpesa: Mpesa) -> None:
    payment = await prompted()
    prompt = await prompt_of(payment)
    [truth] = await mpesa.truth()
    assert (payment.status, prompt.state) == (PaymentStatus.STK_SENT, PromptState.ACCEPTED)
    assert (truth["reference"], truth["checkoutRequestId"]) == (payment.reference, prompt.checkout_request_id)
    assert prompt.accepted_at is not None and prompt.asked_at is not None
    assert prompt.callback_due_at == prompt.accepted_at + timedelta(seconds=75)
    assert payment.expires_at == prompt.expires_at == prompt.accepted_at + timedelta(seconds=300)
    [queued] = await Reconciliation.filter(payment_id=payment.id)
    assert (queued.trigger, queued.due_at) == (ReconTrigger.PAYMENT_INITIATION, prompt.callback_due_at)
    assert (await names_of_events())[-2:] == ["payments.prompt_changed", "payments.payment_changed"]
    await assert_integrity()


async def test_a_whole_number_goes_to_the_provider_and_nowhere_else(mpesa: Mpesa) -> None:
    await prompted()
    assert await tables_with(PHONE[3:]) == []


async def test_what_is_done_is_not_done_again(mpesa: Mpesa) -> None:
    payment = await prompted()
    async with unit_of_work() as work:
        await enqueue(work, PROMPT, {"prompt_id": str((await prompt_of(payment)).id)})
    await worked()
    assert len(await mpesa.truth()) == 1
    assert (await now(payment)).version == payment.version


async def test_a_prompt_that_was_being_asked_for_when_somebody_died_is_not_asked_again(mpesa: Mpesa) -> None:
    payment = await (await a_booking()).pays()
    await PaymentPrompt.filter(payment_id=payment.id).update(state=PromptState.ASKED, asked_at=clock.now())
    await worked()
    prompt = await prompt_of(payment)
    assert (prompt.state, prompt.error_code) == (PromptState.UNKNOWN, "INTERRUPTED")
    assert await mpesa.truth() == []
    payment = await now(payment)
    assert payment.status is PaymentStatus.CREATED
    # It ends by itself.
    await worked(after=301)
    assert (await now(payment)).status is PaymentStatus.EXPIRED


async def test_whoever_is_killed_while_the_provider_thinks_leaves_it_unknown(mpesa: Mpesa) -> None:
    payment = await (await a_booking()).pays()
    await mpesa.breaks(kind="SILENCE", done=True, path="stkpush/")
    async with asking(mpesa, patience=Patience(answer_within_s=30)):
        working = asyncio.create_task(worked())
        async with asyncio.timeout(20):
            while not await mpesa.truth():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert (await prompt_of(payment)).state is PromptState.ASKED, "it is written down before anybody is asked"
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    await JobTask.filter(name=PROMPT).update(state=TaskState.QUEUED, lease_id=None, leased_until=None)
    await worked()
    assert (await prompt_of(payment)).state is PromptState.UNKNOWN
    assert len(await mpesa.truth()) == 1, "asked once"


async def test_an_answer_that_gets_lost_leaves_it_unknown(mpesa: Mpesa) -> None:
    await mpesa.breaks(kind="HANG_UP", done=True, path="stkpush/")
    payment = await prompted()
    prompt = await prompt_of(payment)
    assert (prompt.state, payment.status) == (PromptState.UNKNOWN, PaymentStatus.CREATED)
    assert len(await mpesa.truth()) == 1
    assert await open_reconciliations(payment) == [(ReconTrigger.PAYMENT_INITIATION, False)]


async def test_a_provider_that_is_away_for_a_moment_is_asked_again(mpesa: Mpesa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompting, "delay_s", lambda *said, **more: 0.01)
    await mpesa.answers(429, "500.003.02", "Too many", path="stkpush/", times=5)
    payment = await prompted()
    assert payment.status is PaymentStatus.STK_SENT
    assert len(await mpesa.truth()) == 1


async def test_a_provider_that_stays_away_fails_the_payment(mpesa: Mpesa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompting, "ASK_FOR_S", 0)
    async with asking(mpesa, url="http://127.0.0.1:1"):
        payment = await prompted()
    prompt = await prompt_of(payment)
    assert (payment.status, payment.status_reason) == (PaymentStatus.FAILED, "M-Pesa could not be reached")
    assert (prompt.state, prompt.error_code) == (PromptState.REFUSED, "UNREACHABLE")


async def test_a_refusal_fails_the_payment_in_words_without_a_number(mpesa: Mpesa) -> None:
    await mpesa.answers(400, "400.002.02", f"Bad Request - Invalid PhoneNumber {PHONE}", path="stkpush/")
    payment = await prompted()
    assert payment.status is PaymentStatus.FAILED
    assert payment.status_reason is not None and payment.status_reason.startswith("M-Pesa refused: Bad Request")
    assert PHONE not in payment.status_reason
    assert await tables_with(PHONE[3:]) == []
    await worked(after=BUCKET.total_seconds())
    [reconciled] = await Reconciliation.filter(payment_id=payment.id)
    assert (reconciled.trigger, reconciled.status) == (ReconTrigger.PAYMENT_INITIATION, ReconStatus.MATCHED)


async def test_a_worker_without_an_account_refuses(mpesa: Mpesa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "_installed", None)
    payment = await prompted()
    assert (payment.status, (await prompt_of(payment)).error_code) == (PaymentStatus.FAILED, "MPESA_NOT_CONFIGURED")


async def test_what_was_given_up_meanwhile_is_not_asked_for(mpesa: Mpesa) -> None:
    booked = await a_booking()
    payment = await booked.pays()
    await cancel_payment(booked.client, payment_id=payment.id)
    await worked()
    assert await mpesa.truth() == []
    assert (await now(payment)).status is PaymentStatus.CANCELLED


async def test_a_second_prompt_that_is_refused_leaves_the_first_its_time(mpesa: Mpesa) -> None:
    booked = await a_booking()
    await mpesa.breaks(kind="HANG_UP", done=True, path="stkpush/")
    payment = await booked.pays()
    await worked()
    long_ago = clock.now() - timedelta(minutes=2)
    await PaymentPrompt.filter(payment_id=payment.id).update(asked_at=long_ago)
    await resend_mpesa_prompt(booked.client, payment_id=payment.id)
    await mpesa.answers(400, "400.002.02", "no", path="stkpush/")
    await worked()
    assert (await prompt_of(payment, 2)).state is PromptState.REFUSED
    assert (await now(payment)).status is PaymentStatus.CREATED, "the first may still be paid"


async def test_every_purpose_has_words_that_a_telephone_can_show() -> None:
    assert set(prompting.DESCRIPTIONS) == set(Purpose)
    assert all(re.fullmatch(r"[A-Za-z0-9 -]{1,13}", each) for each in prompting.DESCRIPTIONS.values())


async def test_tasks_name_no_telephone(mpesa: Mpesa) -> None:
    await an_actor(Role.BORROWER)
    await prompted()
    payloads = [task.payload for task in await JobTask.filter(name__in=[PROMPT, ASK])]
    assert sorted(name for payload in payloads for name in payload) == ["prompt_id", "reconciliation_id"]
