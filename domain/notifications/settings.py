"""What an installation chooses about notifications: who carries mail and text messages, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from domain.notifications.models import Channel
from domain.notifications.transports import Mailer, Recorder, Texter


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    mailer: Mailer = field(default_factory=Recorder)
    texter: Texter = field(default_factory=Recorder)
    # Repeated messages of one kind about one thing: the first goes at once, the others together when this has passed.
    digest_window: timedelta = timedelta(minutes=10)
    # So often may the server answer no before a message is a dead letter. A server that is away does not count.
    max_refusals: int = 6
    # Pauses between attempts double from the first to the longest, give or take half.
    first_pause: timedelta = timedelta(seconds=5)
    longest_pause: timedelta = timedelta(minutes=5)
    # Where what concerns the whole house goes; without one, to the address of each who is told.
    house_mail: str | None = None
    house_phone: str | None = None

    def house_address(self, channel: Channel) -> str | None:
        return {Channel.MAIL: self.house_mail, Channel.SMS: self.house_phone}.get(channel)


_settings = NotificationSettings()


def configure(settings: NotificationSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> NotificationSettings:
    return _settings
