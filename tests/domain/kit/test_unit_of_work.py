"""The unit of work: all or nothing, joined when nested, never leaking a connection, retried when the database asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import pytest

from domain.events.event import Event, event
from domain.kit.context import CallContext, call_context
from domain.kit.database import execute, fetchval, pool
from domain.kit.ids import new_id
from domain.kit.unit_of_work import retried, unit_of_work, work_in_progress
from tests.support.happenings import events_so_far, nothing_happens

pytestmark = pytest.mark.usefixtures("database")


@event("test.noted")
@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    number: int

    def topics(self) -> Iterable[str]:
        return ["notes", f"note:{self.number}"]

    def audience(self) -> Iterable[str]:
        return ["everyone"]


async def test_rows_and_events_commit_together_with_who_and_why() -> None:
    call = CallContext(correlation_id=new_id(), actor_id=new_id(), address="192.0.2.1")
    with call_context(call):
        async with unit_of_work() as work:
            work.record(Noted(number=1), Noted(number=2))
    first, second = await events_so_far()
    assert (first.position + 1, first.fact, second.fact) == (second.position, Noted(number=1), Noted(number=2))
    assert (first.actor_id, first.correlation_id) == (call.actor_id, call.correlation_id)
    assert (first.topics, first.audience) == (("notes", "note:1"), frozenset({"everyone"}))


async def test_a_failure_takes_everything_back() -> None:
    async with nothing_happens():
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work() as work:
                await note_checkpoint("lost")
                work.record(Noted(number=1))
                raise ZeroDivisionError


async def test_a_nested_unit_joins_the_outer_one() -> None:
    async with nothing_happens():
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work() as outer:
                async with unit_of_work() as inner:
                    assert inner is outer
                    inner.record(Noted(number=1))
                raise ZeroDivisionError
    assert work_in_progress() is None


async def test_after_commit_is_called_only_after_a_commit() -> None:
    called: list[str] = []
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as work:
            work.after_commit(lambda: called.append("rolled back"))
            raise ZeroDivisionError
    async with unit_of_work() as work:
        work.after_commit(lambda: called.append("committed"))
    assert called == ["committed"]


async def test_a_part_that_fails_alone_leaves_the_rest() -> None:
    called: list[str] = []
    async with unit_of_work() as work:
        work.record(Noted(number=1))
        work.after_commit(lambda: called.append("whole"))
        with pytest.raises(ZeroDivisionError):
            async with work.savepoint():
                await note_checkpoint("lost")
                work.record(Noted(number=2))
                work.after_commit(lambda: called.append("part"))
                raise ZeroDivisionError
        async with work.savepoint():
            await note_checkpoint("kept")
            work.record(Noted(number=3))
    assert [logged.fact.number for logged in await events_so_far()] == [1, 3]
    assert called == ["whole"]
    assert await fetchval("select array_agg(listener) from event_checkpoint") == ["kept"]


async def test_cancellation_at_any_moment_leaks_no_connection() -> None:
    async def work_a_little() -> None:
        async with unit_of_work() as work:
            await work.execute("select pg_sleep(0.002)")
            work.record(Noted(number=1))

    for step in range(60):
        task = asyncio.create_task(work_a_little())
        await asyncio.sleep(step / 10_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert pool().get_idle_size() == pool().get_size()
    assert await fetchval("select count(*) from pg_stat_activity where state like 'idle in transaction%'") == 0


async def test_two_who_deadlock_both_succeed_in_the_end() -> None:
    await note_checkpoint("a")
    await note_checkpoint("b")
    meeting = asyncio.Barrier(2)

    @retried
    async def touch(first: str, second: str, attempts: list[str]) -> None:
        attempts.append(first)
        async with unit_of_work() as work:
            await work.execute("update event_checkpoint set position = position + 1 where listener = $1", first)
            if len(attempts) == 1:
                await meeting.wait()
            await work.execute("update event_checkpoint set position = position + 1 where listener = $1", second)

    one: list[str] = []
    two: list[str] = []
    await asyncio.gather(touch("a", "b", one), touch("b", "a", two))
    assert len(one) + len(two) == 3
    assert await fetchval("select sum(position) from event_checkpoint") == 4


async def note_checkpoint(name: str) -> None:
    await execute("insert into event_checkpoint values ($1, 0, 0, now())", name)


def test_ids_of_one_moment_are_ordered() -> None:
    ids: list[UUID] = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
