"""What an installation may choose about the school, and what the school itself chooses while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.kit.money import Money
from domain.school.rules.arrears import threshold_in
from domain.wallets import settings as wallet_settings


@dataclass(frozen=True, slots=True)
class SchoolSettings:
    """``chosen_currency`` is the one of figures and fees of which nobody says another; None for the house's default.

    Unlike a mill, the school may have several: each fee is in one.
    """

    chosen_currency: str | None = None

    @property
    def currency(self) -> str:
        return self.chosen_currency or wallet_settings.current().default_currency


_settings = SchoolSettings()


def configure(settings: SchoolSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> SchoolSettings:
    return _settings


def threshold_of(thresholds: Mapping[str, int] | None, currency: str) -> Money:
    """Above how much arrears are high: what the school chose, by the column of its setting, or else the usual amount."""
    chosen = None if thresholds is None else thresholds.get(currency)
    return threshold_in(currency) if chosen is None else Money(chosen, currency)
