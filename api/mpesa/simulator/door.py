"""At the door of the simulated Daraja: who is let in, what a request must look like, and how it is refused."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mpesa.simulator.config import SimulatorConfig
from domain.kit import clock
from domain.payments.provider import INVALID_REQUEST, INVALID_TOKEN

MAX_BODY_BYTES: Final = 64 * 1024
MAX_TOKENS: Final = 100
MAX_SHILLINGS: Final = Decimal(250_000)
"""The largest single payment that M-Pesa makes."""
WRONG_CREDENTIALS: Final = "400.008.01"
SERVER_ERROR: Final = "500.001.1001"

PHONE: Final = re.compile(r"254[17]\d{8}", re.ASCII)


class DarajaError(Exception):
    """A request is refused."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def invalid(name: str) -> DarajaError:
    return DarajaError(400, INVALID_REQUEST, f"Bad Request - Invalid {name}")


async def refusal(request: Request, error: Exception) -> Response:
    """The body of every refusal."""
    assert isinstance(error, DarajaError)
    body = {"requestId": secrets.token_hex(8), "errorCode": error.code, "errorMessage": error.message}
    return JSONResponse(body, error.status)


class Door:
    """Gives out access tokens, and knows those that are still good."""

    def __init__(self, config: SimulatorConfig) -> None:
        self._config = config
        self._tokens: OrderedDict[str, float] = OrderedDict()
        self.given = 0

    async def give_token(self, request: Request) -> Response:
        if request.query_params.get("grant_type") != "client_credentials":
            raise DarajaError(400, "400.008.02", "Invalid grant type passed")
        wanted = f"{self._config.consumer_key}:{self._config.consumer_secret}"
        if not secrets.compare_digest(_basic(request).encode(), wanted.encode()):
            raise DarajaError(400, WRONG_CREDENTIALS, "Invalid Authentication passed")
        token = secrets.token_urlsafe(21)
        self._tokens[token] = clock.now().timestamp() + self._config.token_lives_s
        if len(self._tokens) > MAX_TOKENS:
            self._tokens.popitem(last=False)
        self.given += 1
        return JSONResponse({"access_token": token, "expires_in": str(self._config.token_lives_s)})

    def forget_tokens(self) -> None:
        self._tokens.clear()

    async def admit(self, request: Request) -> Fields:
        """The fields of a request of somebody who is known."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or self._tokens.get(token, 0.0) <= clock.now().timestamp():
            raise DarajaError(404, INVALID_TOKEN, "Invalid Access Token")
        return Fields(await body_of(request))


async def body_of(request: Request) -> dict[str, Any]:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > MAX_BODY_BYTES:
            raise HTTPException(413)
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise invalid("Request") from None
    if not isinstance(body, dict):
        raise invalid("Request")
    return body


def _basic(request: Request) -> str:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True).decode() if scheme == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


class Fields:
    """The fields of a request, each read as what it has to be; numbers may be texts."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    def text(self, name: str, *, at_most: int = 200) -> str:
        value = self._body.get(name)
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text.strip() or len(text) > at_most:
            raise invalid(name)
        return text

    def like(self, name: str, pattern: re.Pattern[str]) -> str:
        text = self.text(name)
        if not pattern.fullmatch(text):
            raise invalid(name)
        return text

    def one_of(self, name: str, *allowed: str) -> str:
        text = self.text(name)
        if text not in allowed:
            raise invalid(name)
        return text

    def phone(self, name: str) -> str:
        text = self.text(name)
        if not PHONE.fullmatch(text):
            raise invalid("PhoneNumber")
        return text

    def shillings(self, name: str, *, cents: bool = False) -> Decimal:
        """Whole shillings, unless ``cents`` may come as well."""
        value = self._body.get(name)
        try:
            amount = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite() or not 0 < amount <= MAX_SHILLINGS:
            raise invalid(name)
        if amount != amount.quantize(Decimal("0.01") if cents else Decimal(1)):
            raise invalid(name)
        return amount

    def url(self, name: str) -> str:
        text = self.text(name, at_most=2_000)
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid(name)
        return text
