"""Many subscribers in one lean program: ``python -m tests.performance.subscribers`` with its order as JSON on stdin.

It writes "ready" when all are subscribed, then ten dots for each event that all of them together have heard (so many
deliveries as there are subscribers), and when stdin ends, how many deliveries the luckiest and the unluckiest had. With an
order that is ``timed`` this includes when each delivery came, by the number of its event.

Sockets are read raw, and what came is searched for the sign of a delivery, not parsed: what measures must cost less than
what is measured.
"""

from __future__ import annotations

import json
import os
import re
import select
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from tests.performance.dialects import DIALECTS, Line

_OPENED_TOGETHER: Final = 200
_READ_BYTES: Final = 262_144
_buffer: Final = bytearray(2 * _READ_BYTES)
_view: Final = memoryview(_buffer)

_NUMBER: Final = re.compile(rb'"INV-(\d{8})"')
_LONGEST_NUMBER: Final = 14


class Subscriber:
    """One socket at work. The end of what came is looked at again with what comes next, for a sign, a number and a question
    may be cut in two; each is looked for from where it was not whole before."""

    __slots__ = ("_kept", "_line", "_longest", "_looked_at", "_questions", "_sign", "heard", "times")

    def __init__(self, line: Line, sign: bytes, questions: tuple[tuple[bytes, bytes], ...]) -> None:
        self._line = line
        self._sign = sign
        self._questions = questions
        self._longest = max(len(sign), _LONGEST_NUMBER, *(len(question) for question, _ in questions))
        self._kept = line.rest
        self._looked_at = 0
        self.heard = 0
        self.times: list[tuple[int, float]] = []

    def fileno(self) -> int:
        return self._line.socket.fileno()

    def take(self) -> int:
        """How many deliveries have come."""
        start, end = self._receive()
        count = _buffer.count(self._sign, _before(start, self._sign), end)
        self.heard += count
        return count

    def take_timed(self) -> int:
        """The same, and when each event came."""
        start, end = self._receive()
        now = time.monotonic()
        matches = list(_NUMBER.finditer(_buffer, max(0, start + 1 - _LONGEST_NUMBER), end))
        self.times += [(int(match[1]), now) for match in matches]
        self.heard += len(matches)
        return len(matches)

    def _receive(self) -> tuple[int, int]:
        """From where to where in the buffer is new. Questions are answered."""
        kept = len(self._kept)
        _buffer[:kept] = self._kept
        size = self._line.socket.recv_into(_view[kept : kept + _READ_BYTES])
        assert size, f"the server has closed the connection after {self._kept!r}"
        start, end = self._looked_at, kept + size
        for question, answer in self._questions:
            if _buffer.find(question, _before(start, question), end) >= 0:
                self._line.socket.sendall(answer)
        self._kept = bytes(_view[max(0, end + 1 - self._longest) : end])
        self._looked_at = len(self._kept)
        return start, end


def _before(start: int, text: bytes) -> int:
    """From where a text must be looked for that ends behind the start."""
    return max(0, start + 1 - len(text))


def _subscribed(order: dict[str, Any]) -> list[Subscriber]:
    """Some at a time. Those who are there already are asked whether they live before the last has come."""
    dialect, sign = DIALECTS[order["dialect"]], order["sign"].encode()
    subscribers: list[Subscriber] = []
    poll = select.epoll()

    def open_one(number: int) -> Subscriber:
        return Subscriber(dialect.open(order, number), sign, dialect.questions)

    with ThreadPoolExecutor(_OPENED_TOGETHER) as together:
        for start in range(0, order["sockets"], _OPENED_TOGETHER):
            opened = list(together.map(open_one, range(start, min(start + _OPENED_TOGETHER, order["sockets"]))))
            for each in opened:
                poll.register(each.fileno(), select.EPOLLIN)
            subscribers += opened
            by_number = {each.fileno(): each for each in subscribers} if (asking := poll.poll(0)) else {}
            for number, _ in asking:
                by_number[number].take()
    poll.close()
    return subscribers


def _follow(subscribers: list[Subscriber], *, timed: bool) -> None:
    """Until stdin ends."""
    poll = select.epoll()
    takes = {each.fileno(): each.take_timed if timed else each.take for each in subscribers}
    for number in (0, *takes):
        poll.register(number, select.EPOLLIN)
    everybody, tenths = len(subscribers), 0
    while True:
        for number, _ in poll.poll():
            if number == 0:
                return
            tenths += 10 * takes[number]()
        if tenths >= everybody:
            dots, tenths = divmod(tenths, everybody)
            os.write(1, b"." * dots)


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    subscribers = _subscribed(order)
    print("ready", flush=True)
    _follow(subscribers, timed=order.get("timed", False))
    heard = [subscriber.heard for subscriber in subscribers]
    times = [time for subscriber in subscribers for time in subscriber.times]
    print(json.dumps({"least": min(heard), "most": max(heard), "times": times}), flush=True)


if __name__ == "__main__":
    main()
