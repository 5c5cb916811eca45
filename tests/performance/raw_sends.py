"""How often this machine can send to many sockets, with nothing else to do: the floor under every fan-out."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from typing import Final

SECONDS: Final = 2.0
_READ_BYTES: Final = 262_144


def sends_per_second(sockets: int, size: int, cores: set[int]) -> float:
    """One send() of so many bytes after the other, each to the next socket. The reader is a process on the other cores."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=4_096)
    reader = os.fork()
    if reader == 0:
        _read_all(listening.getsockname()[1], sockets)
    before = os.sched_getaffinity(0)
    try:
        accepted = [listening.accept()[0] for _ in range(sockets)]
        for each in accepted:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        os.sched_setaffinity(0, cores)
        return _send_for_a_while(accepted, b"x" * size)
    finally:
        os.sched_setaffinity(0, before)
        os.kill(reader, signal.SIGKILL)
        os.waitpid(reader, 0)
        listening.close()


def _send_for_a_while(sockets: list[socket.socket], text: bytes) -> float:
    sent, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < SECONDS:
        for each in sockets:
            each.send(text)
        sent += len(sockets)
    for each in sockets:
        each.close()
    return sent / elapsed


def _read_all(port: int, sockets: int) -> None:
    """A process of its own, until it is killed."""
    connected = [socket.create_connection(("127.0.0.1", port)) for _ in range(sockets)]
    poll, by_number = select.epoll(), {each.fileno(): each for each in connected}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            if not by_number[number].recv(_READ_BYTES):
                poll.unregister(number)
