"""Homes for the embedded servers, and a second program that runs them so that it can be killed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.embedded import remove_data
from tests.support.homes import open_home

PROJECT = Path(__file__).resolve().parents[3]

LAUNCHER = """
import json, sys, time
from pathlib import Path
from api.embedded import EmbeddedServers
servers = EmbeddedServers.start(Path(sys.argv[1]))
pids = [servers.postgres.pid, servers.valkey.pid]
print(json.dumps({"pids": pids, "database_url": servers.database_url, "redis_url": servers.redis_url}), flush=True)
time.sleep(600)
"""


@dataclass
class Launcher:
    """Another program that runs the servers of a home."""

    process: subprocess.Popen[bytes]
    pids: list[int]
    database_url: str
    redis_url: str

    def kill(self) -> None:
        """As `kill -9` does it: no last word is possible."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def home() -> Iterator[Path]:
    with open_home() as directory:
        yield directory


@pytest.fixture
def private_directory() -> Iterator[Path]:
    """As /root is: nobody else may enter."""
    directory = Path(tempfile.mkdtemp(prefix="daftari-test-"))
    yield directory
    remove_data(directory / "home")
    shutil.rmtree(directory)


@pytest.fixture
def launch() -> Iterator[Callable[..., Launcher]]:
    """Start the servers of a home in another program."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(home: Path, *, python: str = sys.executable, path: str = "", user: int | None = None) -> Launcher:
        process = subprocess.Popen(
            [python, "-c", LAUNCHER, home],
            stdout=subprocess.PIPE,
            cwd="/",
            env={**os.environ, "PYTHONPATH": f"{path}:{PROJECT}"},
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        processes.append(process)
        assert process.stdout is not None
        return Launcher(process=process, **json.loads(process.stdout.readline()))

    yield start
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
