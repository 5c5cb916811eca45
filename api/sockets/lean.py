"""uvicorn's WebSocket protocol with less in it: an open socket that hears nothing should cost little memory, and thousands
that come back at once little time.

The queue and the event that uvicorn takes from asyncio are made for many readers and writers, and hold four kilobytes of
room for those; a socket has one of each. What takes their place has only what uvicorn asks of them. That is looked up in
uvicorn itself: where it asks for more, :func:`socket_protocol` names uvicorn's own protocol, which does the same.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import Protocol as ConnectionProtocol
from websockets.protocol import State

from api.sockets.handshake import Handshake, read_handshake

LOGGER: Final = "uvicorn.sockets"
"""Who speaks of each socket that opens and closes. Two lines for each cost as much as a quarter of all else that a socket
costs until its feed is open, and the metrics say it too, so their level is set apart (:func:`api.logs.configure_logs`)."""

_ASKED: Final = re.compile(r"self\.(queue|writable)\.(\w+)")
_TOUCHED_BY_CONNECTING: Final = {
    "app_state",
    "asgi_version",
    "client",
    "close_sent",
    "conn",
    "handshake_complete",
    "handshake_initiated",
    "loop",
    "on_task_complete",
    "queue",
    "request",
    "response",
    "root_path",
    "run_asgi",
    "scheme",
    "scope",
    "server",
    "tasks",
    "transport",
}
_MOST_WAITING: Final = 8

CLOSED_WITHIN_S: Final = 10.0
"""So long a client may take to answer a close frame. Then it is cut, whatever it has not taken yet."""

_logger: Final = logging.getLogger(LOGGER)


class Gate:
    """Open or shut, as :class:`asyncio.Event` is set or not."""

    __slots__ = ("_open", "_waiting")

    def __init__(self) -> None:
        self._open = False
        self._waiting: list[asyncio.Future[None]] | None = None

    def is_set(self) -> bool:
        return self._open

    def set(self) -> None:
        self._open = True
        waiting, self._waiting = self._waiting, None
        for each in waiting or ():
            if not each.done():
                each.set_result(None)

    def clear(self) -> None:
        self._open = False

    async def wait(self) -> bool:
        if not self._open:
            opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting = [each for each in self._waiting or () if not each.done()]
            self._waiting.append(opened)
            await opened
        return True


class Mailbox:
    """What has come for the one who reads, in its order, as in an unbounded :class:`asyncio.Queue`."""

    __slots__ = ("_arrived", "_messages")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._arrived: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._messages

    @property
    def is_full(self) -> bool:
        """The sender should wait: uvicorn stops reading."""
        return len(self._messages) >= _MOST_WAITING

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)

    async def get(self) -> Any:
        assert self._arrived is None, "a socket has one reader"
        while not self._messages:
            self._arrived = asyncio.get_running_loop().create_future()
            try:
                await self._arrived
            finally:
                self._arrived = None
        return self._messages.pop(0)


class LeanProtocol(WebSocketsSansIOProtocol):
    """One socket. A handshake of the usual kind is answered here (``_handshake``), any other by uvicorn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue: Any = Mailbox()
        self.writable: Any = Gate()
        self.writable.set()
        self.logger = self.conn.logger = _logger
        self.conn.debug = _logger.isEnabledFor(logging.DEBUG)
        self._handshake: Handshake | None = None

    def data_received(self, data: bytes) -> None:
        handshake = None
        if not self.handshake_initiated and not self.conn.available_extensions:
            handshake = read_handshake(data)
        if handshake is None:
            super().data_received(data)
        else:
            self._begin(handshake)

    async def send(self, message: Any) -> None:
        handshake, self._handshake = self._handshake, None
        if handshake is None or message["type"] != "websocket.accept" or self.disconnected:
            await super().send(message)
            self._watch_closing()
        elif not self.transport.is_closing():
            self.handshake_complete = True
            self.conn.state = State.OPEN
            more = [*self.default_headers, *message.get("headers", ())]
            self.transport.write(handshake.accepted(message.get("subprotocol"), more))
            self.start_keepalive()

    def _watch_closing(self) -> None:
        """Who does not answer the close frame is cut. uvicorn would wait for ever until what was sent before is read."""
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSED_WITHIN_S, self.transport.abort)

    def handle_text(self, event: Any) -> None:
        """Whoever reads here never waits for long, so that reading is not paused after each message."""
        if not event.fin or self.close_sent or self.queue.is_full:
            super().handle_text(event)
            return
        try:
            text = event.data.decode()
        except UnicodeDecodeError:
            super().handle_text(event)
        else:
            self.queue.put_nowait({"type": "websocket.receive", "text": text})

    def handle_ping(self) -> None:
        """Whoever asks for signs of life and takes none gets none: the answers would pile up here. A ping may be left
        unanswered when a later one is answered (RFC 6455, 5.5.3)."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def _begin(self, handshake: Handshake) -> None:
        """What uvicorn does when it has read a handshake and found it right."""
        self._handshake = handshake
        self.handshake_initiated = True
        # What follows is frames.
        self.conn.parser = ConnectionProtocol.parse(self.conn)
        next(self.conn.parser)
        root = self.root_path.encode("ascii")
        self.scope = {
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": self.scheme,
            "server": self.server,
            "client": self.client,
            "root_path": self.root_path,
            "path": (root + handshake.path).decode("ascii"),
            "raw_path": root + handshake.path,
            "query_string": handshake.query,
            "headers": handshake.headers,
            "subprotocols": handshake.subprotocols,
            "state": self.app_state.copy(),
            "extensions": {"websocket.http.response": {}},
        }
        self.queue.put_nowait({"type": "websocket.connect"})
        task = self.loop.create_task(self.run_asgi())
        task.add_done_callback(self.on_task_complete)
        self.tasks.add(task)


def socket_protocol() -> type[asyncio.Protocol]:
    """The protocol to run sockets with."""
    asked = set(_ASKED.findall(inspect.getsource(WebSocketsSansIOProtocol)))
    known = all(hasattr({"queue": Mailbox, "writable": Gate}[attribute], name) for attribute, name in asked)
    return LeanProtocol if asked and known and _shakes_hands_as_known() else WebSocketsSansIOProtocol


def _shakes_hands_as_known() -> bool:
    """Whether what happens at a handshake is what we do instead."""
    try:
        connecting = inspect.getsource(WebSocketsSansIOProtocol.handle_connect)
        sending = inspect.getsource(WebSocketsSansIOProtocol.send)
        opening = inspect.getsource(ConnectionProtocol.__init__)
    except (AttributeError, OSError, TypeError):
        return False
    return (
        set(re.findall(r"self\.(\w+)", connecting)) == _TOUCHED_BY_CONNECTING
        and "self.parser = self.parse()\n        next(self.parser)" in opening
        and all(part in sending for part in ("self.handshake_complete = True", "self.start_keepalive()"))
        and inspect.isgeneratorfunction(ConnectionProtocol.parse)
    )
