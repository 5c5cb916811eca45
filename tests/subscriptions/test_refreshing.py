"""When a state is shown, in a time of its own: never too soon after the one before, and always the last."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import example, given
from hypothesis import strategies as st

from subscriptions.groups import Group
from subscriptions.limits import HubLimits
from subscriptions.refreshing import Refresher

COALESCE_S = HubLimits().coalesce_s
A_MOMENT_S = 1e-6
"""Times are sums of floating numbers."""

moments = st.lists(st.floats(0, 1), min_size=1, max_size=40)
readings = st.lists(st.floats(0, 0.6), min_size=1, max_size=5)


class Timeless(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to whatever comes next, so that nothing waits and nothing depends on how fast it runs."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._now

    def jump(self, seconds: float | None) -> None:
        assert seconds is not None, "everybody waits for ever"
        self._now += max(0.0, seconds)


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: Timeless) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.jump(timeout)
        return super().select(0)


class Shown:
    """A group whose state takes a while to read; keeps when each reading began, and when what was read was shown."""

    def __init__(self, take_s: list[float], *, every_s: float | None = None) -> None:
        self.began: list[float] = []
        self.at: list[float] = []
        self.news: list[bool] = []
        self._take_s = take_s
        group = SimpleNamespace(live={"somebody"}, hub=SimpleNamespace(limits=HubLimits()))
        self.refresher = Refresher(cast(Group, group), self._refresh, every_s=every_s)

    async def _refresh(self, news: bool) -> None:
        self.began.append(now())
        self.news.append(news)
        await asyncio.sleep(self._take_s[len(self.began) % len(self._take_s)])
        self.at.append(now())


def now() -> float:
    return asyncio.get_running_loop().time()


def in_no_time(run: Callable[[], Awaitable[None]]) -> None:
    loop: Any = Timeless()
    try:
        loop.run_until_complete(run())
    finally:
        loop.close()


@given(moments, readings)
@example([0.0] * 30, [0.2, 0.0])
def test_in_a_storm_states_are_apart_and_the_last_change_is_shown(pauses: list[float], take_s: list[float]) -> None:
    """A reading that is slow is followed by one that is not: what counts is when they are shown."""
    shown = Shown(take_s)
    changed: list[float] = []

    async def storm() -> None:
        for pause in pauses:
            await asyncio.sleep(pause)
            changed.append(now())
            shown.refresher.soon()
        await asyncio.sleep(10)

    in_no_time(storm)
    assert all(later - earlier >= COALESCE_S - A_MOMENT_S for earlier, later in pairwise(shown.at))
    assert shown.began[-1] >= changed[-1], "the state is read after the last change"
    assert len(shown.at) <= len(changed)
    longest = max(take_s)
    for moment in changed:
        after = next(at for began, at in zip(shown.began, shown.at, strict=True) if began >= moment)
        assert after - moment <= COALESCE_S + 2 * longest + A_MOMENT_S, "and never too late"


@given(readings)
def test_a_change_after_silence_is_followed_at_once(take_s: list[float]) -> None:
    shown = Shown(take_s)

    async def two_changes() -> None:
        for moment in (5.0, 10.0):
            await asyncio.sleep(moment - now())
            shown.refresher.soon()
        await asyncio.sleep(10)

    in_no_time(two_changes)
    assert [round(began, 6) for began in shown.began] == [5.0, 10.0]


def test_a_fresh_state_comes_every_so_often_and_is_no_news() -> None:
    shown = Shown([0.5], every_s=5)

    async def one_change() -> None:
        shown.refresher.soon()
        await asyncio.sleep(16.8)
        shown.refresher.stop()

    in_no_time(one_change)
    assert [round(at, 6) for at in shown.at] == [0.5, 6.0, 11.5]
    assert shown.news == [True, False, False, False]
