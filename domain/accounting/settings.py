"""What an installation may choose about accounting."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.kit.money import Money
from domain.wallets import settings as wallet_settings


@dataclass(frozen=True, slots=True)
class AccountingSettings:
    """What is above ``approval_threshold`` (major units of each voucher's own currency) takes two people.

    ``currency`` is the one of statements for which none is asked; None for the house's default.
    """

    approval_threshold: Decimal = Decimal(100_000)
    currency: str | None = None

    @property
    def default_currency(self) -> str:
        return self.currency or wallet_settings.current().default_currency

    def takes_two(self, amount: Money) -> bool:
        """Whether one person alone may not bring so much into the books."""
        return amount.amount > self.approval_threshold


_settings = AccountingSettings()


def configure(settings: AccountingSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> AccountingSettings:
    return _settings
