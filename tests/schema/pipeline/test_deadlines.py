"""Deadlines: one timer for all operations, and for each what ``asyncio.timeout`` would do."""

from __future__ import annotations

import asyncio

import pytest

from schema.pipeline.deadlines import Deadlines

SOON_S = 0.02
LONG_S = 30.0


async def at_work(deadlines: Deadlines, for_s: float = LONG_S) -> str:
    try:
        with deadlines.watch():
            await asyncio.sleep(for_s)
    except TimeoutError:
        task = asyncio.current_task()
        assert task is not None and task.cancelling() == 0, "the task may go on"
        await asyncio.sleep(0)
        return "late"
    return "in time"


@pytest.mark.attack("long operations", on="Pipeline")
async def test_what_takes_too_long_is_stopped_and_its_task_goes_on() -> None:
    assert await asyncio.wait_for(at_work(Deadlines(SOON_S)), 5) == "late"


async def test_what_is_done_in_time_is_left_alone_however_many_come() -> None:
    deadlines = Deadlines(SOON_S)
    for _ in range(3):
        assert await asyncio.gather(*(at_work(deadlines, SOON_S / 20) for _ in range(5))) == ["in time"] * 5
        await asyncio.sleep(SOON_S)


async def test_each_has_its_own_time() -> None:
    deadlines = Deadlines(0.2)
    first = asyncio.create_task(at_work(deadlines))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(at_work(deadlines))
    assert await first == "late"
    assert not second.done()
    assert await second == "late"


async def test_all_share_one_timer() -> None:
    deadlines = Deadlines(LONG_S)
    with deadlines.watch():
        timer = deadlines._timer
        assert timer is not None
        assert await asyncio.gather(*(at_work(deadlines, 0) for _ in range(5))) == ["in time"] * 5
        assert deadlines._timer is timer
    assert not deadlines._watched
    timer.cancel()


async def test_whoever_else_cancels_is_heard() -> None:
    deadlines = Deadlines(LONG_S)
    work = asyncio.create_task(at_work(deadlines))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not deadlines._watched


async def test_a_mistake_inside_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="ours"), Deadlines(LONG_S).watch():
        raise ValueError("ours")


def test_a_loop_that_is_over_takes_its_timer_with_it() -> None:
    deadlines = Deadlines(SOON_S)
    assert asyncio.run(at_work(deadlines, 0)) == "in time"
    assert asyncio.run(at_work(deadlines)) == "late"
