"""The carrier of webhooks, as the domain sees it: something that posts a message, and says what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``after_s`` is when the server wants to be asked again, if it says."""

    status: int
    after_s: float | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


class NoReply(Exception):
    """The server could not be reached, or did not answer in time."""


class Carrier(Protocol):
    """Posts a message once. Follows no redirects."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply: ...


class NoCarrier:
    """Where nobody carries webhooks, nothing can be sent."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        raise NoReply("this process sends no webhooks")
