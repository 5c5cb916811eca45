"""A Redis of one's own, to be killed and started again on the same port."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded import EmbeddedServer, start_valkey
from tests.support.homes import open_home


class MortalRedis:
    """A Valkey that a test may kill as ``kill -9`` does."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._server: EmbeddedServer | None = start_valkey(data)
        self.url = self._server.url
        self._port = int(self.url.rsplit(":", 1)[1].split("/")[0])

    def kill(self) -> None:
        if self._server is not None:
            os.kill(self._server.pid, signal.SIGKILL)
            self._server.stop()
            self._server = None

    def start(self) -> None:
        if self._server is None:
            self._server = start_valkey(self._data, port=self._port)


@contextmanager
def mortal_redis() -> Iterator[MortalRedis]:
    with open_home() as home:
        server = MortalRedis(home / "valkey")
        try:
            yield server
        finally:
            server.kill()
