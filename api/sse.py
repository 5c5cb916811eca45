"""GraphQL over server-sent events: one operation per request, in the distinct connections mode of ``graphql-sse``.

Every item carries its cursor as the event's ``id``, so that ``Last-Event-ID`` resumes a feed where it was cut. A stream
that ends without ``complete`` was cut, and its client comes back: after a restart, when the token's time is over or it was
revoked, and when the client did not take its messages. Whoever may not come back is told so then.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from prometheus_client import Counter, Gauge
from starlette.types import Receive, Scope, Send

from api.http import answer_refused, rate_headers, read_request
from api.negotiation import JSON
from api.refusals import error_of, errors_of
from api.sockets.quota import SocketQuota, places_of
from api.visitors import SERVERS_SEND, Visitor, header, transport_of, visitor_of
from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.errors import DomainError
from schema.kit.context import Authenticate, Context
from schema.pipeline import Pipeline, Request, RequestRefused
from schema.pipeline.prepared import Prepared
from subscriptions.connection import Connection, Farewell, Message
from subscriptions.errors import ShuttingDown
from subscriptions.feed import Subscription
from subscriptions.hub import Hub
from subscriptions.limits import ConnectionLimits, SocketLimits
from subscriptions.member import Member
from subscriptions.shapes import Rendered

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept"),
    # Proxies that collect a response before they pass it on would hold up the events.
    (b"x-accel-buffering", b"no"),
]
COMPLETE: Final = b"event: complete\ndata: \n\n"
RETRY_AFTER_S: Final = 5

OPEN_STREAMS: Final = Gauge("daftari_streams_open", "Event streams of feeds that are open.")
ENDED_STREAMS: Final = Counter(
    "daftari_streams_ended_total", "Event streams of feeds that this server has ended or turned away, by why.", ["why"]
)
TOO_MANY: Final = "too_many"
EXPIRED: Final = "expired"
FAILED: Final = "failed"


def note_end(why: str) -> None:
    ENDED_STREAMS.labels(why.lower()).inc()


class EventStream:
    """The ASGI application for requests to ``/graphql`` that accept ``text/event-stream``."""

    def __init__(
        self,
        pipeline: Pipeline,
        hub: Hub,
        authenticate: Authenticate,
        *,
        max_body_bytes: int,
        quota: SocketQuota | None = None,
        limits: SocketLimits | None = None,
        connection_limits: ConnectionLimits | None = None,
        trusted_proxies: int = 0,
    ) -> None:
        self._pipeline = pipeline
        self._hub = hub
        self._authenticate = authenticate
        self._max_body_bytes = max_body_bytes
        self._quota = quota or SocketQuota(None)
        self._limits = limits or SocketLimits()
        self._connection_limits = connection_limits or ConnectionLimits()
        self._trusted_proxies = trusted_proxies
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await read_request(scope, receive, self._max_body_bytes)
            visitor = await visitor_of(scope, self._authenticate, trusted_proxies=self._trusted_proxies)
            prepared = self._prepare(request, may_write=scope["method"] == "POST")
        except RequestRefused as refused:
            await answer_refused(scope, send, refused, JSON)
            return
        if isinstance(prepared, RequestRefused):
            await _tell_all(send, orjson.dumps({"errors": errors_of(prepared, visitor.call.correlation_id)}))
        elif prepared.is_subscription:
            await self._follow(scope, receive, send, prepared, request, visitor)
        else:
            await self._answer(send, prepared, request, visitor)

    def _prepare(self, request: Request, *, may_write: bool) -> Prepared | RequestRefused:
        """Refusals of the document are told within the stream, as the protocol wants it."""
        try:
            prepared = self._pipeline.prepare(request)
        except RequestRefused as refused:
            return refused
        if prepared.is_mutation and not may_write:
            raise RequestRefused.because("BAD_REQUEST", "a mutation needs POST", status=405)
        return prepared

    async def _answer(self, send: Send, prepared: Prepared, request: Request, visitor: Visitor) -> None:
        try:
            result = await self._pipeline.execute(prepared, request, self._context(visitor))
        except RequestRefused as refused:
            errors = errors_of(refused, visitor.call.correlation_id)
            await _tell_all(send, orjson.dumps({"errors": errors}), rate_headers(refused.spent))
        else:
            await _tell_all(send, result.to_bytes(), rate_headers(result.spent))

    async def _follow(
        self, scope: Scope, receive: Receive, send: Send, prepared: Prepared, request: Request, visitor: Visitor
    ) -> None:
        try:
            subscription = await self._pipeline.subscribe(prepared, request, self._context(visitor))
        except (RequestRefused, DomainError) as problem:
            await _tell_all(send, orjson.dumps({"errors": errors_of(problem, visitor.call.correlation_id)}))
            return
        resumed_at = header(scope, b"last-event-id")
        if resumed_at:
            subscription = dataclasses.replace(subscription, after=resumed_at)
        if self._hub.draining:
            await self._turn_away(scope, send, Farewell.RESTARTING.name)
        elif self._open >= self._limits.sockets_per_process:
            await self._turn_away(scope, send, TOO_MANY)
        else:
            # Counted before anything is waited for, or all who come at once would find the last place free.
            self._open += 1
            try:
                await self._admit(scope, receive, send, subscription, visitor)
            finally:
                self._open -= 1

    async def _admit(self, scope: Scope, receive: Receive, send: Send, subscription: Subscription, visitor: Visitor) -> None:
        places = places_of(visitor.actor, visitor.call.address, self._limits)
        if not await self._quota.admit_all(places):
            await self._turn_away(scope, send, TOO_MANY)
            return
        try:
            with OPEN_STREAMS.track_inprogress():
                await self._stream(scope, receive, send, subscription, visitor)
        finally:
            self._quota.release_all(places)

    @staticmethod
    async def _turn_away(scope: Scope, send: Send, why: str) -> None:
        note_end(why)
        refused = RequestRefused.because("BUSY", "too many streams; try again later", 503, retry_after_s=RETRY_AFTER_S)
        await answer_refused(scope, send, refused, JSON)

    async def _stream(
        self, scope: Scope, receive: Receive, send: Send, subscription: Subscription, visitor: Visitor
    ) -> None:
        actor = await self._actor_now(scope)
        transport = transport_of(scope.get(SERVERS_SEND, send))
        stream = Stream(
            self._hub, send, actor, self._connection_limits, self._limits.heartbeat_s, transport, visitor.call.correlation_id
        )
        self._hub.welcome(stream)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        gone = asyncio.ensure_future(_until_gone(receive))
        opening = asyncio.create_task(stream.open(subscription))
        try:
            # A client that goes away while it is told the past stops the telling.
            await asyncio.wait({gone, opening}, return_when=asyncio.FIRST_COMPLETED)
            await gone
        except asyncio.CancelledError:
            if not stream.closed:
                raise
        finally:
            gone.cancel()
            opening.cancel()
            stream.end()

    async def _actor_now(self, scope: Scope) -> Actor:
        """The visitor with the rights of now: what changed while we waited would never be told to the stream."""
        while True:
            news = self._hub.rights_news
            again = await visitor_of(scope, self._authenticate, trusted_proxies=self._trusted_proxies)
            if news == self._hub.rights_news:
                return again.actor

    def _context(self, visitor: Visitor) -> Context:
        return Context(visitor.actor, visitor.call, self._pipeline.services, visitor.problem)


class Stream(Connection):
    """One feed on its way to one client."""

    __slots__ = ("_correlation_id", "_heartbeat_s", "_is_open", "_serving", "_timer", "_transport")

    def __init__(
        self,
        hub: Hub,
        send: Any,
        actor: Actor,
        limits: ConnectionLimits,
        heartbeat_s: float,
        transport: Any,
        correlation_id: UUID,
    ) -> None:
        super().__init__(hub, send, actor, limits)
        self._correlation_id = correlation_id
        self._heartbeat_s = heartbeat_s
        self._transport = transport
        self._is_open = False
        self._serving = asyncio.current_task()
        self._timer = self._set_timer()

    async def open(self, subscription: Subscription) -> None:
        try:
            await self.hub.open(self, "", subscription)
            self._is_open = True
        except ShuttingDown:
            self.part(Farewell.RESTARTING)
        except Exception as problem:
            self._finish(errors_of(problem, self._correlation_id))

    def next_message(self, member: Member, rendered: Rendered) -> Message:
        return _body(b"event: next\nid: %b\ndata: %b\n\n" % (rendered.cursor.encode(), rendered.body))

    def fail(self, member: Member, error: DomainError) -> None:
        self._finish([error_of(error, self._correlation_id)])

    def farewell_message(self, reason: Farewell) -> Message:
        note_end(reason.name)
        return _body(b"", more=False)

    def ends_at(self, moment: datetime | None) -> None:
        self._timer.cancel()
        self._timer = self._set_timer()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        elif self._serving is not None:
            self._serving.cancel()

    def end(self) -> None:
        super().end()
        self._timer.cancel()

    def _finish(self, errors: Sequence[dict[str, Any]]) -> None:
        note_end(FAILED)
        self.end_with(_body(_event(orjson.dumps({"errors": errors})) + COMPLETE, more=False))

    def _set_timer(self) -> asyncio.TimerHandle:
        left, expires_at = self._heartbeat_s, self.viewer.actor.expires_at
        if expires_at is not None:
            left = min(left, (expires_at - clock.now()).total_seconds())
        return asyncio.get_running_loop().call_later(max(0.0, left), self._beat)

    def _beat(self) -> None:
        """A sign of life with the current cursor, from which the client may resume; or the end of the token's time."""
        expires_at = self.viewer.actor.expires_at
        if expires_at is not None and expires_at <= clock.now():
            note_end(EXPIRED)
            self.end_with(_body(b"", more=False))
            return
        # Until the feed is open, nobody knows up to where all has been told.
        place = f"id: {self.hub.cursor_for(self)}\n" if self._is_open else ""
        sign = f": heartbeat\n{place}\n".encode()
        self.reply(_body(sign), len(sign), passing=True)
        self._timer = self._set_timer()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell_all(send: Send, result: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    """One result, written as JSON already, and the end."""
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *more]})
    await send(_body(_event(result) + COMPLETE, more=False))


def _event(result: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % result


def _body(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
