"""One exchange with Daraja over HTTP, and what its answers mean."""

from __future__ import annotations

import asyncio
import functools
import re
import ssl
from collections.abc import Mapping
from typing import Any, Final

import httpx
import orjson

from api.mpesa.account import Patience
from api.retrying import retry_after_s
from domain.payments.provider import (
    BAD_ANSWER,
    INVALID_TOKEN,
    MAX_ID,
    NO_ANSWER,
    STILL_PROCESSING,
    TOO_MANY_REQUESTS,
    UNREACHABLE,
    ProviderAway,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
)

MAX_ANSWER_BYTES: Final = 32 * 1024
MAX_REASON: Final = 200
MAX_CONNECTIONS: Final = 100
KEPT_CONNECTIONS: Final = 8

_TOKEN_CODES: Final = frozenset({INVALID_TOKEN, "400.003.01"})
_LONG_NUMBER: Final = re.compile(r"\d{9,}")
# The provider names a customer who is busy with another prompt like a prompt that is still open.
_CUSTOMER_IS_BUSY: Final = re.compile(r"lock subscriber|already in process", re.IGNORECASE)

# What the provider says, with the status of an accident, when our addresses are there already.
REGISTERED: Final = "already registered"

Body = dict[str, Any]


class AnswerLost(ProviderAway):
    """The request may have arrived, and no answer came that says so."""


class TokenRefused(ProviderError):
    """The access token is not known there, or not any more."""


@functools.cache
def trust() -> ssl.SSLContext:
    """Whom we believe to be who they say; read once for all connections."""
    return httpx.create_ssl_context()


def client_for(url: str, patience: Patience, *, keeps: bool) -> httpx.AsyncClient:
    """Connections to the provider. One that is not kept is opened for a single request: the provider cannot close it as
    idle just when something is written into it of which nobody knows then whether it arrived."""
    return httpx.AsyncClient(
        base_url=url,
        verify=trust(),
        timeout=httpx.Timeout(patience.answer_within_s, connect=patience.connect_within_s),
        limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=KEPT_CONNECTIONS if keeps else 0),
        headers={"accept": "application/json"},
    )


async def exchange(client: httpx.AsyncClient, request: httpx.Request, *, within_s: float) -> Body:
    """Send a request and return what a friendly answer says; raises what any other one means."""
    try:
        async with asyncio.timeout(within_s):
            response = await client.send(request, stream=True)
            try:
                content = await _content(response)
            finally:
                await response.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ProviderAway(f"M-Pesa cannot be reached: {type(error).__name__}", code=UNREACHABLE) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise AnswerLost(f"M-Pesa did not answer: {type(error).__name__}", code=NO_ANSWER) from error
    body = _object(content)
    if response.is_success:
        if body is None:
            raise AnswerLost("M-Pesa answered something that is no JSON object", code=BAD_ANSWER)
        return body
    raise _meaning(response, body or {})


async def _content(response: httpx.Response) -> bytes:
    content = b""
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            raise AnswerLost("M-Pesa answered more than anybody can mean", code=BAD_ANSWER)
    return content


def _object(content: bytes) -> Body | None:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _meaning(response: httpx.Response, body: Mapping[str, Any]) -> ProviderError:
    """What an unfriendly answer means. Where it does not say that nothing was done, the fate of the request is open."""
    status, said = response.status_code, body.get("errorCode")
    code = said[:MAX_ID] if isinstance(said, str) else None
    reason = plain(str(body.get("errorMessage") or f"HTTP {status}"))
    after_s = retry_after_s(response.headers.get("Retry-After"))
    if status == 401 or code in _TOKEN_CODES:
        return TokenRefused(reason, code=code or INVALID_TOKEN)
    if status == 429 or code == TOO_MANY_REQUESTS:
        return ProviderBusy(reason, code=code or TOO_MANY_REQUESTS, after_s=after_s)
    if code == STILL_PROCESSING:
        busy = _CUSTOMER_IS_BUSY.search(reason) is not None
        return ProviderBusy(reason, code=code) if busy else ProviderRefused(reason, code=code)
    if REGISTERED in reason.lower():
        return ProviderRefused(reason, code=code or f"HTTP_{status}")
    if status >= 500:
        return AnswerLost(reason, code=code or f"HTTP_{status}", after_s=after_s)
    if code is not None:
        return ProviderRefused(reason, code=code)
    # A page of somebody between us and the provider, who did not let the request through.
    return ProviderAway(f"M-Pesa cannot be reached: HTTP {status}", code=f"HTTP_{status}", after_s=after_s)


def plain(text: str) -> str:
    """What the provider wrote, short and without anybody's number."""
    return _LONG_NUMBER.sub("***", " ".join(text.split()))[:MAX_REASON]


def named(body: Mapping[str, Any], name: str, *, longest: int = MAX_ID) -> str:
    """A field that has to be there, as text: the provider writes the same field as a number here and as a text there."""
    value = body.get(name)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > longest:
        raise AnswerLost(f"M-Pesa answered without {name}", code=BAD_ANSWER)
    return text
