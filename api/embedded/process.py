"""The process of an embedded server: started apart from our terminal, stopped with us, awaited until it answers."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from api.embedded.place import EmbeddedServerError, Place

HANDOVER = Path(__file__).with_name("handover.py")
START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0
POLL_S = 0.005
LOG_TAIL_BYTES = 2_000
PORT_ATTEMPTS = 5


class ServerProcess:
    """A child that gets `stop_signal` when we ask it to stop, and from the kernel when we are killed.

    The kernel sends that signal when the *thread* that started the child ends. Each child therefore has a keeper
    thread that starts it and then waits for its end.
    """

    def __init__(self, command: Sequence[str | Path], *, place: Place, stop_signal: signal.Signals, lock: int) -> None:
        self.stop_signal = stop_signal
        self._log = place.log
        self._log_start = place.log.stat().st_size if place.log.exists() else 0
        started: Future[subprocess.Popen[bytes]] = Future()

        def keep() -> None:
            try:
                process = self._spawn(command, place=place, lock=lock)
            except BaseException as error:
                started.set_exception(error)
                return
            started.set_result(process)
            process.wait()

        self._keeper = threading.Thread(target=keep, daemon=True, name=f"keeper of {place.data.name}")
        self._keeper.start()
        self._process = started.result()

    def _spawn(self, command: Sequence[str | Path], *, place: Place, lock: int) -> subprocess.Popen[bytes]:
        account = place.account
        handover = [sys.executable, "-I", "-S", HANDOVER, os.getpid(), int(self.stop_signal)]
        with open(os.open(place.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            return subprocess.Popen(
                [str(part) for part in (*handover, account.user_id, account.group_id, *command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=plain_environment(),
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C in the terminal is ours to handle; the servers go last.
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return None if self._keeper.is_alive() else self._process.returncode

    def ended_within(self, limit_s: float) -> bool:
        self._keeper.join(limit_s)
        return not self._keeper.is_alive()

    def last_words(self) -> str:
        """The end of what it logged, for the error that says it would not start."""
        with self._log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, end - LOG_TAIL_BYTES))
            return f"The end of {self._log}:\n{log.read().decode(errors='replace').strip()}"

    def stop(self) -> None:
        """Ask, wait, and only then force. Nothing happens when it has ended already."""
        if self.exit_code is None:
            self._process.send_signal(self.stop_signal)
        if not self.ended_within(STOP_LIMIT_S):
            self._process.kill()
            self._keeper.join()


class EmbeddedServer:
    """A running server of ours. It ends with `stop`, and at the latest when this process ends."""

    def __init__(self, *, url: str, process: ServerProcess, place: Place) -> None:
        self.url = url
        self._process = process
        self._place = place

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Returns when the server is gone and its data are on disk; nothing happens when it has ended already."""
        if self._process.exit_code is None:
            self._place.url_file.unlink(missing_ok=True)
            self._process.stop()


def plain_environment() -> dict[str, str]:
    """Without our secrets, and without the PG... variables that a developer's shell may hold."""
    inherited = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return inherited | {"LC_ALL": "C", "TZ": "UTC"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_on_port(port: int | None, start: Callable[[int], ServerProcess]) -> tuple[ServerProcess, int]:
    """Start on the given port, or on a free one; somebody may take a free one before us, so we try again."""
    if port is not None:
        return start(port), port
    for attempt in range(1, PORT_ATTEMPTS + 1):
        port = free_port()
        try:
            return start(port), port
        except EmbeddedServerError as error:
            if "Address already in use" not in str(error) or attempt == PORT_ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def wait_until_ready(process: ServerProcess, name: str, is_ready: Callable[[], bool]) -> None:
    """Raise with the end of the log when the server ends or stays silent; it is stopped then."""
    give_up_at = time.monotonic() + START_LIMIT_S
    try:
        while not is_ready():
            if process.exit_code is not None:
                raise EmbeddedServerError(f"{name} did not start. {process.last_words()}")
            if time.monotonic() > give_up_at:
                raise EmbeddedServerError(f"{name} is not ready after {START_LIMIT_S:.0f} s. {process.last_words()}")
            time.sleep(POLL_S)
    except BaseException:
        process.stop()
        raise
