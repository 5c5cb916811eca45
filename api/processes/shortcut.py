"""uvicorn's HTTP protocol with a shorter way for the everyday exchange: a whole request, and a whole answer to it.

A client that keeps its connection sends the same head with every request, byte for byte: what the parser found in it the
first time it would find again, so it is not asked again. An answer whose length is known is written once, head and body
together. And the timer of idle connections is set once, not for each request. Everything else (the first request, chunks,
pipelines, upgrades, streams) is uvicorn's own business.

What uvicorn leaves to proxies is bounded here, too: how large the head of a request may be, how long it may take, and how
long an answer is kept for somebody who does not take it.

This leans on parts of uvicorn that it does not promise to keep. They are looked at first: where they are not as expected,
:func:`http_protocol` names uvicorn's own protocol, which answers the same, slower and without these bounds.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

END_OF_HEAD: Final = b"\r\n\r\n"
LONGEST_REMEMBERED: Final = 4_096
"""Of heads, in bytes: each open connection remembers one."""

LOOK_AGAIN_S: Final = 0.05

HEAD_BYTES: Final = 64 * 1024
"""A head that is longer and not at its end is not read on. Whoever sends one need not be known, and uvicorn keeps it all."""

HEAD_WITHIN_S: Final = 20.0
"""A connection says what it wants within this time, and whoever has begun to say it ends within this time."""

LEFT_OVER_BYTES: Final = 2 * 1024 * 1024
"""Whoever was answered before they had said all may say so much more, and for HEAD_WITHIN_S: nobody listens."""

STALLED_S: Final = 30.0
"""Whoever takes nothing of an answer for so long is cut off. As much as there is for them would be kept for ever."""

TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"

_NOT_IN_NAMES: Final = re.compile(rb'[\x00-\x1f\x7f()<>@,;:\[\]={} \t\\"A-Z]')
_NOT_IN_VALUES: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_OF_THE_CONNECTION: Final = frozenset({b"connection", b"transfer-encoding"})
_SPECIAL: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_LENGTH: Final = re.compile(rb"\r\ncontent-length: ([0-9]{1,7})(?=\r\n)", re.IGNORECASE)
_MADE_OF: Final = {
    "scope",
    "transport",
    "flow",
    "logger",
    "access_logger",
    "access_log",
    "default_headers",
    "message_event",
    "expect_100_continue",
    "keep_alive",
    "on_response",
}


@dataclass(slots=True)
class Remembered:
    """The head of a request that came whole, up to the length that it tells and from there on, and the scope that uvicorn
    made of it. ``place`` is where among the headers the length stands."""

    before: bytes
    after: bytes
    scope: dict[str, Any]
    place: int

    def body_in(self, data: bytes) -> bytes | None:
        """The body of another request that comes whole under the same head, whatever its length; None if it does not."""
        if not data.startswith(self.before):
            return None
        start = len(self.before)
        end = data.find(b"\r", start, start + 8)
        body = data[end + len(self.after) :]
        return body if data.startswith(self.after, end) and data[start:end] == b"%d" % len(body) else None


class Cycle(RequestResponseCycle):
    """One request and its answer. The head of an answer waits for the body, if the head says how long that is."""

    _held: Any = None

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start" and not self.response_started:
            self._held = None
            if self.keep_alive and not self.access_log and _length_of(message) is not None:
                self._held = message
                return
        held, self._held = self._held, None
        if held is not None:
            if self._writes_whole(held, message):
                return
            await super().send(held)
        await super().send(message)

    def _writes_whole(self, start: Any, message: Any) -> bool:
        """Write head and body at once; False when uvicorn had better do it, which knows every special case."""
        body = message.get("body", b"")
        if (
            message["type"] != "http.response.body"
            or message.get("more_body", False)
            or len(body) != _length_of(start)
            or not self.keep_alive
            or self.disconnected
            or self.flow.write_paused
            or self.scope["method"] == "HEAD"
        ):
            return False
        head = _head(start["status"], self.default_headers + list(start["headers"]))
        if head is None:
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(head + body)
        self.message_event.set()
        self.on_response()
        return True


def _length_of(start: Any) -> int | None:
    for name, value in start.get("headers", ()):
        if name == b"content-length":
            return int(value) if value.isdigit() else None
    return None


def _head(status: int, headers: list[tuple[bytes, bytes]]) -> bytes | None:
    """The head of an answer as it is sent; None for one that says something about the connection, or is malformed."""
    names, values = zip(*headers, strict=True)
    if (
        _NOT_IN_NAMES.search(b"".join(names))
        or _NOT_IN_VALUES.search(b"".join(values))
        or not _OF_THE_CONNECTION.isdisjoint(names)
    ):
        return None
    lines = [httptools_impl.STATUS_LINE[status]]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"\r\n")
    return b"".join(lines)


class Protocol(HttpToolsProtocol):
    """One connection. ``_remembered`` is of the last request that came whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered: Remembered | None = None
        self._begun = self._completed = 0
        self._idle_since: float | None = None
        self._rang = False
        self._heads = self._head_bytes = self._left_over = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        known = self._remembered
        if known is not None and self._is_free():
            body = known.body_in(data)
            if body is not None:
                self._unset_keepalive_if_required()
                self._take(known, body)
                return
        begun, was_free = self._begun, self._begun == self._completed
        super().data_received(data)
        if self._heads != self._begun:
            self._has_read_of_head(len(data))
        elif self._begun != self._completed and self.cycle.response_complete:
            self._has_read_on(len(data))
        if was_free and self._begun == self._completed == begun + 1:
            self._remembered = self._head_of(data)

    def _is_free(self) -> bool:
        """Whether the parser is between two requests, and the last one was answered."""
        return self._begun == self._completed and self.cycle.response_complete and not self.transport.is_closing()

    def on_message_begin(self) -> None:
        self._begun += 1
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # What is said behind a body is no header, whatever it calls itself (RFC 9110, 6.5.1).
        if self._heads != self._begun:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._heads += 1
        self._head_bytes = self._left_over = 0
        self._has_come()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._completed += 1
        self._has_come()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        # The cycle was made by uvicorn; from here on it is ours, which has the same state and another way to answer.
        cycle.__class__ = Cycle
        super()._start_asgi_task(cycle, app)

    # The timer of an idle connection stays while requests come and go, and looks when it rings whether it rang too early.

    def on_response_complete(self) -> None:
        more_waits = bool(self.pipeline)
        if self.timeout_keep_alive_task is None or more_waits or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()
        self._idle_since = None if more_waits else self.loop.time()
        if self._begun != self._completed and self._head_timer is None:
            self._wait()

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None
        self._rang = False

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return
        left_s = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left_s <= 0 and not self._rang:
            # A process that could not run for a while has timers that ring before it has read what came meanwhile.
            self._rang = True
            left_s = LOOK_AGAIN_S
        if left_s > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left_s, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self.timeout_keep_alive_task, self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self.timeout_keep_alive_task = self._head_timer = self._stall_timer = None

    # An answer, while it is not taken.

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_after(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _look_after(self, waiting_bytes: int) -> None:
        self._stall_timer = self.loop.call_later(STALLED_S, self._has_stalled, waiting_bytes)

    def _has_stalled(self, waiting_bytes: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < waiting_bytes:
            self._look_after(left)
        else:
            self._stall_timer = None
            self.transport.abort()

    # The head of a request, while it comes, and the rest of one that was answered.

    def _has_read_of_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES:
            self._hang_up(TOO_LARGE)
        elif self._head_timer is None:
            self._wait()

    def _has_read_on(self, size: int) -> None:
        self._left_over += size
        if self._left_over > LEFT_OVER_BYTES:
            self._hang_up(b"")

    def _has_come(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _wait(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_WITHIN_S, self._is_late, False)

    def _is_late(self, looked_again: bool) -> None:
        self._head_timer = None
        if looked_again:
            # Browsers open connections that they may need, and would show what such a one is told as the answer to a page.
            self._hang_up(TOO_SLOW if self._heads != self._begun else b"")
        else:
            # As with the timer of idle connections: what came meanwhile is read first.
            self._head_timer = self.loop.call_later(LOOK_AGAIN_S, self._is_late, True)

    def _hang_up(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()

    def _head_of(self, data: bytes) -> Remembered | None:
        """What has just been read, if it was one request with a body of the length that its head tells."""
        end = data.find(END_OF_HEAD)
        named = _LENGTH.findall(data, 0, end + len(END_OF_HEAD)) if 0 < end <= LONGEST_REMEMBERED else []
        names = [name for name, _ in self.headers]
        if (
            len(named) != 1
            or names.count(b"content-length") != 1
            or not _SPECIAL.isdisjoint(names)
            or not self.cycle.keep_alive
            or self.limit_concurrency is not None
        ):
            return None
        found = _LENGTH.search(data)
        assert found is not None
        head = bytes(data[: end + len(END_OF_HEAD)])
        known = Remembered(head[: found.start(1)], head[found.end(1) :], {**self.scope}, names.index(b"content-length"))
        # What we make of the same bytes is what the parser has made of them, or nothing is remembered.
        return known if known.body_in(data) is not None else None

    def _take(self, known: Remembered, body: bytes) -> None:
        """A request whose head is known: what follows when the parser has read one."""
        self.headers = known.scope["headers"].copy()
        self.headers[known.place] = (b"content-length", str(len(body)).encode())
        self.scope = {**known.scope, "headers": self.headers, "state": self.app_state.copy()}  # type: ignore[typeddict-item]
        come = asyncio.Event()
        come.set()
        self.cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=come,
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        self.cycle.body = bytearray(body)
        self.cycle.more_body = False
        self._start_asgi_task(self.cycle, self.app)


def http_protocol() -> type[HttpToolsProtocol] | str:
    """What to configure uvicorn with: the protocol above, or by name uvicorn's own if that is not as we know it."""
    return Protocol if _is_as_known() else "httptools"


def _is_as_known() -> bool:
    try:
        made_of = set(inspect.signature(RequestResponseCycle.__init__).parameters) - {"self"}
        started_with = [*inspect.signature(HttpToolsProtocol._start_asgi_task).parameters]
    except (AttributeError, ValueError, TypeError):
        return False
    callbacks = (
        "on_message_begin",
        "on_header",
        "on_headers_complete",
        "on_message_complete",
        "on_response_complete",
        "timeout_keep_alive_handler",
        "_unset_keepalive_if_required",
    )
    return (
        made_of == _MADE_OF
        and started_with == ["self", "cycle", "app"]
        and all(callable(getattr(HttpToolsProtocol, name, None)) for name in callbacks)
        and isinstance(getattr(httptools_impl, "STATUS_LINE", None), dict)
    )
