"""Where M-Pesa tells us things: every message is kept as it came, acknowledged at once, and read later by the worker.

The paths are those that :mod:`api.mpesa.account` names, below the path of MPESA_CALLBACK_URL, below ``/webhooks/mpesa``
and below ``/webhooks/mobile-money``; with MPESA_WEBHOOK_SECRET there is one part more before them. Nothing that is said
here is believed: whoever reads it compares it with what we know. One question is answered at once, whether a customer's
own payment is wanted.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import structlog
from prometheus_client import Counter, Histogram
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from api.mpesa import account as paths
from api.mpesa.settings import Network
from api.settings import Settings
from api.visitors import address_of, header
from domain.kit.unit_of_work import unit_of_work
from domain.payments.intake import keep_message, keep_refused
from domain.payments.intake.storing import end_of_bucket, leave_drain
from domain.payments.rules.results import C2BAnswer, c2b_body
from domain.payments.rules.wire import MAX_BODY
from domain.payments.service.validating import validate_paybill
from domain.payments.states import MessageKind

READ_WITHIN_S: Final = 10.0
STORE_WITHIN_S: Final = 5.0
KEPT_REFUSALS: Final = 60
"""Of what is refused so many a minute are kept to be looked at; the rest is counted."""

KINDS: Final[Mapping[str, MessageKind]] = {
    paths.STK_CALLBACK: MessageKind.STK_CALLBACK,
    paths.C2B_VALIDATION: MessageKind.C2B_VALIDATION,
    paths.C2B_CONFIRMATION: MessageKind.C2B_CONFIRMATION,
    paths.STATUS_RESULT: MessageKind.STATUS_RESULT,
    paths.STATUS_TIMEOUT: MessageKind.STATUS_TIMEOUT,
    paths.REVERSAL_RESULT: MessageKind.REVERSAL_RESULT,
    paths.REVERSAL_TIMEOUT: MessageKind.REVERSAL_TIMEOUT,
}
ACCEPTED: Final = {"ResultCode": 0, "ResultDesc": "Accepted"}
REJECTED: Final = {"ResultCode": 1, "ResultDesc": "Rejected"}

Headers = list[tuple[bytes, bytes]]

_MESSAGES: Final = Counter(
    "daftari_mpesa_messages_total", "Messages of M-Pesa by kind and by what became of them at the door.", ["kind", "outcome"]
)
_ACKNOWLEDGED: Final = Histogram(
    "daftari_mpesa_acknowledged_seconds",
    "How long it took until a message was kept and acknowledged.",
    ["kind"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
logger = structlog.get_logger(__name__)


@cache
def messages(kind: str, outcome: str) -> Counter:
    return _MESSAGES.labels(kind, outcome)


@cache
def acknowledged(kind: str) -> Histogram:
    return _ACKNOWLEDGED.labels(kind)


class Reason(StrEnum):
    """Why a message is refused at the door."""

    FOREIGN_ADDRESS = "FOREIGN_ADDRESS"
    WRONG_SECRET = "WRONG_SECRET"
    WRONG_METHOD = "WRONG_METHOD"
    TOO_LARGE = "TOO_LARGE"
    TOO_SLOW = "TOO_SLOW"


_STATUS: Final[Mapping[Reason, int]] = {
    Reason.FOREIGN_ADDRESS: 403,
    # As if there was nothing: whoever tries secrets learns nothing from it.
    Reason.WRONG_SECRET: 404,
    Reason.WRONG_METHOD: 405,
    Reason.TOO_LARGE: 413,
    Reason.TOO_SLOW: 408,
}


class Refused(Exception):
    """A message that is not taken, as much of it as there is to look at, and how long it is as far as that is known."""

    def __init__(self, reason: Reason, body: bytes = b"", *, size_bytes: int = 0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.body = body
        self.size_bytes = max(size_bytes, len(body))


class HungUp(Exception):
    """Whoever called did not wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is let in. ``trusted_proxies`` are ours, between M-Pesa and us."""

    secret: str | None = None
    networks: Sequence[Network] = ()
    trusted_proxies: int = 0

    def is_known(self, address: str | None) -> bool:
        """Whether messages are taken from there."""
        if not self.networks:
            return True
        try:
            here = ipaddress.ip_address((address or "").partition("%")[0])
        except ValueError:
            return False
        if isinstance(here, ipaddress.IPv6Address) and here.ipv4_mapped is not None:
            here = here.ipv4_mapped
        return any(here in network for network in self.networks)

    def is_secret(self, said: str) -> bool:
        return secrets.compare_digest(said.encode(), (self.secret or "").encode())


@dataclass(slots=True)
class Bound:
    """So many a minute and no more."""

    limit: int
    now: Callable[[], float] = time.monotonic
    _since: float = 0.0
    _seen: int = 0

    def allows(self) -> bool:
        if self.now() - self._since >= 60:
            self._since, self._seen = self.now(), 0
        self._seen += 1
        return self._seen <= self.limit


class Webhooks:
    """The ASGI application behind all paths of M-Pesa's."""

    def __init__(self, door: Door, *, short_codes: frozenset[str], strict_accounts: bool = False) -> None:
        self._door = door
        self._short_codes = short_codes
        self._strict_accounts = strict_accounts
        self._refusals = Bound(KEPT_REFUSALS)
        self._left: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        secret, kind = _meant(scope["path_params"]["rest"])
        if kind is None:
            await _answer(send, 404, REJECTED)
            return
        address = address_of(scope, self._door.trusted_proxies)
        try:
            body = await self._admitted(scope, receive, secret, address)
            await self._take(send, kind, body, address)
        except Refused as refused:
            await self._refuse(send, kind, refused, address)
        except HungUp:
            messages(kind.value, "hung_up").inc()
        else:
            acknowledged(kind.value).observe(time.perf_counter() - began)

    async def _admitted(self, scope: Scope, receive: Receive, secret: str, address: str | None) -> bytes:
        """The body of a message that may come in."""
        door = self._door
        if not door.is_known(address):
            raise Refused(Reason.FOREIGN_ADDRESS)
        if not door.is_secret(secret):
            raise Refused(Reason.WRONG_SECRET)
        if scope["method"] != "POST":
            raise Refused(Reason.WRONG_METHOD)
        return await _body(scope, receive)

    async def _take(self, send: Send, kind: MessageKind, body: bytes, address: str | None) -> None:
        """Keep the message, and say so. What cannot be kept is not acknowledged, so that it is told again."""
        try:
            async with asyncio.timeout(STORE_WITHIN_S):
                message = await keep_message(kind=kind, body=body, source_address=address)
                await self._leave_work(message.work_at)
                answer = await self._answer_to(kind, body)
        except Exception as error:
            logger.warning("mpesa_message_not_kept", kind=kind.value, error=type(error).__name__)
            messages(kind.value, "failed").inc()
            await _answer(send, 503, REJECTED)
            return
        messages(kind.value, "kept").inc()
        await _answer(send, 200, answer)

    async def _leave_work(self, moment: datetime) -> None:
        """Have the message read, and with it all that fall due together: of a burst the first one alone pays for that."""
        bucket = end_of_bucket(moment)
        if bucket == self._left:
            return
        self._left = bucket
        try:
            async with unit_of_work() as work:
                await leave_drain(work, [moment])
        except Exception as error:
            # The message is kept, so that it is found without.
            self._left = None
            logger.warning("mpesa_work_not_left", error=type(error).__name__)

    async def _answer_to(self, kind: MessageKind, body: bytes) -> Mapping[str, Any]:
        if kind is not MessageKind.C2B_VALIDATION:
            return ACCEPTED
        said = await validate_paybill(body, short_codes=self._short_codes, strict=self._strict_accounts)
        return c2b_body(said, "Accepted" if said is C2BAnswer.ACCEPTED else said.name.replace("_", " ").capitalize())

    async def _refuse(self, send: Send, kind: MessageKind, refused: Refused, address: str | None) -> None:
        reason = refused.reason
        messages(kind.value, reason.value.lower()).inc()
        if self._refusals.allows():
            await self._keep(kind, refused, address)
        more: Headers = [(b"allow", b"POST")] if reason is Reason.WRONG_METHOD else [(b"connection", b"close")]
        await _answer(send, _STATUS[reason], REJECTED, more)

    async def _keep(self, kind: MessageKind, refused: Refused, address: str | None) -> None:
        try:
            async with asyncio.timeout(STORE_WITHIN_S):
                await keep_refused(
                    kind=kind,
                    body=refused.body,
                    source_address=address,
                    problem=refused.reason.value,
                    size_bytes=refused.size_bytes,
                )
        except Exception as error:
            logger.warning("mpesa_refusal_not_kept", kind=kind.value, error=type(error).__name__)


