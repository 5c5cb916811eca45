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
_PLACE_AND_FINGERPRINT: Final = struct.Struct(">BQQI")
_SIGNATURE_BYTES: Final = 10
_MAX_LENGTH: Final = 64


class CursorCodec:
    """Writes and reads cursors with one secret, which all processes of an installation share."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"daftari-cursor").digest()

    def encode(self, place: Place) -> str:
        if place.fingerprint:
            body = _PLACE_AND_FINGERPRINT.pack(2, place.epoch, place.position, place.fingerprint)
        else:
            body = _PLACE.pack(1, place.epoch, place.position)
        return _text(body + self._signature(body)).decode()

    def decode(self, cursor: str) -> Place:
        """The place that a cursor of ours names; anything else is refused with INVALID_CURSOR."""
        try:
            raw = cursor.encode("ascii")[: _MAX_LENGTH + 1]
            sealed = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise InvalidCursor("this is not a cursor") from None
        body, signature = sealed[:-_SIGNATURE_BYTES], sealed[-_SIGNATURE_BYTES:]
        # The last character may hold bits that mean nothing: of the texts that say the same, one is ours.
        is_ours = len(raw) <= _MAX_LENGTH and raw == _text(sealed) and hmac.compare_digest(self._signature(body), signature)
        if not is_ours:
            raise InvalidCursor("this cursor was not issued by this server")
        for version, form in ((1, _PLACE), (2, _PLACE_AND_FINGERPRINT)):
            if len(body) == form.size and body[0] == version:
                return Place(*form.unpack(body)[1:])
        raise InvalidCursor("this cursor is of a version that is not read here")

    def _signature(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=_SIGNATURE_BYTES, key=self._key).digest()


def _text(sealed: bytes) -> bytes:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=")
