"""Files over HTTP: handing one in (``POST /files``, the body is the file) and fetching one (``GET /files/{id}``).

Both need a bearer token in the header; there are no tokens in addresses, which end up in logs and histories. What is
fetched is never shown by the browser in our name: it is an attachment, of exactly the type that we found it to be.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import Message as MimeMessage
from typing import Any, Final
from urllib.parse import quote, unquote
from uuid import UUID

import orjson
from starlette.types import Message, Receive, Scope, Send

from api.http import Headers, rate_headers, read_body, refusal_headers
from api.refusals import errors_of
from api.visitors import header, known_correlation_id, visitor_of
from domain.files.errors import FileNotFound, FileQuotaExceeded, FileTooLarge, FileTypeContradicted, FileTypeNotAllowed
from domain.files.models import StoredFile
from domain.files.purposes import handed_in_as
from domain.files.queries import pieces_of, readable_file
from domain.files.service import store_file
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.context import call_context
from domain.kit.errors import DomainError, Forbidden, InvalidInput, NotFound, Unauthenticated
from schema.kit import encode_id, read_id
from schema.kit.context import Authenticate, Context
from schema.pipeline import Pipeline, RequestRefused

UPLOAD_POINTS: Final = 100
DOWNLOAD_POINTS: Final = 20
"""What a file costs of the budget that operations are paid from."""

UPLOADS_AT_ONCE: Final = 16
UPLOADS_EACH: Final = 4
"""Nobody takes all places by sending slowly."""

UPLOAD_LIMIT_S: Final = 120.0
MAX_NAME_HEADER: Final = 2_000
PATIENCE_BYTES: Final = 20 * 1024 * 1024
PATIENCE_S: Final = 10.0
DEFAULT_PURPOSE: Final = "document"

_STATUS: Final[tuple[tuple[type[DomainError], int], ...]] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (FileTooLarge, 413),
    (FileTypeNotAllowed, 415),
    (FileTypeContradicted, 415),
    (FileQuotaExceeded, 429),
)
_SAFE: Final = [
    (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-site"),
    (b"cache-control", b"private, no-store"),
    (b"accept-ranges", b"none"),
]


class Files:
    """The ASGI application behind ``/files`` and ``/files/{file_id}``."""

    def __init__(self, pipeline: Pipeline, authenticate: Authenticate, *, trusted_proxies: int = 0) -> None:
        self._pipeline = pipeline
        self._authenticate = authenticate
        self._trusted_proxies = trusted_proxies
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._uploading: Counter[UUID] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file_id = scope.get("path_params", {}).get("file_id")
        allowed = ("POST",) if file_id is None else ("GET", "HEAD")
        body = _Body(receive)
        try:
            if scope["method"] not in allowed:
                raise RequestRefused.because("BAD_REQUEST", f"use {' or '.join(allowed)}", status=405)
            context = await self._context(scope)
            with call_context(context.call):
                if file_id is None:
                    await self._take(scope, body, send, context)
                else:
                    await self._give(scope, send, context, file_id)
        except RequestRefused as refused:
            more = refusal_headers(refused, ", ".join(allowed).encode() if refused.status == 405 else None)
            more += await body.leave(scope)
            await _answer(send, refused.status, {"errors": errors_of(refused, known_correlation_id(scope))}, more)
        except DomainError as refusal:
            status = next((status for kind, status in _STATUS if isinstance(refusal, kind)), 400)
            more = [(b"www-authenticate", b'Bearer realm="daftari"')] if status == 401 else []
            more += await body.leave(scope)
            await _answer(send, status, {"errors": errors_of(refusal, known_correlation_id(scope))}, more)

    async def _context(self, scope: Scope) -> Context:
        visitor = await visitor_of(scope, self._authenticate, trusted_proxies=self._trusted_proxies)
        if visitor.problem is not None:
            raise visitor.problem
        visitor.actor.require(Permission.SIGNED_IN)
        return Context(visitor.actor, visitor.call, self._pipeline.services, visitor.problem)

    async def _take(self, scope: Scope, body: _Body, send: Send, context: Context) -> None:
        declared = header(scope, b"content-type")
        if (declared or "").lower().startswith("multipart/"):
            raise RequestRefused.because("BAD_REQUEST", "send the file itself as the body, not a form", status=415)
        purpose = handed_in_as(header(scope, b"x-file-purpose") or DEFAULT_PURPOSE)
        file_name = _name_in(scope)
        spent = await self._pipeline.charge(context, UPLOAD_POINTS)
        try:
            async with asyncio.timeout(UPLOAD_LIMIT_S) as limit, self._place_for(context.actor):
                content = await _content(scope, body.receive, purpose.limit)
                file = await store_file(
                    context.actor, file_name=file_name, content=content, purpose=purpose.name, content_type=declared
                )
        except TimeoutError:
            # The database may take too long as well, which is no fault of the sender's.
            if not limit.expired():
                raise
            raise RequestRefused.because("TIMEOUT", "the file took too long to arrive", status=408) from None
        await _answer(send, 201, _described(file), rate_headers(spent))

    @asynccontextmanager
    async def _place_for(self, actor: Actor) -> AsyncIterator[None]:
        """One of the places for uploads, waiting for it; each person has some of them at most."""
        if self._uploading[actor.id] >= UPLOADS_EACH:
            raise RequestRefused.because(
                "RATE_LIMITED", f"send at most {UPLOADS_EACH} files at the same time", status=429, retry_after_s=1
            )
        self._uploading[actor.id] += 1
        try:
            async with self._uploads:
                yield
        finally:
            self._uploading[actor.id] -= 1
            if not self._uploading[actor.id]:
                del self._uploading[actor.id]

    async def _give(self, scope: Scope, send: Send, context: Context, file_id: str) -> None:
        spent = await self._pipeline.charge(context, DOWNLOAD_POINTS)
        file = await _found(context.actor, file_id)
        await send({"type": "http.response.start", "status": 200, "headers": [*_headers_of(file), *rate_headers(spent)]})
        if scope["method"] == "GET":
            async for piece in pieces_of(file):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class _Body:
    """The body on its way in. Whoever is refused is still listened to for a while, because most clients hear an answer only
    once they have said all; who goes on and on is cut off."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def leave(self, scope: Scope) -> Headers:
        """Hear the rest of a refused upload, up to a bound; returns the header that cuts off who has not ended by then."""
        if scope["method"] != "POST":
            return []
        left = PATIENCE_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while not self._ended and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        return [] if self._ended else [(b"connection", b"close")]


