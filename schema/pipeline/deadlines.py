"""Deadlines: how long an operation may take, watched by one timer for all of them.

All operations of a server may take equally long, so they come to their ends in the order in which they began, and only the
oldest needs a timer. ``asyncio.timeout`` sets one for each, which costs more than running a small query.
"""

from __future__ import annotations

import asyncio
from types import TracebackType


class Deadlines:
    """One for a process; ``with deadlines.watch():`` raises TimeoutError when the block takes longer than ``after_s``."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        # Those at work, the oldest first, as dictionaries keep them.
        self._watched: dict[Watched, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def watch(self) -> Watched:
        return Watched(self)

    def began(self, watched: Watched, loop: asyncio.AbstractEventLoop) -> None:
        watched.due = loop.time() + self._after_s
        self._watched[watched] = None
        # The timer of a loop that is over rings no more.
        if self._timer is None or self._loop is not loop:
            self._loop = loop
            self._timer = loop.call_at(watched.due, self._look, loop)

    def ended(self, watched: Watched) -> None:
        self._watched.pop(watched, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what is over, and look again when the oldest of the others may be; with nobody at work, not at all."""
        self._timer = None
        now = loop.time()
        while self._watched:
            oldest = next(iter(self._watched))
            if oldest.due > now:
                self._timer = loop.call_at(oldest.due, self._look, loop)
                return
            del self._watched[oldest]
            oldest.end()


class Watched:
    """One block at work. It is cancelled when its time is over, and says TimeoutError then, as ``asyncio.timeout`` does."""

    __slots__ = ("_cancelling", "_deadlines", "_is_over", "_task", "due")

    due: float
    _task: asyncio.Task[object]
    _cancelling: int

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "what has a deadline is run by a task"
        self._task = task
        # Somebody else may be cancelling the task already, and must not lose that to us.
        self._cancelling = task.cancelling()
        self._deadlines.began(self, task.get_loop())

    def end(self) -> None:
        self._is_over = True
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._deadlines.ended(self)
        if self._is_over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from raised
