"""GraphQL over HTTP: POST and GET on one path, both media types, the right status for each.

With ``application/graphql-response+json`` a request that was refused before execution has a 4xx status; with
``application/json`` it has 200 as soon as it was a well-formed request, because intermediaries answer with that type too.
"""

from __future__ import annotations

from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from api.negotiation import EVENT_STREAM, HTML, JSON, RESPONSE_JSON, chosen_type, is_json
from api.visitors import Visitor, header, known_correlation_id, visitor_of
from schema.kit.context import Authenticate, Context
from schema.pipeline import Pipeline, Request, RequestRefused, Result
from schema.pipeline.deadlines import Deadlines
from schema.pipeline.rate import Spent
from schema.pipeline.request import under
from subscriptions.stepping import Finished, step

ALLOW: Final = b"GET, POST"
OFFERED: Final = (JSON, RESPONSE_JSON)
ALWAYS_BY_STATUS: Final = frozenset({405, 406, 408, 413, 415, 429, 503})
MALFORMED: Final = frozenset({"BAD_REQUEST", "BATCHING_NOT_SUPPORTED", "DOCUMENT_NOT_FOUND", "DOCUMENT_NOT_TRUSTED"})
"""Refusals that no well-formed request gets: their status does not depend on the media type."""

BODY_WITHIN_S: Final = 30.0
"""A body comes within this time. It is a few kilobytes, and nobody holds a connection by sending it a byte at a time."""

Headers = list[tuple[bytes, bytes]]

_SENDERS = Deadlines(BODY_WITHIN_S)


class GraphQLEndpoint:
    """The ASGI application behind ``/graphql``. ``event_stream`` answers who accepts text/event-stream, ``page`` who
    asks for text/html."""

    def __init__(
        self,
        pipeline: Pipeline,
        authenticate: Authenticate,
        *,
        max_body_bytes: int,
        trusted_proxies: int = 0,
        event_stream: ASGIApp | None = None,
        page: ASGIApp | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._authenticate = authenticate
        self._max_body_bytes = max_body_bytes
        self._trusted_proxies = trusted_proxies
        self._event_stream = event_stream
        self._page = page
        self._offered_to_get = (*OFFERED, *((HTML,) if page else ()), *((EVENT_STREAM,) if event_stream else ()))
        self._offered_to_post = (*OFFERED, *((EVENT_STREAM,) if event_stream else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method not in ("GET", "POST"):
            refused = RequestRefused.because("BAD_REQUEST", "use GET or POST", status=405)
            await answer_refused(scope, send, refused, JSON, allow=ALLOW)
            return
        offered = self._offered_to_get if method == "GET" else self._offered_to_post
        media_type = chosen_type(header(scope, b"accept"), offered)
        if media_type is None:
            refused = RequestRefused.because("BAD_REQUEST", f"this answers with {' or '.join(offered)}", status=406)
            await answer_refused(scope, send, refused, JSON)
        elif media_type == HTML and self._page is not None:
            await self._page(scope, receive, send)
        elif media_type == EVENT_STREAM and self._event_stream is not None:
            await self._event_stream(scope, receive, send)
        else:
            await self._answer(scope, receive, send, media_type)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, media_type: str) -> None:
        try:
            request = await read_request(scope, receive, self._max_body_bytes)
            visitor = await visitor_of(scope, self._authenticate, trusted_proxies=self._trusted_proxies)
            result = await self._execute(request, visitor, may_write=scope["method"] == "POST")
        except RequestRefused as refused:
            await answer_refused(scope, send, refused, media_type, allow=b"POST" if refused.status == 405 else None)
        else:
            await _respond(send, result.status, result.to_bytes(), media_type, rate_headers(result.spent))

    async def _execute(self, request: Request, visitor: Visitor, *, may_write: bool) -> Result:
        pipeline = self._pipeline
        prepared = pipeline.prepare(request)
        if prepared.is_mutation and not may_write:
            raise RequestRefused.because("BAD_REQUEST", "a mutation needs POST", status=405)
        context = Context(visitor.actor, visitor.call, pipeline.services, visitor.problem)
        return await pipeline.execute(prepared, request, context)


async def read_request(scope: Scope, receive: Receive, max_body_bytes: int) -> Request:
    """The GraphQL request in an HTTP request; refused when it is none."""
    if scope["method"] == "GET":
        return Request.from_parameters(_parameters_of_query(scope["query_string"]))
    if not is_json(header(scope, b"content-type")):
        raise RequestRefused.because("BAD_REQUEST", "the body must be application/json in UTF-8", status=415)
    # Most bodies have come with the head of their request, and there is nobody to be watched.
    reading = step(read_body(scope, receive, max_body_bytes))
    body = reading.value if isinstance(reading, Finished) else await _in_time(reading)
    # In JSON the character U+0000 is written in one way only.
    return Request.from_parameters(_parsed(body, "the body"), may_hold_nul=b"\\u0000" in body)


async def _in_time(reading: Coroutine[Any, Any, bytes]) -> bytes:
    try:
        with _SENDERS.watch():
            return await reading
    except TimeoutError:
        raise RequestRefused.because("TIMEOUT", "the body took too long to arrive", status=408) from None


def _parameters_of_query(query_string: bytes) -> dict[str, Any]:
    try:
        found = dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20))
    except ValueError:
        raise RequestRefused.because("BAD_REQUEST", "the query string is not well-formed") from None
    parameters: dict[str, Any] = {key: found[key] for key in ("query", "operationName", "documentId") if key in found}
    for name in ("variables", "extensions"):
        if found.get(name):
            parameters[name] = _parsed(found[name].encode(), name)
    # An empty operationName is how a form says "none".
    if parameters.get("operationName") == "":
        del parameters["operationName"]
    return parameters