async def _content(scope: Scope, receive: Receive, limit: int) -> bytes:
    try:
        return await read_body(scope, receive, limit)
    except RequestRefused as refused:
        if refused.status == 413:
            raise FileTooLarge(f"a file has at most {limit} bytes") from None
        raise


async def _found(actor: Actor, file_id: str) -> StoredFile:
    """The file that an address means, by its global id or by the path that the schema shows."""
    try:
        key = UUID(file_id)
    except ValueError:
        try:
            key = read_id("File", file_id)
        except NotFound:
            raise FileNotFound("there is no such file") from None
    return await readable_file(actor, key)


def _name_in(scope: Scope) -> str:
    """The name that the client gave, percent-encoded in ``X-File-Name`` or as ``Content-Disposition`` has it."""
    given = header(scope, b"x-file-name")
    if given is not None:
        name = unquote(given)
    else:
        name = _name_in_disposition((header(scope, b"content-disposition") or "")[:MAX_NAME_HEADER])
    if not name.strip() or len(name) > MAX_NAME_HEADER:
        raise InvalidInput("name the file in the header X-File-Name, percent-encoded, or in Content-Disposition")
    return name


def _name_in_disposition(disposition: str) -> str:
    parsed = MimeMessage()
    parsed["content-disposition"] = disposition
    return parsed.get_filename() or ""


def _described(file: StoredFile) -> dict[str, Any]:
    return {
        "fileId": encode_id("File", file.id),
        "name": file.file_name,
        "contentType": file.content_type,
        "sizeBytes": file.size_bytes,
        "sha256": file.sha256,
        "createdAt": file.created_at,
        "downloadPath": file.download_path,
    }


def _headers_of(file: StoredFile) -> Headers:
    """The name is sent twice (RFC 6266): in ASCII for old clients, and as it is."""
    plain = file.file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.file_name, safe='')}"
    charset = "; charset=utf-8" if file.content_type.startswith("text/") else ""
    return [
        (b"content-type", f"{file.content_type}{charset}".encode()),
        (b"content-length", str(file.size_bytes).encode()),
        (b"content-disposition", disposition.encode("ascii")),
        *_SAFE,
    ]


async def _answer(send: Send, status: int, body: dict[str, Any], more: Headers | None = None) -> None:
    encoded = orjson.dumps(body)
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(encoded)).encode()),
        (b"cache-control", b"no-store"),
        *(more or ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": encoded})
