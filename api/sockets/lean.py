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

LOGGER: Final = "uvicorn.sockets"
"""Who speaks of each socket that opens and closes. Two lines for each cost as much as a quarter of all else that a socket
costs until its feed is open, and the metrics say it too, so their level is set apart (:func:`api.logs.configure_logs`)."""

_ASKED: Final = re.compile(r"self\.(queue|writable)\.(\w+)")
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
    """One socket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue: Any = Mailbox()
        self.writable: Any = Gate()
        self.writable.set()
        self.logger = self.conn.logger = _logger
        self.conn.debug = _logger.isEnabledFor(logging.DEBUG)


def socket_protocol() -> type[asyncio.Protocol]:
    """The protocol to run sockets with."""
    asked = set(_ASKED.findall(inspect.getsource(WebSocketsSansIOProtocol)))
    known = all(hasattr({"queue": Mailbox, "writable": Gate}[attribute], name) for attribute, name in asked)
    return LeanProtocol if asked and known else WebSocketsSansIOProtocol
