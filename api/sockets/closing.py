"""Why a socket is closed: the table that ``frontend-contract/catalogue/close-codes.md`` tells to clients.

The usual client library (npm ``graphql-ws``) connects again after 1006, 1012, 1013, 4403 and 4408, and gives up after
1009, 1011, 4400, 4401, 4406, 4409, 4429 and 4500. So a code is chosen by whether it makes sense to come back.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

_LONGEST_REASON_BYTES: Final = 123


class Closing(Enum):
    """A close code, and its usual reason."""

    TOO_LARGE = (1009, "the message is too large")
    RESTARTING = (1012, "this server restarts; connect again")
    TOO_MANY_SOCKETS = (1013, "too many sockets; try again later")
    UNAVAILABLE = (1013, "the database cannot be reached; try again later")
    TOO_SLOW = (1013, "this connection does not take its messages; connect again")
    MALFORMED = (4400, "this is not a message of the protocol")
    NOT_INITIALISED = (4401, "say connection_init first, and wait for connection_ack")
    FORBIDDEN = (4403, "what you signed in with is worth nothing any more")
    EXPIRED = (4403, "the token has expired and was not renewed")
    WRONG_SUBPROTOCOL = (4406, "the subprotocol is graphql-transport-ws")
    INITIALISATION_TIMEOUT = (4408, "connection_init did not come in time")
    NO_ANSWER = (4408, "the heartbeat was not answered in time")
    DUPLICATE_OPERATION = (4409, "an operation with this id is open already")
    TOO_MANY_INITIALISATIONS = (4429, "connection_init is said once")
    TOO_MANY_MESSAGES = (4429, "too many messages")
    INTERNAL_ERROR = (4500, "internal error")

    @property
    def code(self) -> int:
        return self.value[0]

    @property
    def reason(self) -> str:
        return self.value[1]

    def message(self, reason: str | None = None) -> dict[str, Any]:
        """The ASGI message that closes a socket so. A close frame has little room for its reason."""
        said = (reason or self.reason).encode()[:_LONGEST_REASON_BYTES].decode(errors="ignore")
        return {"type": "websocket.close", "code": self.code, "reason": said}
