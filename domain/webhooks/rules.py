"""What an endpoint may be: its address, what it is sent, and how long is waited before the next attempt."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from domain.events.event import every_event
from domain.webhooks.errors import InvalidWebhookUrl, UnknownEventType
from domain.webhooks.transports import Reply

MAX_URL_LENGTH: Final = 500
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first failure, the second and so on; the last again and again. Standard Webhooks recommends this schedule."""
LONGEST_ASKED_FOR: Final = timedelta(hours=24)
SPREAD: Final = 0.2


def clean_url(text: str, *, public_only: bool) -> str:
    """An address that may be sent to. Which addresses a name leads to is looked at each time something is sent."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidWebhookUrl("this is no URL") from None
    if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidWebhookUrl(f"a URL has at most {MAX_URL_LENGTH} ASCII characters and no spaces")
    if parts.scheme not in (("https",) if public_only else ("https", "http")) or not host:
        raise InvalidWebhookUrl("the URL has the form https://host/path")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidWebhookUrl("the URL holds no user, no password and no fragment")
    if public_only and not _may_be_public(host):
        raise InvalidWebhookUrl("the URL leads to a host that only this network knows")
    return url


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))


def is_public(address: str) -> bool:
    """Whether an IP address is one that the whole Internet knows; ValueError for what is no address."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def known_types(types: Collection[str], domains: Collection[str]) -> tuple[list[str], list[str]]:
    """The names of events and businesses, each once and in order, if there are such."""
    kinds = every_event()
    return (
        _known(types, {kind.name for kind in kinds}, "types"),
        _known(domains, {kind.domain() for kind in kinds}, "domains"),
    )


def _known(asked: Collection[str], known: Collection[str], field: str) -> list[str]:
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise UnknownEventType(f"there are no events of {unknown[0][:60]!r}", field=("input", field))
    return sorted(set(asked))


def pause_after(failures: int, reply: Reply | None) -> timedelta:
    """How long to wait after the so-manieth failure in a row: not the same for all who wait, and not less than was asked."""
    planned: timedelta = PAUSES[min(failures, len(PAUSES)) - 1] * random.uniform(1 - SPREAD, 1 + SPREAD)
    asked = timedelta(seconds=reply.after_s) if reply is not None and reply.after_s is not None else timedelta()
    return max(planned, min(asked, LONGEST_ASKED_FOR))
