"""What an installation may choose about the mill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.wallets import settings as wallet_settings


@dataclass(frozen=True, slots=True)
class MillingSettings:
    """``chosen_currency`` is the one in which stock is valued and all documents are; None for the house's default.

    It must not change once there are documents. ``alert_percent`` is how full a new warehouse is when somebody should look,
    unless something else is said. Alerts are looked over every ``notification_check``, and a live dashboard is shown every
    ``dashboard_refresh`` to whoever asks for nothing else.
    """

    chosen_currency: str | None = None
    alert_percent: int = 90
    notification_check: timedelta = timedelta(seconds=60)
    dashboard_refresh: timedelta = timedelta(seconds=30)

    @property
    def currency(self) -> str:
        return self.chosen_currency or wallet_settings.current().default_currency


_settings = MillingSettings()


def configure(settings: MillingSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> MillingSettings:
    return _settings
