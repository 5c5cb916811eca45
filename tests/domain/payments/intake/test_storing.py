"""A message is kept as it came, whatever it is, and work is left that reads it two seconds later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.kit import clock, database
from domain.payments import intake
from domain.payments.events import MessageRejected
from domain.payments.models import MpesaMessage
from domain.payments.rules.wire import MAX_BODY
from domain.payments.states import MessageKind, MessageOrigin, MessageState
from tests.domain.payments.intake.said import ADDRESS, HEARD_AT, callback, drained, sent
from tests.domain.payments.settling.factory import a_payment
from tests.support.happenings import events_so_far

pytestmark = pytest.mark.usefixtures("database")


async def tasks() -> list[float]:
    """After how many seconds something is left to be done."""
    rows = await database.fetch("select run_after from job_task where name = 'payments.drain' order by run_after")
    return [(row["run_after"] - HEARD_AT).total_seconds() for row in rows]


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{}", b"null", b'{"Body": {"stkCallback": 7}}', b"x" * MAX_BODY])
async def test_whatever_comes_is_kept_word_by_word(body: bytes) -> None:
    kept = await MpesaMessage.get(id=(await sent(body)).id)
    assert (kept.body, kept.size_bytes, kept.state) == (body, len(body), MessageState.RECEIVED)
    assert (kept.kind, kept.origin, kept.source_address) == (MessageKind.STK_CALLBACK, MessageOrigin.WEBHOOK, ADDRESS)
    assert (kept.received_at, kept.work_at) == (HEARD_AT, HEARD_AT + timedelta(seconds=2))


async def test_messages_that_are_due_together_leave_one_task() -> None:
    for milliseconds in (10, 50, 130):
        await sent(b"{}", at=HEARD_AT + timedelta(milliseconds=milliseconds))
    assert await tasks() == [2.2]
    await sent(b"{}", at=HEARD_AT + timedelta(milliseconds=201))
    assert await tasks() == [2.2, 2.4]


async def test_nothing_is_read_before_it_is_due() -> None:
    made = await a_payment()
    message = await sent(callback(made))
    assert await drained(HEARD_AT + timedelta(seconds=1.999)) == 0
    assert await drained(HEARD_AT + timedelta(seconds=2)) == 1
    assert (await MpesaMessage.get(id=message.id)).state is MessageState.DONE


async def test_a_message_that_is_too_large_is_refused_and_reported() -> None:
    message = await sent(b"x" * (MAX_BODY + 1))
    assert (message.state, message.problem, message.size_bytes) == (MessageState.REFUSED, "TOO_LARGE", MAX_BODY + 1)
    assert len((await MpesaMessage.get(id=message.id)).body or b"") == MAX_BODY
    assert await drained(HEARD_AT + timedelta(hours=1)) == 0
    [told] = [logged.fact for logged in await events_so_far()]
    assert isinstance(told, MessageRejected) and (told.message_id, told.problem) == (message.id, "TOO_LARGE")


async def test_of_what_is_refused_unread_its_length_is_kept_as_far_as_there_is_room() -> None:
    for said, kept in ((70_000, 70_000), (10**20, 2**31 - 1), (0, 1)):
        message = await intake.keep_refused(
            kind=MessageKind.STK_CALLBACK, body=b"x", source_address=None, problem="TOO_LARGE", size_bytes=said
        )
        assert (await MpesaMessage.get(id=message.id)).size_bytes == kept


async def test_what_is_refused_at_the_door_is_kept_and_never_read() -> None:
    made = await a_payment()
    with clock.clock_set_to(HEARD_AT):
        refused = await intake.keep_refused(
            kind=MessageKind.STK_CALLBACK, body=callback(made), source_address="203.0.113.9", problem="FOREIGN_ADDRESS"
        )
    assert await drained(HEARD_AT + timedelta(hours=1)) == 0
    assert (await MpesaMessage.get(id=refused.id)).state is MessageState.REFUSED
    assert [logged.name for logged in await events_so_far()] == ["payments.message_rejected"]
