"""Cursors: a place in the event log as an opaque, signed text that a client keeps and sends back to resume."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from typing import Final

from domain.events.log import Place
from subscriptions.errors import InvalidCursor

_PLACE: Final = struct.Struct(">BQQ")
_VERSION: Final = 1
_SIGNATURE_BYTES: Final = 10
_MAX_LENGTH: Final = 64


class CursorCodec:
    """Writes and reads cursors with one secret, which all processes of an installation share."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"daftari-cursor").digest()

    def encode(self, place: Place) -> str:
        body = _PLACE.pack(_VERSION, place.epoch, place.position)
        return base64.urlsafe_b64encode(body + self._signature(body)).rstrip(b"=").decode()

    def decode(self, cursor: str) -> Place:
        """The place that a cursor of ours names; anything else is refused with INVALID_CURSOR."""
        try:
            raw = cursor.encode("ascii")[: _MAX_LENGTH + 1]
            sealed = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise InvalidCursor("this is not a cursor") from None
        body, signature = sealed[: _PLACE.size], sealed[_PLACE.size :]
        if len(raw) > _MAX_LENGTH or not hmac.compare_digest(self._signature(body), signature):
            raise InvalidCursor("this cursor was not issued by this server")
        version, epoch, position = _PLACE.unpack(body)
        if version != _VERSION:
            raise InvalidCursor("this cursor is of a version that is no longer read")
        return Place(epoch, position)

    def _signature(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=_SIGNATURE_BYTES, key=self._key).digest()
