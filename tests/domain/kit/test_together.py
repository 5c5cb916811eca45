"""Questions that are asked together: nobody waits for company, and answers find who asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from domain.kit.together import AskedTogether


class Oracle:
    """Knows the squares of even numbers, and takes a moment."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.error: Exception | None = None

    async def __call__(self, numbers: Sequence[int]) -> dict[int, int]:
        self.asked.append(list(numbers))
        await asyncio.sleep(0.001)
        if self.error is not None:
            raise self.error
        return {number: number**2 for number in numbers if number % 2 == 0}


async def test_one_question_goes_out_alone_and_those_that_come_meanwhile_together() -> None:
    oracle = Oracle()
    together = AskedTogether(oracle)
    first = asyncio.create_task(together(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(together(number)) for number in (3, 4, 4)]
    assert await asyncio.gather(first, *others) == [4, None, 16, 16]
    assert oracle.asked == [[2], [3, 4]]
    assert await together(6) == 36


async def test_who_stops_waiting_and_what_fails_harms_nobody_else() -> None:
    oracle = Oracle()
    together = AskedTogether(oracle)
    asking = [asyncio.create_task(together(number)) for number in (2, 4)]
    await asyncio.sleep(0)
    asking[0].cancel()
    assert await asking[1] == 16
    oracle.error = ValueError("no")
    failed = await asyncio.gather(together(2), together(4), return_exceptions=True)
    assert [type(each) for each in failed] == [ValueError, ValueError]
    oracle.error = None
    assert await together(2) == 4
    with pytest.raises(asyncio.CancelledError):
        await asking[0]
