"""PostgreSQL from the wheel: what survives, what is refused, who may connect."""

import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from api.embedded import AlreadyRunning, EmbeddedServerError, start_postgres
from api.embedded.lock import is_locked
from api.embedded.place import find_place

QUICK = {"fsync": "off"}


@pytest.fixture
def data(home: Path) -> Path:
    return home / "postgres"


@pytest.fixture
def bystander(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A living process of the server's user that has nothing to do with us."""
    account = find_place(data).account
    user, group = (account.user_id, account.group_id) if os.geteuid() == 0 else (None, None)
    process = subprocess.Popen(["sleep", "600"], cwd="/", user=user, group=group)
    yield process
    process.kill()
    process.wait()


async def run(url: str, statement: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        if statement.startswith(("SELECT", "SHOW")):
            return str(await connection.fetchval(statement))
        await connection.execute(statement)
        return None
    finally:
        await connection.close()


async def test_data_survive_a_restart(data: Path) -> None:
    first = start_postgres(data, options=QUICK)
    await run(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()
    second = start_postgres(data, options=QUICK)
    assert await run(second.url, "SELECT answer FROM kept") == "42"
    assert (await run(second.url, "SHOW server_version") or "").startswith("18.")
    second.stop()


@pytest.mark.fault("the embedded PostgreSQL is killed")
async def test_data_survive_kill_9_of_the_server_and_a_restart_at_once(data: Path) -> None:
    first = start_postgres(data)
    await run(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    sleeper = await asyncpg.connect(first.url)
    os.kill(first.pid, signal.SIGKILL)
    second = start_postgres(data)
    first.stop()
    assert await run(second.url, "SELECT answer FROM kept") == "42"
    sleeper.terminate()
    second.stop()


async def test_a_pid_file_whose_number_is_in_use_again_is_a_leftover(data: Path, bystander: subprocess.Popen[bytes]) -> None:
    start_postgres(data, options=QUICK).stop()
    (data / "files" / "postmaster.pid").write_text(f"{bystander.pid}\n{data}/files\n")
    server = start_postgres(data, options=QUICK)
    assert await run(server.url, "SELECT 1") == "1"
    server.stop()
    assert bystander.poll() is None


async def test_a_cluster_that_was_only_begun_is_made_anew(data: Path) -> None:
    half_done = find_place(data).root / "files.new"
    half_done.mkdir()
    (half_done / "PG_VERSION").write_text("18")
    server = start_postgres(data, options=QUICK)
    assert await run(server.url, "SELECT 1") == "1"
    server.stop()
    assert not half_done.exists()


async def test_options_ports_and_listening_are_as_asked(data: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = start_postgres(data, port=port, options={"fsync": "off", "max_connections": "17"})
    assert f"@127.0.0.1:{port}/" in server.url
    assert await run(server.url, "SHOW max_connections") == "17"
    assert await run(server.url, "SHOW fsync") == "off"
    assert await run(server.url, "SHOW listen_addresses") == "127.0.0.1"
    assert await run(server.url, "SHOW TimeZone") == "UTC"
    server.stop()


async def test_only_who_can_read_our_home_can_connect(data: Path) -> None:
    server = start_postgres(data, options=QUICK)
    password = (data / "password").read_text()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await run(server.url.replace(password, "guess"), "SELECT 1")
    for secret in ("password", "url", "server.log"):
        assert stat.S_IMODE((data / secret).stat().st_mode) == 0o600
    server.stop()


def test_a_second_start_is_refused_and_the_first_goes_on(data: Path) -> None:
    server = start_postgres(data, options=QUICK)
    with pytest.raises(AlreadyRunning, match=rf"{data} is in use: process {os.getpid()} uses it. Stop it first"):
        start_postgres(data, options=QUICK)
    os.kill(server.pid, 0)
    server.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_a_start_that_fails_says_why_and_leaves_nothing(data: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL did not start(.|\n)*shared_buffers"):
        start_postgres(data, options={"shared_buffers": "plenty"})
    assert not is_locked(find_place(data))


def test_a_taken_port_is_refused(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EmbeddedServerError, match="Address already in use"):
            start_postgres(data, port=taken.getsockname()[1], options=QUICK)
    assert not is_locked(find_place(data))
