"""What a message brings on belongs to the request that the payment began with, also where many are read in one batch."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.events.event import LoggedEvent
from domain.kit import database
from domain.kit.context import CallContext, call_context
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from domain.payments.intake.storing import leave_drain
from tests.domain.payments.intake.said import HEARD_AT, callback, drained, payment, sent
from tests.domain.payments.settling.factory import Made, a_payment
from tests.support.happenings import events_so_far

pytestmark = pytest.mark.usefixtures("database")


async def test_two_payments_of_one_batch_keep_their_own_ids_from_the_books_to_the_last_event() -> None:
    first, second = await a_payment(), await a_payment()
    short = callback(second, receipt="TC51ABCD2F", amount=2400)
    await sent(callback(first))
    await sent(short)
    await drained(HEARD_AT + timedelta(seconds=2))
    for made in (first, second):
        assert {logged.correlation_id for logged in await _about(made)} == {await _id_of(made)}
        written = await database.fetch(
            """select correlation_id from reconciliation where payment_id = $1
               union all select correlation_id from journal_entry where reference_id = $1""",
            made.id,
        )
        assert [row["correlation_id"] for row in written] == 2 * [await _id_of(made)]
    assert "payments.discrepancy_found" in {logged.name for logged in await _about(second)}


async def test_what_a_person_does_belongs_to_that_persons_act() -> None:
    made = await a_payment()
    await sent(callback(made))
    act = CallContext(correlation_id=new_id(), actor_id=new_id())
    with call_context(act):
        await drained(HEARD_AT + timedelta(seconds=2))
    assert {logged.correlation_id for logged in await _about(made)} == {act.correlation_id}


async def test_reading_what_is_due_is_nobodys_act() -> None:
    with call_context(CallContext(actor_id=new_id())):
        async with unit_of_work() as work:
            await leave_drain(work, [HEARD_AT])
    assert await database.fetchval("select requested_by from job_task") is None


async def _about(made: Made) -> list[LoggedEvent]:
    return [logged for logged in await events_so_far() if str(made.id) in logged.payload]


async def _id_of(made: Made) -> UUID:
    return (await payment(made)).correlation_id