def _meant(rest: str) -> tuple[str, MessageKind | None]:
    """The secret that was said, and what kind of message the rest of the path means."""
    path = "/" + rest.strip("/")
    if path in KINDS:
        return "", KINDS[path]
    secret, _, inner = path[1:].partition("/")
    return secret, KINDS.get(f"/{inner}")


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The body of a request, as long as a message can be and no longer."""
    declared = header(scope, b"content-length") or ""
    if declared.isdigit() and int(declared[:20]) > MAX_BODY:
        raise Refused(Reason.TOO_LARGE, size_bytes=int(declared[:20]))
    body = b""
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise HungUp
                body += bytes(message.get("body", b""))
                if len(body) > MAX_BODY:
                    raise Refused(Reason.TOO_LARGE, body[:MAX_BODY], size_bytes=len(body))
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        raise Refused(Reason.TOO_SLOW, body) from None


async def _answer(send: Send, status: int, body: Mapping[str, Any], more: Headers | None = None) -> None:
    encoded = orjson.dumps(body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(encoded)).encode()),
        (b"cache-control", b"no-store"),
        *(more or ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": encoded})


def webhook_paths(settings: Settings) -> list[str]:
    """The paths below which M-Pesa's messages are taken; none without an account."""
    if settings.mpesa is None:
        return []
    chosen = urlsplit(settings.mpesa_callback_url or "").path.rstrip("/")
    return list(dict.fromkeys([paths.DEFAULT_PATH, paths.UNNAMED_PATH, chosen]))


def webhook_routes(settings: Settings) -> list[BaseRoute]:
    """To be put after all others: the chosen path may be the root."""
    account = settings.mpesa
    if account is None:
        return []
    door = Door(
        secret=settings.mpesa_secret_path,
        networks=settings.mpesa_networks,
        trusted_proxies=settings.trusted_proxies,
    )
    webhooks = Webhooks(
        door,
        short_codes=frozenset({account.short_code, account.receiver}),
        strict_accounts=settings.mpesa_strict_accounts,
    )
    return [Route(f"{path}/{{rest:path}}", webhooks) for path in webhook_paths(settings)]
