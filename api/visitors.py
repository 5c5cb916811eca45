"""Who knocks: the actor behind a request's bearer token, the address it comes from, and the call it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.identity.actor import ANONYMOUS, Actor
from domain.kit.context import CallContext
from domain.kit.errors import Unauthenticated
from domain.kit.ids import new_id
from schema.kit.context import Authenticate

CORRELATION_HEADER: Final = b"x-correlation-id"
TRACE_HEADER: Final = b"traceparent"

CORRELATION_ID: Final = "daftari.correlation_id"
"""Where the middleware leaves the correlation id in an ASGI scope."""

SERVERS_SEND: Final = "daftari.send"
"""Where the middleware leaves the server's own ``send``, without the layers that are put around it."""

HEADERS: Final = "daftari.headers"
"""Where the middleware leaves a request's headers by name, so that they are gone through once."""

_TRACE_PARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?", re.ASCII)
_LISTS: Final = frozenset({b"accept", b"x-forwarded-for"})

LENGTH_OF_VERSION_0: Final = 55

Scope = Mapping[str, Any]


class Visitor(NamedTuple):
    """``problem`` says why a token was not accepted. Such a visitor is a stranger, who may do what strangers may: sign in
    again, for one."""

    actor: Actor
    problem: Unauthenticated | None
    call: CallContext


def headers_by_name(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Of several with the same name the first, and of those that are lists the one list that they mean together
    (RFC 9110, 5.3)."""
    pairs = list(headers)
    by_name = dict(pairs)
    if len(by_name) < len(pairs):
        by_name = {}
        for name, value in pairs:
            if name not in by_name:
                by_name[name] = value
            elif name in _LISTS:
                by_name[name] += b", " + value
    return by_name


def header(scope: Scope, name: bytes) -> str | None:
    """A header of an ASGI request; see :func:`headers_by_name`."""
    by_name = scope.get(HEADERS)
    value = (headers_by_name(scope["headers"]) if by_name is None else by_name).get(name)
    return None if value is None else value.decode("latin-1")


async def visitor_of(scope: Scope, authenticate: Authenticate, *, trusted_proxies: int = 0) -> Visitor:
    address = address_of(scope, trusted_proxies)
    actor, problem = await identified(header(scope, b"authorization"), authenticate, address)
    call = CallContext(
        correlation_id=known_correlation_id(scope),
        actor_id=None if actor is ANONYMOUS else actor.id,
        address=address,
    )
    return Visitor(actor, problem, call)


async def identified(
    authorization: str | None, authenticate: Authenticate, address: str | None
) -> tuple[Actor, Unauthenticated | None]:
    """The actor behind an ``Authorization`` value; a stranger, and why, when it is not accepted. An API key may be bound to
    networks, of which ``address`` is to be in one."""
    if authorization is None:
        return ANONYMOUS, None
    scheme, _, bearer = authorization.partition(" ")
    bearer = bearer.strip()
    if scheme.lower() != "bearer" or not bearer:
        return ANONYMOUS, Unauthenticated("the Authorization header must be: Bearer <access token or API key>")
    try:
        actor = await authenticate(bearer)
    except Unauthenticated as problem:
        return ANONYMOUS, problem
    if actor.key_limits is not None and not actor.key_limits.allows(address):
        return ANONYMOUS, Unauthenticated("this API key may not be used from where you are")
    return actor, None


def address_of(scope: Scope, trusted_proxies: int) -> str | None:
    """The client's address: as the last proxy that is ours saw it, counted from the right of X-Forwarded-For."""
    if trusted_proxies > 0:
        told = header(scope, b"x-forwarded-for") or ""
        forwarded = [each.strip() for each in told.split(",") if each.strip()]
        if len(forwarded) >= trusted_proxies:
            return forwarded[-trusted_proxies][:64]
    client = scope.get("client")
    return str(client[0]) if client else None


class TraceParent(NamedTuple):
    """The span of a client in which it asks, by W3C's Trace Context."""

    trace_id: int
    span_id: int


def trace_parent_of(scope: Scope) -> TraceParent | None:
    """As the header says it; None when there is none, or none that the specification allows."""
    told = header(scope, TRACE_HEADER)
    found = None if told is None else _TRACE_PARENT.fullmatch(told.strip())
    if found is None or found[1] == "ff" or (found[1] == "00" and len(found[0]) != LENGTH_OF_VERSION_0):
        return None
    parent = TraceParent(int(found[2], 16), int(found[3], 16))
    return parent if parent.trace_id and parent.span_id else None


def correlation_id_of(scope: Scope) -> UUID:
    """The id that a client or a gateway gave the call by our own header, else that of its trace; a fresh one otherwise."""
    known = scope.get(HEADERS)
    if known is not None and CORRELATION_HEADER not in known and TRACE_HEADER not in known:
        return new_id()
    return _given_correlation_id(scope) or new_id()


def known_correlation_id(scope: Scope) -> UUID:
    """The id that the middleware has given the call."""
    known: UUID | None = scope.get(CORRELATION_ID)
    return known or new_id()


def is_correlated(scope: Scope) -> bool:
    """Whether the call belongs to something that began elsewhere."""
    return _given_correlation_id(scope) is not None


def _given_correlation_id(scope: Scope) -> UUID | None:
    told = header(scope, CORRELATION_HEADER)
    if told:
        try:
            return UUID(told)
        except ValueError:
            pass
    parent = trace_parent_of(scope)
    return None if parent is None else UUID(int=parent.trace_id)


def transport_of(send: Any) -> Any:
    """The network connection behind an ASGI server's ``send``, where the server has one to show (uvicorn has)."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if callable(getattr(transport, "abort", None)) else None
