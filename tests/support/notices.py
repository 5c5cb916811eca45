"""Reasons to tell somebody something, at any place of the log and any time, and carriers that remember."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.events.event import Event, LoggedEvent
from domain.identity.events import PasswordChanged, RefreshTokenReused, UserSignedIn
from domain.jobs.runner import Runner
from domain.kit.ids import new_id
from domain.notifications import settings
from domain.notifications.models import Delivery
from domain.notifications.transports import Mail, ShortMessage


def logged_at(fact: Event, position: int, occurred_at: datetime, *, actor_id: UUID | None = None) -> LoggedEvent:
    """An event at its place in the log."""
    logged = LoggedEvent(
        position, 1, fact.name, 1, tuple(fact.topics()), frozenset(fact.audience()), actor_id, new_id(), occurred_at, "{}"
    )
    logged.__dict__["fact"] = fact
    return logged


def a_sign_in(user_id: UUID, *, session_id: UUID | None = None) -> UserSignedIn:
    """HIGH: by mail as well, and repeated ones about one session are a digest."""
    return UserSignedIn(
        user_id=user_id,
        session_id=session_id or new_id(),
        device=None,
        address="198.51.100.7",
        new_address=True,
        expires_at=datetime(2031, 1, 1, tzinfo=UTC),
    )


def a_new_password(user_id: UUID) -> PasswordChanged:
    """HIGH, about nothing in particular."""
    return PasswordChanged(user_id=user_id)


def a_theft(user_id: UUID) -> RefreshTokenReused:
    """CRITICAL: by mail and text message, at any hour."""
    return RefreshTokenReused(user_id=user_id, session_id=new_id(), address="203.0.113.9")


@dataclass
class Remembering:
    """A carrier that takes everything, or raises what it was told to."""

    name: str = "FAKE"
    taken: list[Any] = field(default_factory=list)
    problems: list[Exception] = field(default_factory=list)

    async def send(self, message: Mail | ShortMessage) -> str | None:
        if self.problems:
            raise self.problems.pop(0)
        self.taken.append(message)
        return f"fake-{len(self.taken)}"


@contextmanager
def carried_by(**changes: Any) -> Iterator[None]:
    """Let these settings of notifications hold inside the block."""
    before = settings.current()
    settings.configure(replace(before, **changes))
    try:
        yield
    finally:
        settings.configure(before)


async def work_off() -> None:
    """Do what the queue holds that is due."""
    await Runner().run_what_is_there()


async def the_delivery(**wanted: Any) -> Delivery:
    """The one message of the outbox that fits."""
    [delivery] = await Delivery.filter(**wanted)
    return delivery
