"""Coroutines run in place until they wait, and then by a task as if nothing had been."""

from __future__ import annotations

import asyncio

import pytest

from subscriptions.stepping import Finished, step


async def test_what_need_not_wait_is_finished_at_once() -> None:
    async def at_once() -> int:
        return 7

    assert step(at_once()) == Finished(7)


async def test_the_rest_gives_result_and_error() -> None:
    gate = asyncio.Event()

    async def later(fails: bool) -> str:
        await gate.wait()
        await asyncio.sleep(0)
        if fails:
            raise ZeroDivisionError
        return "done"

    good, bad = step(later(False)), step(later(True))
    assert not isinstance(good, Finished)
    assert not isinstance(bad, Finished)
    tasks = [asyncio.ensure_future(good), asyncio.ensure_future(bad)]
    gate.set()
    first, second = await asyncio.gather(*tasks, return_exceptions=True)
    assert first == "done"
    assert isinstance(second, ZeroDivisionError)


async def test_an_error_before_the_first_wait_is_raised_here() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step(fails())


async def test_cancelling_the_rest_reaches_the_coroutine() -> None:
    reached = asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            reached.set()
            raise

    rest = step(waits())
    assert not isinstance(rest, Finished)
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert reached.is_set()
