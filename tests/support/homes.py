"""Directories for embedded servers under test."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from api.embedded import remove_data

MEMORY = Path("/dev/shm")
ROOM_BYTES = 1_000_000_000


@contextmanager
def open_home() -> Iterator[Path]:
    """A home for `EmbeddedServers` that everybody may enter; it is deleted afterwards, wherever its data lie.

    In memory where there is room, because a new cluster is a thousand small files and some disks make them slowly.
    pytest's own temporary directories are private: root's servers would keep their files outside of them.
    """
    directory = Path(tempfile.mkdtemp(prefix="daftari-test-", dir=_where_there_is_room()))
    directory.chmod(0o755)
    try:
        yield directory / "home"
    finally:
        remove_data(directory / "home")
        shutil.rmtree(directory)


@contextmanager
def shared_home(run: str) -> Iterator[Path]:
    """The home that all processes of one test run have in common; the last of them deletes it."""
    directory = _where_there_is_room() / f"daftari-test-{run}"
    users = _enter(directory)
    try:
        yield directory / "home"
    finally:
        with users, suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_data(directory / "home")
            shutil.rmtree(directory)


@contextmanager
def alone(home: Path) -> Iterator[Path]:
    """Nobody else of the run does anything to the home meanwhile; the path given is a mark to leave when it is done."""
    with (home.parent / "alone").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home.parent / "done"


def _enter(directory: Path) -> IO[str]:
    """Its list of users, locked in common. Whoever finds that it was just deleted makes it anew."""
    while True:
        directory.mkdir(mode=0o755, exist_ok=True)
        with suppress(FileNotFoundError):
            users = (directory / "users").open("w")
            fcntl.flock(users, fcntl.LOCK_SH)
            if os.path.samestat(os.fstat(users.fileno()), (directory / "users").stat()):
                return users


def _where_there_is_room() -> Path:
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if in_memory else Path(tempfile.gettempdir())
