"""How wallets begin: the default currency and the demo opening credit."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.money import Money


@dataclass(frozen=True, slots=True)
class WalletSettings:
    """``opening_credit`` is given once to each new wallet of its currency; zero turns it off."""

    opening_credit: Money

    @property
    def default_currency(self) -> str:
        return self.opening_credit.currency


_settings = WalletSettings(opening_credit=Money.of("1000000.00", "INR"))


def configure(settings: WalletSettings) -> None:
    global _settings
    _settings = settings


def current() -> WalletSettings:
    return _settings
