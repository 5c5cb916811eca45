"""Which media type a client wants, as its Accept header ranks them (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

RESPONSE_JSON: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
HTML: Final = "text/html"


LONGEST_REMEMBERED: Final = 500
"""Clients send few different headers, so what these mean is remembered; strangers may send long ones, new each time."""


def chosen_type(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered type that the client likes best, None when it takes none. Of several that it likes equally it is the
    one that the client names first, and of those that it does not tell apart, as with ``*/*``, the one offered first."""
    if not accept:
        return offered[0]
    return (_known_choice if len(accept) <= LONGEST_REMEMBERED else _choice)(accept, offered)


def _choice(accept: str, offered: tuple[str, ...]) -> str | None:
    if not accept.strip():
        return offered[0]
    wishes = _wishes(accept)
    best, best_rank = None, (0.0, 0)
    for media_type in offered:
        quality, position = _wish_for(media_type, wishes)
        if quality > 0 and (best is None or (quality, -position) > best_rank):
            best, best_rank = media_type, (quality, -position)
    return best


_known_choice = lru_cache(maxsize=256)(_choice)


def _wishes(accept: str) -> list[tuple[str, float]]:
    wishes = []
    for part in accept.split(","):
        media_range, *parameters = (each.strip().lower() for each in part.split(";"))
        if media_range and _charset_fits(parameters):
            wishes.append((media_range, _q_of(parameters)))
    return wishes


def _charset_fits(parameters: Sequence[str]) -> bool:
    return all(not each.startswith("charset=") or each[8:].strip('"') in ("utf-8", "utf8") for each in parameters)


def _q_of(parameters: Sequence[str]) -> float:
    for each in parameters:
        if each.startswith("q="):
            try:
                return min(1.0, max(0.0, float(each[2:])))
            except ValueError:
                return 0.0
    return 1.0


def _wish_for(media_type: str, wishes: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """The quality of the most specific wish that fits, and where in the header it stands."""
    kind = media_type.partition("/")[0]
    for media_range in (media_type, f"{kind}/*", "*/*"):
        for position, (wished, quality) in enumerate(wishes):
            if wished == media_range:
                return quality, position
    return 0.0, len(wishes)


def is_json(content_type: str | None) -> bool:
    """Whether a body is declared as JSON in UTF-8, the one encoding that JSON has."""
    if content_type is None:
        return False
    return content_type == JSON or _means_json(content_type)


def _means_json(content_type: str) -> bool:
    media_type, *parameters = (each.strip().lower() for each in content_type.split(";"))
    return media_type == JSON and _charset_fits(parameters)
