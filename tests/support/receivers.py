"""A receiver of webhooks, as the domain sees it: takes messages, or answers what it was told to."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from domain.webhooks.transports import NoReply, Reply


@dataclass(frozen=True)
class Posted:
    """A message that was posted, and how it is shown to be from whom it says."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def told(self) -> Any:
        return orjson.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it that knows nothing but the specification."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mine = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        return mine in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """``answers`` are given to the next messages instead of taking them; an exception is raised."""

    posts: list[Posted] = field(default_factory=list)
    answers: list[Reply | NoReply] = field(default_factory=list)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.posts.append(Posted(url, body, dict(headers)))
        answer = self.answers.pop(0) if self.answers else Reply(204)
        if isinstance(answer, NoReply):
            raise answer
        return answer

    @property
    def types(self) -> list[str]:
        return [post.told["type"] for post in self.posts]
