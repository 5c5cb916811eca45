"""Carriers of mail and text messages, as the domain sees them: something that takes a message, or says why not.

The adapters for a mail server and for an SMS provider are at the edge. Where there is none, the recorder takes the
message: it stays readable in the outbox and goes nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one person. ``id`` is the same at every attempt, so that a receiver can recognise a repeat."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A text message to one telephone, of characters that fit into one. ``id`` as of :class:`Mail`."""

    id: UUID
    to: str
    text: str


class Mailer(Protocol):
    """Takes mail. Returns what the server calls it, if it says."""

    @property
    def name(self) -> str: ...

    async def send(self, message: Mail) -> str | None: ...


class Texter(Protocol):
    """Takes text messages. Returns what the provider calls it, if it says."""

    @property
    def name(self) -> str: ...

    async def send(self, message: ShortMessage) -> str | None: ...


class Recorder:
    """Takes everything and sends nothing."""

    name = "RECORDED"

    async def send(self, message: Mail | ShortMessage) -> str | None:
        return None


class CarrierAway(Exception):
    """The server cannot be reached or serves nobody now, whatever the message: all of them wait until it is back.

    ``after_s`` is when the server wants to be asked again, if it says.
    """

    def __init__(self, reason: str, *, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class MessageRefused(Exception):
    """The server answered no to this message. ``for_good`` when it will say so every time."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good
