"""Both servers of one home: what becomes of them and of their data when things end in every possible way."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis

from api.embedded import AlreadyRunning, EmbeddedServers, remove_data, running_urls

LIMIT_S = 30.0
FORGETFUL = """
import sys
from pathlib import Path
from api.embedded import EmbeddedServers
print(EmbeddedServers.start(Path(sys.argv[1])).postgres.pid)
"""


async def note(database_url: str, redis_url: str, text: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
    await connection.execute("INSERT INTO notes VALUES ($1)", text)
    await connection.close()
    with redis.Redis.from_url(redis_url) as client:
        client.rpush("notes", text)


async def notes(database_url: str, redis_url: str) -> tuple[list[str], list[str]]:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT text FROM notes ORDER BY text")
    await connection.close()
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        return [row["text"] for row in rows], sorted(client.lrange("notes", 0, -1))


def processes_using(home: Path) -> list[int]:
    """Every process with this home in its command line or with a file of it open."""
    found = []
    for process in psutil.process_iter():
        try:
            named = any(str(home) in word for word in process.cmdline())
            opened = any(file.path.startswith(str(home)) for file in process.open_files())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if (named or opened) and process.pid != os.getpid():
            found.append(process.pid)
    return found


def assert_nothing_is_left(home: Path) -> None:
    """Sooner or later; the servers write their last checkpoint first."""
    give_up_at = time.monotonic() + LIMIT_S
    while processes_using(home) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    assert processes_using(home) == []


async def test_both_start_with_the_database_and_keep_their_data(home: Path) -> None:
    with EmbeddedServers.start(home) as servers:
        assert servers.database_url.endswith("/daftari")
        await note(servers.database_url, servers.redis_url, "first")
    assert_nothing_is_left(home)
    with EmbeddedServers.start(home) as servers:
        assert await notes(servers.database_url, servers.redis_url) == (["first"], ["first"])
    servers.stop()
    assert_nothing_is_left(home)


async def test_kill_9_of_the_parent_leaves_nothing_running_and_loses_nothing(home: Path, launch: Callable[..., Any]) -> None:
    launcher = launch(home)
    await note(launcher.database_url, launcher.redis_url, "before the kill")
    launcher.kill()
    assert_nothing_is_left(home)
    assert running_urls(home) is None
    with EmbeddedServers.start(home) as servers:
        assert await notes(servers.database_url, servers.redis_url) == (["before the kill"], ["before the kill"])


async def test_after_kill_9_of_the_parent_a_start_at_once_waits_for_the_dying_servers(
    home: Path, launch: Callable[..., Any]
) -> None:
    for round_number in range(3):
        launcher = launch(home)
        await note(launcher.database_url, launcher.redis_url, str(round_number))
        launcher.kill()
    with EmbeddedServers.start(home) as servers:
        kept = ["0", "1", "2"]
        assert await notes(servers.database_url, servers.redis_url) == (kept, kept)


def test_a_program_that_forgets_to_stop_them_leaves_nothing(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORGETFUL, home], check=True, capture_output=True, text=True)
    assert int(done.stdout) > 0
    assert_nothing_is_left(home)


def test_a_second_program_on_the_same_home_is_refused_but_may_join(home: Path, launch: Callable[..., Any]) -> None:
    assert running_urls(home) is None
    launcher = launch(home)
    with pytest.raises(AlreadyRunning, match=re.escape(f"process {launcher.process.pid} uses it")):
        EmbeddedServers.start(home)
    with pytest.raises(AlreadyRunning):
        remove_data(home)
    assert running_urls(home) == (launcher.database_url, launcher.redis_url)
    for pid in launcher.pids:
        os.kill(pid, 0)


def test_a_start_that_fails_halfway_stops_what_it_started(home: Path) -> None:
    home.mkdir()
    (home / "valkey").write_text("not a directory")
    with pytest.raises(OSError, match="valkey"):
        EmbeddedServers.start(home)
    assert_nothing_is_left(home)
    (home / "valkey").unlink()
