"""Text messages by HTTP, to the provider that an installation names.

A message is posted as JSON, ``{"to", "from", "text", "reference"}``, with a bearer token. ``Idempotency-Key`` is its id in
the outbox, so a provider that knows the header sends it once however often it is posted. Of the answer, ``id`` is kept.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

import httpx

from api.retrying import retry_after_s
from domain.notifications.transports import CarrierAway, MessageRefused, ShortMessage

ANSWER_WITHIN_S: Final = 10.0
MAX_ANSWER_SHOWN: Final = 200
# Answers that have nothing to do with the message: who we are, how many we send, or where the provider lives now.
NOT_ABOUT_THE_MESSAGE: Final = frozenset({401, 402, 403, 404, 405, 407, 408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class SmsProvider:
    """An address that takes text messages, the token that lets us in, and the name that telephones show."""

    url: str
    token: str = field(repr=False)
    sender: str

    name = "HTTP"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the SMS provider has the form https://host/path")
        if not self.token or not self.sender:
            raise ValueError("an SMS provider needs a token and a sender")

    @property
    def tells_token_openly(self) -> bool:
        return not self.url.startswith("https:")

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    async def send(self, message: ShortMessage) -> str | None:
        """Returns the id that the provider gave the message."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(message.id)}
        body = {"to": message.to, "from": self.sender, "text": message.text, "reference": str(message.id)}
        try:
            async with httpx.AsyncClient(timeout=ANSWER_WITHIN_S, verify=self._trust) as client:
                answer = await client.post(self.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise CarrierAway(f"the SMS provider cannot be reached: {error or type(error).__name__}") from error
        if not answer.is_success:
            raise _meaning(answer)
        return _id_in(answer)


def _meaning(answer: httpx.Response) -> CarrierAway | MessageRefused:
    reason = f"HTTP {answer.status_code} {answer.text[:MAX_ANSWER_SHOWN]}".strip()
    if answer.is_client_error and answer.status_code not in NOT_ABOUT_THE_MESSAGE:
        return MessageRefused(reason, for_good=True)
    return CarrierAway(reason, after_s=retry_after_s(answer.headers.get("Retry-After")))


def _id_in(answer: httpx.Response) -> str | None:
    try:
        known_as = answer.json()["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return str(known_as) if isinstance(known_as, str | int) else None
