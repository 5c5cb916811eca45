"""How a simulator is set up: its seed, how often it misbehaves, how quick its customers are, and who may use it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

SHORT_CODE: Final = "600000"
PASSKEY: Final = "simulator-passkey"
CONSUMER_KEY: Final = "simulator-key"
CONSUMER_SECRET: Final = "simulator-secret"
INITIATOR: Final = "simulator-operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Of a hundred payments, how many go wrong in which way; one payment in one way only.

    ``declined`` counts among those that nothing else happens to. ``odd_types`` is about how messages are written, not about
    what they say, and counts among all.
    """

    duplicate: float = 5.0
    late: float = 3.0
    missing: float = 2.0
    mismatched: float = 1.0
    reversed: float = 0.5
    out_of_order: float = 1.0
    declined: float = 5.0
    odd_types: float = 20.0

    def __post_init__(self) -> None:
        for rate in fields(self):
            if not 0 <= getattr(self, rate.name) <= 100:
                raise ValueError(f"the rate of {rate.name} is a percentage, from 0 to 100")
        if self.duplicate + self.late + self.missing + self.mismatched + self.reversed + self.out_of_order > 100:
            raise ValueError("more than all payments would misbehave")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """Delays change when things happen, never what happens: that hangs on the seed and on the payments alone."""

    seed: str
    rates: Rates = Rates()
    delay_s: float = 3.0
    late_s: float = 90.0
    reversal_s: float = 30.0
    token_lives_s: int = 3599
    capacity: int = 20_000
    """Payments that are remembered; the oldest are forgotten first."""
    confirms_prompts: bool = False
    """Whether a prompt that was paid is confirmed at the Paybill's registered address as well, as Safaricom does."""
    short_code: str = SHORT_CODE
    passkey: str = PASSKEY
    consumer_key: str = CONSUMER_KEY
    consumer_secret: str = CONSUMER_SECRET
    initiator: str = INITIATOR

    def __post_init__(self) -> None:
        delays = (self.delay_s, self.late_s, self.reversal_s)
        if not all(0 <= delay < math.inf for delay in delays) or self.token_lives_s < 1 or self.capacity < 1:
            raise ValueError("delays are not negative and end, tokens live for a second, and one payment is remembered")
