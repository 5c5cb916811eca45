"""Tokens: signed access tokens that say who, opaque refresh tokens that keep a session alive, and API keys.

An access token names a user, a session and the version of the rights it was issued at; it carries no rights itself,
because rights may change while it lives. Refresh tokens and API keys are random and stored only as SHA-256, which is
enough for a secret of 256 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import jwt

from domain.identity import settings
from domain.kit import clock
from domain.kit.errors import Unauthenticated

ALGORITHM: Final = "HS256"
MAX_TOKEN_LENGTH: Final = 2_000
API_KEY_MARK: Final = "daf"
API_KEY_PATTERN: Final = r"daf_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}"
"""For scanners that look for secrets in source code. The last six characters are a checksum of those before."""
REFRESH_MARK: Final = "dfr"

_CLAIMS: Final = ["sub", "sid", "ver", "iat", "exp", "iss", "aud"]
_ALPHANUMERIC: Final = string.ascii_letters + string.digits
_REMEMBERED_TOKENS: Final = 10_000
_SECRET_LENGTH: Final = 43


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says. ``version`` is of the user's rights when it was issued."""

    user_id: UUID
    session_id: UUID
    version: int
    issued_at: datetime
    expires_at: datetime


def issue_access_token(claims: Claims) -> str:
    chosen = settings.current()
    payload = {
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "ver": claims.version,
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "iss": chosen.issuer,
        "aud": chosen.audience,
    }
    return jwt.encode(payload, chosen.secret, ALGORITHM)


def read_access_token(token: str) -> Claims:
    """What a token of ours says; anything else, and a token whose time is over or has not come, is refused."""
    chosen = settings.current()
    if len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated("this is not a token of this server")
    claims = _verified(token, chosen.secret, chosen.issuer, chosen.audience)
    now = clock.now()
    if claims.expires_at + chosen.leeway <= now:
        raise Unauthenticated("the access token has expired")
    if claims.issued_at - chosen.leeway > now:
        raise Unauthenticated("the access token is not valid yet")
    return claims


@lru_cache(maxsize=_REMEMBERED_TOKENS)
def _verified(token: str, secret: str, issuer: str, audience: str) -> Claims:
    """Signature and form. A client sends the same token with every request, so the answer is remembered; time is
    not part of it, and refusals are not remembered."""
    # Times are compared with our own clock, by the caller.
    options: Any = {"require": _CLAIMS, "verify_exp": False, "verify_iat": False}
    try:
        said = jwt.decode(token, secret, [ALGORITHM], options=options, issuer=issuer, audience=audience)
        return Claims(
            user_id=UUID(said["sub"]),
            session_id=UUID(said["sid"]),
            version=int(said["ver"]),
            issued_at=datetime.fromtimestamp(int(said["iat"]), UTC),
            expires_at=datetime.fromtimestamp(int(said["exp"]), UTC),
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, OverflowError, OSError):
        raise Unauthenticated("this is not a token of this server") from None


def new_refresh_token() -> str:
    return _refresh_token(secrets.token_bytes(32))


def successor_of(refresh_token: str) -> str:
    """The next token of the chain: always the same for the same token, and found by nobody without our secret."""
    key = hmac.digest(settings.current().secret.encode(), b"daftari refresh tokens", "sha256")
    return _refresh_token(hmac.digest(key, refresh_token.encode(), "sha256"))


def _refresh_token(secret: bytes) -> str:
    return f"{REFRESH_MARK}_{urlsafe_b64encode(secret).rstrip(b'=').decode()}"


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """``text`` is the whole key, to be shown once; ``prefix`` is the part by which people recognise it."""

    text: str
    prefix: str


def new_api_key() -> NewApiKey:
    prefix = new_prefix()
    return NewApiKey(_api_key(prefix, secrets.randbits(512)), prefix)


def new_prefix() -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(10))


def rotated_api_key(prefix: str, api_key_id: UUID, generation: int, nonce: str) -> str:
    """The key that a rotation gives: always the same for the same ``nonce`` of the client, so that whoever lost the answer
    gets it again although it is stored nowhere; found by nobody without our secret and the nonce."""
    key = hmac.digest(settings.current().secret.encode(), b"daftari api keys", "sha256")
    named = f"{prefix} {api_key_id} {generation} {nonce}".encode("utf-8", "surrogatepass")
    return _api_key(prefix, int.from_bytes(hmac.digest(key, named, "sha512")))


def _api_key(prefix: str, entropy: int) -> str:
    body = f"{API_KEY_MARK}_{prefix}_{_in_base_62(entropy, _SECRET_LENGTH)}"
    return body + checksum_of(body)


def checksum_of(body: str) -> str:
    """By which a scanner tells a key from other text without asking anybody: CRC-32 in six alphanumeric characters."""
    return _in_base_62(zlib.crc32(body.encode()), 6)


def _in_base_62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHANUMERIC))
        digits.append(_ALPHANUMERIC[digit])
    return "".join(reversed(digits))


def is_api_key(bearer: str) -> bool:
    return bearer.startswith(f"{API_KEY_MARK}_")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
