"""Directories for embedded servers under test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded import remove_data

MEMORY = Path("/dev/shm")
ROOM_BYTES = 1_000_000_000


@contextmanager
def open_home() -> Iterator[Path]:
    """A home for `EmbeddedServers` that everybody may enter; it is deleted afterwards, wherever its data lie.

    In memory where there is room, because a new cluster is a thousand small files and some disks make them slowly.
    pytest's own temporary directories are private: root's servers would keep their files outside of them.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    directory = Path(tempfile.mkdtemp(prefix="daftari-test-", dir=MEMORY if in_memory else None))
    directory.chmod(0o755)
    try:
        yield directory / "home"
    finally:
        remove_data(directory / "home")
        shutil.rmtree(directory)
