"""What is sent: an event as a message, signed as the Standard Webhooks specification has it.

The signature is HMAC-SHA256 over ``id.timestamp.body``, in base64 behind ``v1,``; during a change of the secret there are
two, with a space between them (https://www.standardwebhooks.com, version 1.0.0). A message has the same id and the same body
at every attempt, the time in its head is that of the attempt.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson

from domain.events.event import LoggedEvent
from domain.events.log import Place

SECRET_PREFIX: Final = "whsec_"
RESYNC: Final = "webhooks.resync_required"
TEST: Final = "webhooks.test"
_ID_PREFIX: Final = "evt_"


@dataclass(frozen=True, slots=True)
class Message:
    """``body`` is JSON: ``id``, ``type``, ``version``, ``timestamp`` (when it happened), ``correlationId``, ``data``."""

    id: str
    type: str
    body: bytes


def message_of(logged: LoggedEvent) -> Message:
    """An event of the log. Its payload goes as it is: its JSON Schema is in the catalogue of events."""
    return _message(
        id_of(Place(logged.epoch, logged.position)),
        logged.name,
        logged.version,
        logged.occurred_at,
        logged.correlation_id,
        orjson.Fragment(logged.payload),
    )


def resync_of(head: Place, reason: str, now: datetime, correlation_id: UUID) -> Message:
    """Some of history can not be told any more: whoever gets this reads the present from the API."""
    return _message(f"{id_of(head)}_resync", RESYNC, 1, now, correlation_id, {"reason": reason})


def test_of(endpoint_id: UUID, task_id: UUID, now: datetime) -> Message:
    """What an owner has sent to see whether it arrives."""
    return _message(f"test_{task_id.hex}", TEST, 1, now, task_id, {"endpoint_id": str(endpoint_id)})


def _message(id: str, type: str, version: int, at: datetime, correlation_id: UUID, data: object) -> Message:
    told = {
        "id": id,
        "type": type,
        "version": version,
        "timestamp": at,
        "correlationId": str(correlation_id),
        "data": data,
    }
    return Message(id, type, orjson.dumps(told, option=orjson.OPT_UTC_Z))


def id_of(place: Place) -> str:
    return f"{_ID_PREFIX}{place.epoch}_{place.position}"


def place_in(message_id: str) -> Place | None:
    """The place in the log of a message, by its id; None when it has none."""
    epoch, _, position = message_id.removeprefix(_ID_PREFIX).removesuffix("_resync").partition("_")
    known = message_id.startswith(_ID_PREFIX) and all(
        part.isascii() and part.isdigit() and len(part) < 19 for part in (epoch, position)
    )
    return Place(int(epoch), int(position)) if known else None


def secret_of(installation: str, endpoint_id: UUID, generation: int) -> str:
    """The signing secret of an endpoint, as its owner is shown it. It follows from the installation's own."""
    named = f"{endpoint_id}:{generation}".encode()
    key = hmac.new(installation.encode(), named, sha256).digest()
    return SECRET_PREFIX + base64.b64encode(key).decode()


def headers_of(message: Message, secrets: list[str], now: datetime) -> dict[str, str]:
    """The headers of one attempt."""
    at = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(f"v1,{_signature(message, secret, at)}" for secret in secrets),
    }


def _signature(message: Message, secret: str, at: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message.id.encode(), at.encode(), message.body))
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
