"""What an installation may choose about lending."""

from __future__ import annotations

from dataclasses import dataclass

from domain.wallets import settings as wallet_settings


@dataclass(frozen=True, slots=True)
class LendingSettings:
    """``currency`` is the one of dashboards and lists for which none is asked; None for the house's default."""

    currency: str | None = None

    @property
    def default_currency(self) -> str:
        return self.currency or wallet_settings.current().default_currency


_settings = LendingSettings()


def configure(settings: LendingSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> LendingSettings:
    return _settings
