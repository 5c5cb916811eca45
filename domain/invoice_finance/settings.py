"""What an installation may choose about invoice finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class InvoiceSettings:
    """``default_fee_bps`` of what a debtor still owes when the invoice defaults is the platform's, for the recovery."""

    default_fee_bps: int = 100
    funding_period: timedelta = timedelta(days=30)
    grace_days: int = 5


_settings = InvoiceSettings()


def configure(settings: InvoiceSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> InvoiceSettings:
    return _settings
