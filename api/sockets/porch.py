"""Letting in those who come back all at once: in groups, so that what each has to ask is asked for the whole group.

After a restart or a cut, thousands of sockets sign in within a second or two. One by one they would ask the database and
Redis thousands of questions; a group that goes in together asks one of each. Who comes at a usual time does not wait.
"""

from __future__ import annotations

import asyncio
from typing import Final

UNHURRIED: Final = 20
"""So many are let in at once before the others gather."""
TOGETHER_S: Final = 0.25


class Porch:
    """One for a process."""

    def __init__(self) -> None:
        self._let_in = 0
        self._counted_until = 0.0
        self._waiting: list[asyncio.Future[None]] = []

    async def enter(self) -> None:
        """Returns at once, or when the group goes in."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            now = loop.time()
            if now >= self._counted_until:
                self._counted_until, self._let_in = now + TOGETHER_S, 0
            self._let_in += 1
            if self._let_in <= UNHURRIED:
                return
            loop.call_at(self._counted_until, self._open)
        opened: asyncio.Future[None] = loop.create_future()
        self._waiting.append(opened)
        await opened

    def _open(self) -> None:
        """A large group is followed by another, as a rule, so after one nobody is let in alone."""
        group, self._waiting = self._waiting, []
        self._counted_until, self._let_in = asyncio.get_running_loop().time() + TOGETHER_S, len(group)
        for opened in group:
            if not opened.done():
                opened.set_result(None)