def _parsed(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RequestRefused.because("BAD_REQUEST", f"{what} must be JSON") from None


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The body of a request; one that is longer than ``limit`` is refused as soon as that is known."""
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRefused.because("BAD_REQUEST", "the body ended early")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limit: int) -> RequestRefused:
    return RequestRefused.because("BAD_REQUEST", f"the body has at most {limit} bytes", status=413)


async def answer_refused(
    scope: Scope, send: Send, refused: RequestRefused, media_type: str, *, allow: bytes | None = None
) -> None:
    by_status = media_type == RESPONSE_JSON or refused.status in ALWAYS_BY_STATUS or refused.code in MALFORMED
    status = refused.status if by_status else 200
    more = refusal_headers(refused, allow)
    if status == 408:
        more.append((b"connection", b"close"))
    if status == 401:
        more.append((b"www-authenticate", b'Bearer realm="daftari"'))
    errors = under(known_correlation_id(scope), refused.errors)
    await _respond(send, status, orjson.dumps({"errors": errors}), media_type, more)


def refusal_headers(refused: RequestRefused, allow: bytes | None) -> Headers:
    """What a refusal says to whoever comes again: with which methods, when, and how the budget stands."""
    more = rate_headers(refused.spent)
    if allow is not None:
        more.append((b"allow", allow))
    if refused.retry_after_s is not None:
        more.append((b"retry-after", str(refused.retry_after_s).encode()))
    return more


def rate_headers(spent: Spent | None) -> Headers:
    """The caller's budget as the IETF's draft of rate limit fields writes it: what it is, what is left, and for how long."""
    if spent is None or spent.remaining is None or spent.limit is None:
        return []
    return [_policy(spent.limit), (b"ratelimit", b'"points";r=%d;t=%d' % (spent.remaining, spent.reset_in_s()))]


@lru_cache(maxsize=100)
def _policy(limit: int) -> tuple[bytes, bytes]:
    return b"ratelimit-policy", b'"points";q=%d;w=60' % limit


_CONTENT_TYPES: Final = {each: f"{each}; charset=utf-8".encode() for each in OFFERED}


async def _respond(send: Send, status: int, body: bytes, media_type: str, more: Headers | None = None) -> None:
    headers = [
        (b"content-type", _CONTENT_TYPES[media_type]),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept"),
        *(more or ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
