"""Global ids: one opaque text for one object of the whole API, as Relay expects.

A global id names the type and the row: the base64 of ``Invoice:<uuid>``. It is not a secret; who may see the object is
asked when it is loaded.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Final
from uuid import UUID

from domain.kit.errors import NotFound

MAX_ID_LENGTH: Final = 200


@lru_cache(maxsize=65_536)
def encode_id(type_name: str, key: object) -> str:
    """The global id of the row ``key`` (a UUID or a whole number) of a type."""
    return urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("=")


def decode_id(global_id: str, *field: str) -> tuple[str, str]:
    """The type's name and the row's key; refused with NOT_FOUND when it is no id of ours. ``field`` says which input it
    came in."""
    try:
        raw = global_id[:MAX_ID_LENGTH].encode("ascii")
        type_name, _, key = urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)).decode().partition(":")
    except ValueError:
        type_name = key = ""
    if not type_name or not key:
        raise NotFound(f"{global_id[:40]!r} is not an id", field=field or None)
    return type_name, key


def read_id(type_name: str, global_id: str, *field: str) -> UUID:
    """The row that a client means, if its id is of this type."""
    found, key = decode_id(global_id, *field)
    if found != type_name:
        raise NotFound(f"this is the id of a {found[:40]}, not of a {type_name}", field=field or None)
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(f"{global_id[:40]!r} is not the id of a {type_name}", field=field or None) from None


def read_optional_id(type_name: str, global_id: str | None, *field: str) -> UUID | None:
    """As :func:`read_id`; nothing for nothing."""
    return None if global_id is None else read_id(type_name, global_id, *field)


def read_any_id(global_id: str, *field: str) -> UUID:
    """The row that a global id of any type means."""
    return read_id(decode_id(global_id, *field)[0], global_id, *field)


def read_number_id(type_name: str, global_id: str, *field: str) -> int:
    """As :func:`read_id`, for rows that are numbered."""
    found, key = decode_id(global_id, *field)
    if found != type_name or not key.isascii() or not key.isdigit() or len(key) > 18:
        raise NotFound(f"{global_id[:40]!r} is not the id of a {type_name}", field=field or None)
    return int(key)
