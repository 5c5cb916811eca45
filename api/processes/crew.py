"""A crew: several servers on one port, each a process of its own, and this one that looks after them.

The system shares connections out among all who listen on the port (SO_REUSEPORT). A server that dies is started again, the
others go on meanwhile; when the crew is asked to stop, all drain at once. Each server has its own hub, its own connections
to the database, its own budgets of points and its own metrics.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from api.processes.address import bound_to
from api.processes.stopping import stop_signals
from api.processes.supervision import keep_running

if TYPE_CHECKING:
    from api.settings import Settings

DRAIN_LIMIT_S: Final = 30.0
"""A server that has not drained by then is stopped without."""

SERVE: Final = (sys.executable, "-m", "api.cli", "serve", "--in-crew")

logger = structlog.get_logger(__name__)


class CrewNotStarted(Exception):
    """A server ended before any of the crew had answered; what was wrong it has said itself."""


class MemberEnded(Exception):
    """A server ended that nobody had asked to."""


async def serve_as_crew(settings: Settings, size: int, *, say: Callable[[str], object]) -> None:
    """Run ``size`` servers until SIGINT or SIGTERM."""
    stop = stop_signals()
    # The address is held from the start to the end, so that nobody takes it while a server is started anew.
    with bound_to(settings, shared=True) as place:
        await Crew(place, size, say=say, stop=stop).run()


class Crew:
    """``place`` holds the port for the crew, and listens to nobody itself. ``command`` starts one server."""

    def __init__(
        self,
        place: socket.socket,
        size: int,
        *,
        say: Callable[[str], object],
        stop: asyncio.Event,
        command: Sequence[str] = SERVE,
    ) -> None:
        self._port = place.getsockname()[1]
        self._size = size
        self._say = say
        self._stop = stop
        self._command = command
        self._listening: set[int] = set()
        self._has_answered = False
        self._failed = False

    async def run(self) -> None:
        members = [
            asyncio.create_task(keep_running(f"server {number}", partial(self._member, number)))
            for number in range(1, self._size + 1)
        ]
        try:
            await self._stop.wait()
        finally:
            for member in members:
                member.cancel()
            await asyncio.gather(*members, return_exceptions=True)
        if self._failed:
            raise CrewNotStarted("the servers did not start")

    async def _member(self, number: int) -> None:
        """One server, from its start to its end."""
        process = await self._started()
        try:
            address = await _first_line(process)
            if address:
                self._note_listening(number, address)
            code = await process.wait()
        except asyncio.CancelledError:
            await _ended(process)
            raise
        finally:
            self._listening.discard(number)
        if not self._has_answered:
            self._failed = True
            self._stop.set()
        raise MemberEnded(f"exit code {code}")

    async def _started(self) -> Process:
        # In a session of its own: Ctrl-C in the terminal is ours to handle. Its input is a leash: when this process is gone,
        # however that came, the input ends, and the server with it.
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "DAFTARI_PORT": str(self._port)},
            start_new_session=True,
        )

    def _note_listening(self, number: int, address: str) -> None:
        self._listening.add(number)
        self._has_answered = True
        if len(self._listening) == self._size:
            self._say(f"{self._size} processes: {address}")


async def _first_line(process: Process) -> str:
    """What a server says when it listens; nothing if it ends before."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def _ended(process: Process) -> None:
    """Ask, wait, and only then force."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(DRAIN_LIMIT_S):
            await process.wait()
    except TimeoutError:
        logger.warning("server_did_not_drain", pid=process.pid)
        process.kill()
        await process.wait()
