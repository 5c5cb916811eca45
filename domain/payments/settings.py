"""What an installation may choose about payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.kit.money import Money
from domain.payments.rules.timing import RECON_BATCH, RECON_INTERVAL

MOST_AT_ONCE = Money.of(250_000, "KES")
"""More M-Pesa does not move in one payment."""


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    """How long things are waited for, and how often payments are looked at.

    Every ``recon_interval`` up to ``recon_batch`` payments are asked about that are stuck. The callback of a prompt is late
    after ``callback_within`` from when the provider took it, and the prompt is over after ``expires_after``. A message that
    fits nothing we know is looked at again for ``park_for``. With ``confirm_callbacks`` a callback that says paid counts
    only once the provider, asked by us, says so too. Clients of the feed are told that connections give a sign of life every
    ``heartbeat_interval``, and how long to wait before they connect again.
    """

    recon_interval: timedelta = RECON_INTERVAL
    recon_batch: int = RECON_BATCH
    callback_within: timedelta = timedelta(seconds=75)
    expires_after: timedelta = timedelta(seconds=300)
    park_for: timedelta = timedelta(seconds=120)
    keep_results: timedelta = timedelta(days=90)
    keep_bodies: timedelta = timedelta(days=30)
    confirm_callbacks: bool = False
    has_account: bool = False
    """Whether there is a provider whom we can ask to prompt telephones."""
    most: Money = MOST_AT_ONCE
    """Of one payment: so much is asked for, and so much a customer may pay on their own."""
    short_codes: frozenset[str] = frozenset()
    """Ours, where money may come; none when that is not looked at."""
    prompts_of_phone: int = 6
    prompts_by_person: int = 20
    """So many prompts of one telephone, and for one person who does not collect for the house, in ten minutes: nobody is to
    pester others with them."""
    takes_commands: bool = False
    """Whether the provider lets us reverse, and ask after receipts."""
    heartbeat_interval: timedelta = timedelta(seconds=30)
    reconnect_delay: timedelta = timedelta(seconds=5)


_settings = PaymentSettings()


def configure(settings: PaymentSettings) -> None:
    """Set what holds for this process from now on."""
    global _settings
    _settings = settings


def current() -> PaymentSettings:
    return _settings
