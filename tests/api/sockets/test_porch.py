"""Who waits on the porch: nobody at usual times; of those who come back at once, all but the first, together."""

from __future__ import annotations

import asyncio

import pytest

from api.sockets import porch
from api.sockets.porch import UNHURRIED, Porch


async def test_a_crowd_goes_in_together_and_a_few_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(porch, "TOGETHER_S", 0.5)
    entrance, inside = Porch(), []

    async def come(number: int) -> None:
        await entrance.enter()
        inside.append(number)

    crowd = [asyncio.create_task(come(number)) for number in range(200)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside == list(range(UNHURRIED))
    crowd[50].cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    assert inside == [number for number in range(200) if number != 50]
    late = asyncio.create_task(come(200))
    await asyncio.sleep(0)
    assert not late.done(), "the next group gathers"
    await late


async def test_those_who_come_one_after_the_other_are_no_crowd_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the one before: they gather now and then, and do not each wait for a group."""
    monkeypatch.setattr(porch, "TOGETHER_S", 0.1)
    entrance, loop = Porch(), asyncio.get_running_loop()
    started = loop.time()
    for _ in range(3 * UNHURRIED):
        await entrance.enter()
    assert loop.time() - started < 1.0
