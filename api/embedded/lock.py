"""One server per place: a lock that a server holds exactly as long as it lives."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from api.embedded.place import EmbeddedServerError, Place, ours_alone

REFUSE_AFTER_S = 1.0
"""How long we wait for a running server whose launcher lives: it may just have been told to stop."""
DYING_LIMIT_S = 30.0
"""How long we wait for a server that outlived its launcher: it is writing its last checkpoint."""


class AlreadyRunning(EmbeddedServerError):
    """The data directory is in use by a server that another process started."""


@contextlib.contextmanager
def locked(place: Place) -> Iterator[int]:
    """The right to run a server in this place, as an open file.

    The server inherits the file and so keeps the lock exactly as long as one of its processes lives, whatever becomes
    of us. Having the lock therefore proves that no server runs here, and that any pid file is a leftover.
    """
    file = _open(place)
    try:
        _acquire(file, place)
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield file
    finally:
        os.close(file)


def is_locked(place: Place) -> bool:
    """Whether a server runs in this place."""
    file = _open(place)
    try:
        return not _try_lock(file)
    finally:
        os.close(file)


def _open(place: Place) -> int:
    with ours_alone(place.data):
        return os.open(place.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)


def _acquire(file: int, place: Place) -> None:
    started_at = time.monotonic()
    while not _try_lock(file):
        launcher_pid = int(os.pread(file, 20, 0) or b"0")
        alive = _is_alive(launcher_pid)
        if time.monotonic() - started_at > (REFUSE_AFTER_S if alive else DYING_LIMIT_S):
            holder = f"process {launcher_pid} uses it" if alive else "the server of a killed process still runs there"
            raise AlreadyRunning(
                f"{place.data} is in use: {holder}. Stop it first, or set DAFTARI_HOME to another directory."
            )
        time.sleep(0.01)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != 0
