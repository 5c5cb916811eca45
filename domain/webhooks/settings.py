"""What an installation chooses about webhooks: who carries them, how long it is patient, which addresses it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from domain.webhooks.transports import Carrier, NoCarrier


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """``secret`` is what the signing secrets follow from. ``public_only`` refuses plain HTTP, and addresses that only this
    house's own network knows. An endpoint that fails for ``disable_after`` is disabled."""

    secret: str = field(default="a secret for development", repr=False)
    carrier: Carrier = field(default_factory=NoCarrier)
    public_only: bool = True
    disable_after: timedelta = timedelta(days=5)
    keep_attempts: timedelta = timedelta(days=30)


_settings = WebhookSettings()


def configure(settings: WebhookSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> WebhookSettings:
    return _settings
