"""A message is kept as it came, and work is left that reads it two seconds later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from domain.jobs.queue import NewTask, enqueue_many
from domain.kit import clock
from domain.kit.context import CallContext, call_context, current_call
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, unit_of_work
from domain.payments.intake.letters import rejection_of
from domain.payments.models import MpesaMessage
from domain.payments.rules.timing import callback_work_due_at
from domain.payments.rules.wire import MAX_BODY
from domain.payments.states import MessageKind, MessageOrigin, MessageState

DRAIN: Final = "payments.drain"
"""The queue of work that reads what is due."""

BUCKET: Final = timedelta(milliseconds=200)
"""Messages that fall due within it are read together."""

LONGEST_ADDRESS: Final = 45
LONGEST_PROBLEM: Final = 200
MOST_BYTES: Final = 2**31 - 1
"""A message may say that it is of any length; that it is longer than this is not written down."""

_EPOCH: Final = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


async def store_message(
    *, kind: MessageKind, body: bytes, source_address: str | None, origin: MessageOrigin = MessageOrigin.WEBHOOK
) -> MpesaMessage:
    """Keep a message and leave the work to read it; in the unit of work in progress, if there is one.

    A body over 64 KiB is not kept whole: it is refused, and reported.
    """
    if len(body) > MAX_BODY:
        return await keep_refused(kind=kind, body=body, source_address=source_address, problem="TOO_LARGE", origin=origin)
    async with unit_of_work() as work:
        message = await keep_message(kind=kind, body=body, source_address=source_address, origin=origin)
        await leave_drain(work, [message.work_at])
    return message


async def keep_message(
    *, kind: MessageKind, body: bytes, source_address: str | None, origin: MessageOrigin = MessageOrigin.WEBHOOK
) -> MpesaMessage:
    """Keep a message, by one statement, for whoever leaves the work to read it himself: once for all that fall due together.
    Where that is not left after all, the job finds the message that looks every minute."""
    assert len(body) <= MAX_BODY, "what is longer is refused"
    message = _message(kind, body, source_address, origin, clock.now())
    await message.save(force_create=True)
    return message


async def keep_refused(
    *,
    kind: MessageKind,
    body: bytes,
    source_address: str | None,
    problem: str,
    origin: MessageOrigin = MessageOrigin.WEBHOOK,
    size_bytes: int = 0,
) -> MpesaMessage:
    """Keep what is not taken as a message, as far as there is room for it, and report it. Nothing is made of it.

    ``size_bytes`` is how long it is, when the body is not all of it.
    """
    now = clock.now()
    message = _message(kind, body, source_address, origin, now)
    message.size_bytes = min(max(size_bytes, len(body)), MOST_BYTES)
    message.state, message.problem, message.worked_at = MessageState.REFUSED, problem[:LONGEST_PROBLEM], now
    async with unit_of_work() as work:
        await message.save(force_create=True)
        work.record(rejection_of(message))
    return message


def _message(
    kind: MessageKind, body: bytes, source_address: str | None, origin: MessageOrigin, now: datetime
) -> MpesaMessage:
    return MpesaMessage(
        id=new_id(),
        kind=kind,
        origin=origin,
        source_address=source_address[:LONGEST_ADDRESS] if source_address else None,
        size_bytes=len(body),
        body=body[:MAX_BODY],
        received_at=now,
        work_at=callback_work_due_at(now),
        state=MessageState.RECEIVED,
        correlation_id=current_call().correlation_id,
    )


async def leave_drain(work: Work, moments: Iterable[datetime]) -> None:
    """Have what is due at these moments be read then: one task for all that fall due together, which is nobody's act."""
    tasks = {
        due: NewTask({}, dedupe_key=due.isoformat(timespec="milliseconds"), run_after=due)
        for due in sorted({end_of_bucket(moment) for moment in moments})
    }
    if tasks:
        with call_context(CallContext()):
            await enqueue_many(work, DRAIN, list(tasks.values()))


def end_of_bucket(moment: datetime) -> datetime:
    """The first end of a bucket that is not before the moment, so that nothing is read before it is due."""
    return moment + (_EPOCH - moment) % BUCKET
