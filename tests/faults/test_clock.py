"""The clock of a machine goes back an hour, or a day ahead and then right again: nothing is done twice, and nobody is let in
who may not be, or locked out for long."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from domain.identity.authentication import authenticate
from domain.identity.service import refresh_session
from domain.jobs.queue import Attempt, Payload
from domain.jobs.schedules import announce_schedules
from domain.kit import jobs
from domain.kit.clock import clock_set_to
from domain.kit.errors import IdempotencyKeyReused, Unauthenticated
from domain.kit.idempotency import forget_old_keys, once
from domain.kit.jobs import Job
from domain.kit.money import Money
from domain.wallets.queries import balances_of
from domain.wallets.service import transfer_funds, wallet_of
from tests.domain.jobs.queues import a_queue, a_runner, leave, task
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.people import a_user, actor_for, signed_in

pytestmark = pytest.mark.usefixtures("database")

BACK, AHEAD = -timedelta(hours=1), timedelta(days=1)
JUMPS = pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["an hour back", "a day ahead"])


@contextmanager
def off_by(jump: timedelta) -> Iterator[None]:
    """The clock of this process goes on, but wrongly."""
    with clock_set_to(lambda: datetime.now(UTC) + jump):
        yield


@JUMPS
@pytest.mark.fault("the clock jumps an hour back or a day ahead, and is put right: acts with keys")
async def test_a_key_is_worth_the_same(jump: timedelta) -> None:
    payer, payee = await a_user(name="Ravi Kapoor"), await a_user(name="Sita Mills")
    sending, receiving = await wallet_of(payer.id, "INR"), await wallet_of(payee.id, "INR")
    actor = await actor_for(payer)
    act = {"from_wallet_id": sending.id, "to_wallet_id": receiving.id, "amount": Money.of(7, "INR")}
    before = (await balances_of([receiving.id]))[receiving.id].balance
    first = await once("before", transfer_funds, actor, **act)
    with off_by(jump):
        assert (await once("before", transfer_funds, actor, **act)).replayed
        during = await once("during", transfer_funds, actor, **act)
        await forget_old_keys()
    again = await once("during", transfer_funds, actor, **act)
    assert (first.replayed, during.replayed, again.replayed) == (False, False, True)
    with pytest.raises(IdempotencyKeyReused):
        await once("during", transfer_funds, actor, **{**act, "amount": Money.of(8, "INR")})
    assert (await balances_of([receiving.id]))[receiving.id].balance == before + Money.of(14, "INR")
    positions = [logged.position for logged in await events_so_far()]
    assert positions == list(range(1, len(positions) + 1))
    await assert_integrity()


@JUMPS
@pytest.mark.fault("the clock jumps an hour back or a day ahead, and is put right: tokens")
async def test_tokens_are_taken_when_their_time_is(jump: timedelta) -> None:
    """A refresh token, which lives for weeks, gets its holder through; an access token is refused meanwhile, as one of
    another time is, and is good again when the clock is."""
    person = await a_user()
    before = await signed_in(person)
    with off_by(jump):
        with pytest.raises(Unauthenticated, match="not valid yet" if jump < timedelta() else "expired"):
            await authenticate(before.access_token)
        during = await refresh_session(refresh_token=before.refresh_token)
        assert (await authenticate(during.access_token)).id == person.id
    assert (await authenticate(before.access_token)).id == person.id
    with pytest.raises(Unauthenticated, match="expired" if jump < timedelta() else "not valid yet"):
        await authenticate(during.access_token)
    after = await refresh_session(refresh_token=during.refresh_token)
    assert (await authenticate(after.access_token)).session_id == before.session_id


@JUMPS
@pytest.mark.fault("the clock jumps an hour back or a day ahead, and is put right: leases of running work")
async def test_work_that_runs_is_left_to_whoever_does_it(jump: timedelta) -> None:
    """Leases follow the clock of the database."""
    began, may_end, runs = asyncio.Event(), asyncio.Event(), 0

    async def handle(payload: Payload, attempt: Attempt) -> None:
        nonlocal runs
        runs += 1
        began.set()
        await may_end.wait()

    with a_queue(handle) as queue:
        task_id = await leave(queue)
        first = asyncio.create_task(a_runner().run_what_is_there())
        await began.wait()
        with off_by(jump):
            assert await a_runner().run_what_is_there() == 0
            may_end.set()
            await first
        assert await a_runner().run_what_is_there() == 0
        assert (runs, (await task(task_id)).state.value) == (1, "DONE")
    await assert_integrity("jobs")


@pytest.mark.fault("the clock jumps an hour back or a day ahead, and is put right: schedules")
async def test_schedules_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour back: nothing is run again that has run at its time. A day ahead: what falls due is run once; and when the
    clock is right again, so are the schedules, and not only when the day is over."""
    runs: Counter[str] = Counter()

    def counting(name: str, schedule: str) -> Job:
        async def work() -> None:
            runs[name] += 1

        return Job(name, work, schedule, "Work of a test.")

    declared = [counting("tests.daily", "30 12 * * *"), counting("tests.often", "*/5 * * * *")]
    monkeypatch.setattr(jobs, "_jobs", {job.name: job for job in declared})
    noon = datetime(2030, 3, 4, 12, 0, 30, tzinfo=UTC)

    async def look(at: datetime) -> tuple[int, int]:
        """At this time the clock of a worker is as it is, and it looks twice at what is due."""
        with clock_set_to(at):
            await announce_schedules()
            await a_runner().run_what_is_there()
            await a_runner().run_what_is_there()
        return runs["tests.daily"], runs["tests.often"]

    one = timedelta(hours=1)
    assert await look(noon) == (0, 0)
    assert await look(noon + one) == (1, 1), "its time has come"
    assert await look(noon) == (1, 1), "an hour back: it is not due once more at the same time"
    assert await look(noon + one) == (1, 2), "what is due often goes on by the clock as it is now"
    assert await look(noon + one + AHEAD) == (2, 3), "ahead it is run as on that day"
    assert await look(noon + 2 * one) == (2, 3)
    assert await look(noon + 3 * one) == (2, 4), "what is due often does not wait until the day is over"
    assert await look(noon + one + AHEAD) == (2, 5), "what was done ahead of its day is not done again on it"
    assert await look(noon + one + 2 * AHEAD) == (3, 6)
