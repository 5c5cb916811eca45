"""The messages of graphql-transport-ws, as they are read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

Message = dict[str, Any]
"""An ASGI message to be sent."""

_MOST_SHOWN: Final = 40


class Malformed(Exception):
    """The client's text is no message of the protocol."""


@dataclass(frozen=True, slots=True)
class Init:
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Run this operation; queries and mutations too."""

    id: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


Received = Init | Ping | Pong | Subscribe | Complete


def read(text: str, *, id_length: int) -> Received:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Malformed("a message is a JSON object") from None
    if not isinstance(message, dict):
        raise Malformed("a message is a JSON object")
    kind = message.get("type")
    match kind:
        case "subscribe":
            return Subscribe(_id_of(message, id_length), _parameters_of(message))
        case "complete":
            return Complete(_id_of(message, id_length))
        case "ping":
            return Ping(_payload_of(message))
        case "pong":
            _payload_of(message)
            return Pong()
        case "connection_init":
            return Init(_payload_of(message))
        case str():
            raise Malformed(f"there is no message of the type {kind[:_MOST_SHOWN]!r}")
        case _:
            raise Malformed("a message has a type")


def _payload_of(message: dict[str, Any]) -> dict[str, Any]:
    payload = message.get("payload")
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise Malformed("the payload must be an object")
    return payload


def _id_of(message: dict[str, Any], longest: int) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not found:
        raise Malformed("an operation has an id, a string that is not empty")
    if len(found) > longest:
        raise Malformed(f"an operation's id has at most {longest} characters")
    return found


def _parameters_of(message: dict[str, Any]) -> dict[str, Any]:
    """What to run. Clients that know the ids of trusted documents leave the query out."""
    parameters = message.get("payload")
    if not isinstance(parameters, dict):
        raise Malformed("the payload of subscribe must be an object")
    for name, kind, called in (
        ("query", str, "a string"),
        ("documentId", str, "a string"),
        ("operationName", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        value = parameters.get(name)
        if value is not None and not isinstance(value, kind):
            raise Malformed(f"{name} must be {called}")
    if parameters.get("query") is None and parameters.get("documentId") is None and not parameters.get("extensions"):
        raise Malformed("the payload of subscribe has a query")
    return parameters


def prefix_of_next(operation_id: str) -> bytes:
    """What comes before the result, which is shared, in an operation's ``next``; :data:`SUFFIX` comes behind it."""
    return b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation_id)


SUFFIX: Final = b"}"


def text_message(text: str) -> Message:
    return {"type": "websocket.send", "text": text}


def next_of(operation_id: str, body: bytes) -> Message:
    return text_message((prefix_of_next(operation_id) + body + SUFFIX).decode())


def error_of(operation_id: str, errors: list[dict[str, Any]]) -> Message:
    return _message({"id": operation_id, "type": "error", "payload": errors})


def complete_of(operation_id: str) -> Message:
    return _message({"id": operation_id, "type": "complete"})


def ack_of(payload: dict[str, Any]) -> Message:
    return _message({"type": "connection_ack", "payload": payload})


def ping_of(payload: dict[str, Any]) -> Message:
    return _message({"type": "ping", "payload": payload})


def pong_of(payload: dict[str, Any]) -> Message:
    return _message({"type": "pong", "payload": payload})


def _message(content: dict[str, Any]) -> Message:
    return text_message(orjson.dumps(content).decode())
