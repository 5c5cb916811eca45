"""Batches: one that fails holds up nobody, two workers share what there is, and whoever is killed has done nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.jobs.runner import Runner
from domain.kit import clock, database
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.payments import intake, settings
from domain.payments.intake import draining, waiting
from domain.payments.intake.jobs import drain_what_was_left, forget_old_words
from domain.payments.intake.storing import leave_drain
from domain.payments.models import MpesaMessage, Reconciliation
from domain.payments.settling import settle_payments
from domain.payments.states import MessageState, PaymentStatus, ReconStatus, ReconTrigger
from tests.domain.payments.intake.said import HEARD_AT, callback, credited, drained, heard, payment, sent, state_of
from tests.domain.payments.settling.factory import Made, a_payment, payments
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")

DUE_AT = HEARD_AT + timedelta(seconds=2)


def failing_for(payment_id: UUID, error: BaseException) -> Any:
    async def settle(work: Work, wanted: Sequence[Any], **how: Any) -> Any:
        if payment_id in {each.payment_id for each in wanted}:
            raise error
        return await settle_payments(work, wanted, **how)

    return settle


async def test_one_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    many = await payments(5)
    messages = [await sent(callback(made, receipt=f"TC51AB{place:04}")) for place, made in enumerate(many)]
    monkeypatch.setattr(draining, "settle_payments", failing_for(many[2].id, ValueError("254700000001 is not to be shown")))
    with clock.clock_set_to(DUE_AT):
        assert await intake.drain() == 5
    states = [await state_of(message) for message in messages]
    assert states[2] == (MessageState.PARKED, "it could not be worked on: ValueError")
    assert {state for place, (state, _) in enumerate(states) if place != 2} == {MessageState.DONE}
    monkeypatch.undo()
    await drained(DUE_AT + timedelta(seconds=2))
    assert (await payment(many[2])).status is PaymentStatus.PAID
    await assert_integrity()


async def test_who_is_killed_in_the_midst_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = await a_payment()
    await sent(callback(made))
    monkeypatch.setattr(draining, "settle_payments", failing_for(made.id, asyncio.CancelledError()))
    with clock.clock_set_to(DUE_AT):
        async with nothing_happens():
            with pytest.raises(asyncio.CancelledError):
                await intake.drain()
        monkeypatch.undo()
        assert await intake.drain() == 1
    assert await credited() == {"TC51ABCD2E": (250_000, "PURPOSE")}


async def test_two_workers_share_what_there_is() -> None:
    many = await payments(24)
    for place, made in enumerate(many):
        await sent(callback(made, receipt=f"TC51AB{place:04}"))
        await sent(callback(made, receipt=f"TC51AB{place:04}"))
    with clock.clock_set_to(DUE_AT):
        counts = await at_once(intake.drain(16) for _ in range(3))
        while batch := await intake.drain(16):
            counts.append(batch)
    assert sum(counts) == 48
    assert len(await credited()) == 24
    await assert_integrity()


async def test_a_worker_reads_what_is_due() -> None:
    """By the task that was left with the message, and by the clock when there is none."""
    one, other = await payments(2)
    await sent(callback(one, receipt="TC51AB0001"), at=clock.now() - timedelta(seconds=3))
    await Runner().run_what_is_there()
    assert (await payment(one)).status is PaymentStatus.PAID
    await sent(callback(other, receipt="TC51AB0002"), at=clock.now() - timedelta(seconds=3))
    await database.execute("delete from job_task")
    assert await drain_what_was_left.run() == 1
    assert (await payment(other)).status is PaymentStatus.PAID


async def queued(made: Made, *, at: datetime = HEARD_AT, asks: bool = False) -> Reconciliation:
    row = Reconciliation(
        id=new_id(),
        payment_id=made.id,
        trigger=ReconTrigger.MANUAL_QUEUE,
        status=ReconStatus.QUEUED,
        asks=asks,
        due_at=at,
        queued_at=HEARD_AT,
        correlation_id=new_id(),
    )
    async with unit_of_work() as work:
        await row.save(force_create=True)
        await leave_drain(work, [at])
    return row


async def statuses(*rows: Reconciliation) -> list[ReconStatus]:
    return [(await Reconciliation.get(id=row.id)).status for row in rows]


async def test_reconciliations_that_wait_are_settled_when_their_turn_comes() -> None:
    made = await a_payment()
    await heard(callback(made))
    due, later, asking = await queued(made), await queued(made, at=DUE_AT), await queued(made, asks=True)
    with clock.clock_set_to(HEARD_AT):
        assert await waiting.settle_waiting() == 1
    assert await statuses(due, later, asking) == [ReconStatus.MATCHED, ReconStatus.QUEUED, ReconStatus.QUEUED]
    with clock.clock_set_to(DUE_AT):
        assert await waiting.settle_waiting() == 1
        assert await waiting.settle_waiting() == 0
    assert await statuses(later, asking) == [ReconStatus.MATCHED, ReconStatus.QUEUED]
    await assert_integrity()


async def test_a_reconciliation_that_fails_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = await payments(2)
    await heard(callback(one, receipt="TC51AB0001"))
    await heard(callback(other, receipt="TC51AB0002"))
    failing, going = await queued(one), await queued(other)
    monkeypatch.setattr(waiting, "settle_payments", failing_for(one.id, ValueError()))
    with clock.clock_set_to(DUE_AT):
        await waiting.settle_waiting()
        assert await statuses(failing, going) == [ReconStatus.QUEUED, ReconStatus.MATCHED]
        assert await waiting.settle_waiting() == 0
    monkeypatch.undo()
    with clock.clock_set_to(DUE_AT + timedelta(minutes=1)):
        assert await waiting.settle_waiting() == 1
    assert await statuses(failing) == [ReconStatus.MATCHED]


async def test_the_words_of_old_messages_are_forgotten() -> None:
    made = await a_payment()
    kept = settings.current().keep_bodies
    old = await heard(callback(made))
    recent = await heard(callback(made, 1032), at=HEARD_AT + timedelta(days=1))
    waits = await sent(callback("ws_CO_nobodys"))
    with clock.clock_set_to(HEARD_AT + kept + timedelta(seconds=1)):
        assert await forget_old_words.run() == 1
        assert await forget_old_words.run() == 0
    bodies = {message.id: message.body for message in await MpesaMessage.all()}
    assert bodies[old.id] is None and bodies[waits.id] is not None and bodies[recent.id] is not None
    assert (await payment(made)).status is PaymentStatus.PAID
