"""A crew of servers on one port: shared out, looked after, drained together, and never left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from typer.testing import CliRunner

from api import cli
from api.processes.address import bound_to
from api.processes.crew import Crew, CrewNotStarted
from tests.support.servers import settings_for_tests

MEMBER = (sys.executable, "-m", "tests.api.processes.crew_member")
PATIENCE_S = 20.0

LOOKING_AFTER_ONE = f"""
import asyncio, socket
from api.processes.crew import Crew

async def main():
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        place.bind(("127.0.0.1", 0))
        await Crew(place, 1, say=lambda said: print(said, flush=True), stop=asyncio.Event(), command={MEMBER!r}).run()

asyncio.run(main())
"""


@asynccontextmanager
async def a_crew(size: int) -> AsyncIterator[tuple[int, asyncio.Event, asyncio.Task[None]]]:
    """A crew of which all answer: its port, what stops it, and its task."""
    said, stop = asyncio.Event(), asyncio.Event()
    with bound_to(settings_for_tests(port=0), shared=True) as place:
        crew = Crew(place, size, say=lambda line: said.set(), stop=stop, command=MEMBER)
        running = asyncio.create_task(crew.run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                await said.wait()
            yield place.getsockname()[1], stop, running
        finally:
            stop.set()
            await running


async def who_answers(port: int) -> int | None:
    """The process that takes a new connection; None when it ended before it could."""
    with suppress(ConnectionError, ValueError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return int(await reader.read())
        finally:
            writer.close()
    return None


async def all_who_answer(port: int, size: int) -> set[int]:
    found: set[int] = set()
    async with asyncio.timeout(PATIENCE_S):
        while len(found) < size:
            pid = await who_answers(port)
            found |= {pid} if pid is not None else set()
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while is_alive(pid):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.fault("a server of a crew is killed")
async def test_one_that_dies_is_replaced_and_all_stop_together() -> None:
    async with a_crew(2) as (port, stop, running):
        first, second = await all_who_answer(port, 2)
        os.kill(first, signal.SIGKILL)
        await gone(first)
        async with asyncio.timeout(PATIENCE_S):
            while (pid := await who_answers(port)) in (None, second):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert pid not in (None, first, second)
        stop.set()
        await running
    assert not any(is_alive(each) for each in (first, second, pid) if each is not None)
    assert await who_answers(port) is None


async def test_a_crew_that_cannot_start_says_so() -> None:
    with bound_to(settings_for_tests(port=0), shared=True) as place:
        crew = Crew(place, 2, say=print, stop=asyncio.Event(), command=(*MEMBER, "fails"))
        with pytest.raises(CrewNotStarted):
            await asyncio.wait_for(crew.run(), PATIENCE_S)


async def test_nobody_is_left_behind_when_the_one_who_looks_after_them_is_killed() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", LOOKING_AFTER_ONE, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    member = int((await asyncio.wait_for(parent.stdout.readline(), PATIENCE_S)).split()[-1])
    parent.kill()
    await parent.wait()
    await gone(member)


async def test_one_server_alone_does_not_share_its_address() -> None:
    with bound_to(settings_for_tests(port=0)) as place:
        place.listen()
        port = place.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            bound_to(settings_for_tests(port=port), shared=True)


@pytest.mark.parametrize(
    ("arguments", "chosen", "begun"),
    [
        ([], "1", ("server", False)),
        ([], "3", ("crew", 3)),
        (["--processes", "2"], "3", ("crew", 2)),
        (["--processes", "1"], "3", ("server", False)),
        (["--in-crew"], "3", ("server", True)),
    ],
)
def test_serve_runs_a_crew_where_several_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], chosen: str, begun: tuple[str, object]
) -> None:
    seen: list[tuple[str, object]] = []

    async def crew(settings: Any, size: int, **_: Any) -> None:
        seen.append(("crew", size))

    async def server(settings: Any, *, in_crew: bool, **_: Any) -> None:
        seen.append(("server", in_crew))

    monkeypatch.setenv("DAFTARI_PROCESSES", chosen)
    monkeypatch.setattr(cli, "settings_now", lambda: settings_for_tests())
    monkeypatch.setattr(cli, "serve_as_crew", crew)
    monkeypatch.setattr("api.processes.serve.serve", server)
    result = CliRunner().invoke(cli.cli, ["serve", *arguments])
    assert (result.exit_code, seen) == (0, [begun]), result.output
