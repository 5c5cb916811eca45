"""One socket: what its client says and is told, from ``connection_init`` to the close."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import Enum
from typing import Any

import structlog

from api.refusals import error_of, errors_of
from api.sockets import messages
from api.sockets.caller import Caller, Shared
from api.sockets.closing import Closing
from api.sockets.messages import Complete, Init, Malformed, Message, Ping, Received, Subscribe
from api.sockets.operations import Operation
from api.sockets.pulse import Pulse
from api.sockets.quota import Place, places_of
from api.sockets.wire import Wire
from api.visitors import identified
from domain.identity.actor import Actor, Anonymous
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, Unauthenticated
from domain.kit.ids import new_id
from domain.kit.outages import is_outage
from schema.kit.ids import encode_id
from subscriptions.connection import Farewell, Send
from subscriptions.errors import TooManyFeeds
from subscriptions.member import Member
from subscriptions.parcels import Parcel
from subscriptions.shapes import Rendered
from subscriptions.stepping import start_task

MINUTE_S = 60.0

CLOSING_OF = {
    Farewell.REVOKED: Closing.FORBIDDEN,
    Farewell.TOO_SLOW: Closing.TOO_SLOW,
    Farewell.RESTARTING: Closing.RESTARTING,
}

logger = structlog.get_logger(__name__)


class State(Enum):
    """How far a socket has come."""

    OPEN = "accepted, nothing said yet"
    INITIALISING = "the token is looked at"
    ACKNOWLEDGED = "operations may be run"


class Socket(Caller):
    """Made when the handshake is over; nobody in particular until ``connection_init`` says who it is."""

    __slots__ = (
        "_heard",
        "_minute_ends_at",
        "_serving",
        "_state",
        "_transport",
        "_wire",
        "operations",
        "places",
        "pulse",
    )

    def __init__(self, shared: Shared, send: Send, address: str | None, *, transport: Any) -> None:
        super().__init__(shared, send, address)
        self.places: tuple[Place, ...] = ()
        self.operations: dict[str, Operation] = {}
        self.pulse = Pulse(self, shared.limits)
        self._state = State.OPEN
        self._heard = 0
        self._minute_ends_at = 0.0
        self._transport = transport
        self._wire = Wire.behind(send)
        self._serving = asyncio.current_task()

    # What the hub asks of a connection

    def deliver(self, member: Member, parcel: Parcel) -> None:
        wire = self._wire
        if wire is not None and wire.is_free and self._backlog is None and not self.closed:
            wire.write(member.prefix, parcel, messages.SUFFIX)
        else:
            super().deliver(member, parcel)

    def reply(self, message: Message, size: int, *, passing: bool = False) -> None:
        wire = self._wire
        if wire is not None and wire.is_free and self._backlog is None and not self.closed:
            wire.say(message["text"])
        else:
            super().reply(message, size, passing=passing)

    def next_message(self, member: Member, rendered: Rendered) -> Message:
        return messages.text_message((member.prefix + rendered.body + messages.SUFFIX).decode())

    def fail(self, member: Member, error: DomainError) -> None:
        logger.debug("feed_ended", feed=member.group.feed.name, code=error.code, correlation_id=str(member.id))
        self.say(messages.error_of(member.operation_id, [error_of(error, member.id)]))

    def farewell_message(self, reason: Farewell) -> Message:
        closing = CLOSING_OF[reason]
        self.shared.note_closing(closing)
        return closing.message()

    def abort(self) -> None:
        """At once if the server lets us; what it has not sent yet would otherwise be kept until the network gives up."""
        if self._transport is not None:
            self._transport.abort()
        elif self._serving is not None:
            self._serving.cancel()

    def end(self) -> None:
        if not self.closed:
            super().end()
            self.pulse.stop()
            for operation in list(self.operations.values()):
                operation.stop()
            self.operations.clear()
            self.shared.leave(self)
            self.shared.quota.release_all(self.places)

    # What is said to the client

    def ping(self) -> None:
        self.say(messages.ping_of(self._news()), passing=True)

    def _news(self) -> dict[str, Any]:
        """What every ping and pong tells. The cursor says that all before it was told, which nobody knows yet of a feed
        that is just being opened."""
        cursor = {} if self.operations else {"cursor": self.hub.cursor_for(self)}
        delayed = {"delayed": True} if self.hub.is_delayed else {}
        return {**cursor, **delayed, **self.pulse.expiry()}

    # What the client says

    def hear(self, text: str | None) -> None:
        """One message of the client; None when it was binary. Never waits."""
        if self.closed:
            return
        if text is None:
            self.close(Closing.MALFORMED, "messages are text, not binary")
        elif self._is_too_large(text):
            self.close(Closing.TOO_LARGE)
        elif self._says_too_much():
            self.close(Closing.TOO_MANY_MESSAGES)
        else:
            self.pulse.heard()
            try:
                self._take(messages.read(text, id_length=self.shared.limits.operation_id_length))
            except Malformed as problem:
                self.close(Closing.MALFORMED, str(problem))
            except Exception as problem:
                logger.exception("socket_failed", exc_info=problem)
                self.close(Closing.INTERNAL_ERROR)

    def _take(self, message: Received) -> None:
        match message:
            case Init():
                self._initialise(message)
            case Ping():
                self._answer(message)
            case Subscribe():
                self._run(message)
            case Complete():
                self._complete(message.id)

    def _initialise(self, message: Init) -> None:
        if self._state is not State.OPEN:
            self.close(Closing.TOO_MANY_INITIALISATIONS)
            return
        self._state = State.INITIALISING
        start_task(self._acknowledge(_authorization_in(message.payload)), name="connection-init")

    async def _acknowledge(self, authorization: str | None) -> None:
        try:
            actor = await self._admitted(authorization)
        except Unauthenticated as problem:
            self.close(Closing.FORBIDDEN, problem.message)
            return
        except Exception as problem:
            if is_outage(problem):
                logger.warning("socket_not_initialised", error=str(problem) or type(problem).__name__)
                self.close(Closing.UNAVAILABLE)
            else:
                logger.exception("socket_not_initialised", exc_info=problem)
                self.close(Closing.INTERNAL_ERROR)
            return
        if actor is None:
            self.close(Closing.TOO_MANY_SOCKETS)
        elif not self.closed:
            self.enter(actor)
            self._state = State.ACKNOWLEDGED
            self.pulse.begin(actor.expires_at)
            self.say(messages.ack_of(self._welcome(actor)))

    async def _admitted(self, authorization: str | None) -> Actor | None:
        """Who it is; None when they have too many sockets already."""
        await self.shared.porch.enter()
        actor = await self._identified(authorization)
        places = places_of(actor, self.address, self.shared.limits)
        if not await self.shared.quota.admit_all(places):
            return None
        if self.closed:
            self.shared.quota.release_all(places)
            return None
        self.places = places
        # While we waited, rights may have changed; nobody would tell a connection that has not entered yet.
        return await self._identified(authorization)

    async def _identified(self, authorization: str | None) -> Actor:
        """As the rights stand at the end of this: what the hub hears from now on is newer."""
        while True:
            news = self.hub.rights_news
            actor, problem = await identified(authorization, self.shared.authenticate, self.address)
            if problem is not None:
                raise problem
            if news == self.hub.rights_news:
                return actor

    def enter(self, actor: Actor) -> None:
        """From here on the socket is this actor's."""
        self.take_viewer(actor)
        self.hub.welcome(self)

    def ends_at(self, moment: datetime | None) -> None:
        self.pulse.renewed(moment)

    def _welcome(self, actor: Actor) -> dict[str, Any]:
        stranger = isinstance(actor, Anonymous)
        return {
            "userId": None if stranger else encode_id("User", actor.id),
            "name": None if stranger else actor.name,
            "roles": sorted(role.value for role in actor.roles),
            "serverTime": clock.now().isoformat().replace("+00:00", "Z"),
            "heartbeatSeconds": self.shared.limits.heartbeat_s,
            **self._news(),
        }

    def _answer(self, ping: Ping) -> None:
        authorization = _authorization_in(ping.payload)
        if authorization is None:
            self.say(messages.pong_of(self._news()))
        elif self._state is not State.ACKNOWLEDGED:
            self.close(Closing.NOT_INITIALISED)
        else:
            start_task(self._renew(authorization), name="renew-token")

    async def _renew(self, authorization: str) -> None:
        """A fresh token for the same user takes the place of the old one; feeds go on."""
        try:
            actor = await self._identified(authorization)
            if self.closed:
                return
            before = self.viewer.actor
            if actor.id != before.id:
                raise Forbidden("this token is another user's; open another socket for them")
            if actor.api_key_id != before.api_key_id:
                raise Forbidden("this is another API key; open another socket for it")
        except Exception as problem:
            error = errors_of(problem, new_id())[0]
            self.say(messages.pong_of({"renewed": False, "error": error, **self._news()}))
            return
        self.hub.take_for(self, actor)
        self.pulse.renewed(actor.expires_at)
        expires_at = actor.expires_at and actor.expires_at.isoformat().replace("+00:00", "Z")
        self.say(messages.pong_of({"renewed": True, "expiresAt": expires_at, **self._news()}))

    def _run(self, message: Subscribe) -> None:
        if self._state is not State.ACKNOWLEDGED:
            self.close(Closing.NOT_INITIALISED)
        elif message.id in self.members or message.id in self.operations:
            self.close(Closing.DUPLICATE_OPERATION, f"an operation with the id {message.id} is open already")
        elif self._is_full():
            refusal = TooManyFeeds(f"a socket has at most {self.shared.limits.operations} operations open")
            self.say(messages.error_of(message.id, [error_of(refusal, new_id())]))
        else:
            Operation(self, self.operations, message.id, message.parameters).start()

    def _complete(self, operation_id: str) -> None:
        operation = self.operations.pop(operation_id, None)
        if operation is not None:
            operation.stop()
        member = self.members.get(operation_id)
        if member is not None:
            self.hub.close(member)

    def _is_full(self) -> bool:
        return len(self.members.keys() | self.operations.keys()) >= self.shared.limits.operations

    def _is_too_large(self, text: str) -> bool:
        limit = self.shared.limits.message_bytes
        return len(text) > limit or (len(text) * 4 > limit and len(text.encode()) > limit)

    def _says_too_much(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now >= self._minute_ends_at:
            self._minute_ends_at = now + MINUTE_S
            self._heard = 0
        self._heard += 1
        return self._heard > self.shared.limits.messages_per_minute


def _authorization_in(payload: dict[str, Any]) -> str | None:
    for name, value in payload.items():
        if name.lower() == "authorization" and value is not None:
            return value if isinstance(value, str) else ""
    return None
