"""What the server says last: that it ends a connection, also one that nobody is asking anything.

The driver notes such a word only when somebody waits for an answer. Otherwise it goes on taking the connection for a good
one until the socket closes, which is some milliseconds later, or many on a busy machine; whoever borrowed it meanwhile
would be told of a failure inside of the driver. So each connection of the pool is heard on the way to the driver.
"""

from __future__ import annotations

import asyncio
import re
import weakref
from typing import Any, Final, Protocol

# An error response whose severity, as it is told to programs, ends the session: its length, the severity in the server's
# language, and the severity itself. https://www.postgresql.org/docs/current/protocol-error-fields.html
FATAL: Final = b"\0VFATAL\0"
_LAST_WORD: Final = re.compile(rb"E(.{4})S[^\0]{1,40}\0VFATAL\0", re.DOTALL)


class Ending(Protocol):
    def terminate(self) -> None: ...


def ends_the_session(data: bytes) -> bool:
    """Whether the last message in what a server sent is the one after which it sends nothing more."""
    if FATAL not in data:
        return False
    # What only looks like it, in a column of bytes, does not end where the whole ends.
    return any(found.start() + 1 + int.from_bytes(found[1], "big") == len(data) for found in _LAST_WORD.finditer(data))


class Overheard(asyncio.Protocol):
    """Hands everything on to the driver, and ends a connection here as soon as the server has ended it there."""

    def __init__(self, driver: Any, connection: Ending) -> None:
        self._driver, self._hand_on = driver, driver.data_received
        # The driver must be able to see that nobody holds the connection any more.
        self._connection = weakref.ref(connection)

    def data_received(self, data: bytes) -> None:
        self._hand_on(data)
        if ends_the_session(data) and (connection := self._connection()) is not None:
            connection.terminate()

    def connection_lost(self, exc: Exception | None) -> None:
        self._driver.connection_lost(exc)

    def pause_writing(self) -> None:
        self._driver.pause_writing()

    def resume_writing(self) -> None:
        self._driver.resume_writing()
