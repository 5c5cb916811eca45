"""The arithmetic of an invoice offer, and nothing else: advance, fee, reserve, rebate, shares, due dates.

Amounts are whole minor units of one currency; rates are basis points (hundredths of a percent). Rounding is half-even to
the minor unit, splits are by largest remainder, so whatever comes in goes out exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from domain.invoice_finance.states import FeeMethod
from domain.kit.errors import InvalidInput
from domain.kit.money import Money

WHOLE_BPS: Final = 10_000
DAYS_OF_A_MONTH: Final = 30
DAYS_OF_A_YEAR: Final = 365
MAX_FEE_BPS: Final = 5_000
MAX_TIERS: Final = 12
MAX_TENOR_DAYS: Final = 3 * DAYS_OF_A_YEAR
MAX_GRACE_DAYS: Final = 90
MAX_PARTS: Final = 500
"""Into how many investments an offer can be cut: the smallest allowed one follows from it."""


@dataclass(frozen=True, slots=True)
class FeeTier:
    """``rate_bps`` of the face value when the debtor has paid by day ``up_to_days``, that day included."""

    up_to_days: int
    rate_bps: int


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What the advance costs. ``rate_bps`` is of the face value; with PRORATED, of the face value for 30 days."""

    method: FeeMethod
    rate_bps: int = 0
    tiers: tuple[FeeTier, ...] = ()

    def __post_init__(self) -> None:
        if self.method is FeeMethod.TIERED:
            self._check_tiers()
        elif self.tiers:
            raise InvalidInput("only a tiered fee has tiers", field=("input", "fee", "tiers"))
        if not 0 <= self.rate_bps <= MAX_FEE_BPS:
            raise InvalidInput("a fee rate is from 0 to 50 percent", field=("input", "fee", "rate"))

    def _check_tiers(self) -> None:
        field = ("input", "fee", "tiers")
        if self.rate_bps:
            raise InvalidInput("a tiered fee has a rate in each tier and no other", field=("input", "fee", "rate"))
        if not 1 <= len(self.tiers) <= MAX_TIERS:
            raise InvalidInput(f"a tiered fee has 1 to {MAX_TIERS} tiers", field=field)
        if any(not 0 <= tier.rate_bps <= MAX_FEE_BPS for tier in self.tiers):
            raise InvalidInput("a fee rate is from 0 to 50 percent", field=field)
        if any(not 1 <= tier.up_to_days <= MAX_TENOR_DAYS for tier in self.tiers):
            raise InvalidInput(f"a tier ends on day 1 to {MAX_TENOR_DAYS}", field=field)
        for earlier, later in pairwise(self.tiers):
            # What investors are entitled to may only grow with time, or an early payout could turn out to be too much.
            if later.up_to_days <= earlier.up_to_days or later.rate_bps < earlier.rate_bps:
                raise InvalidInput("each tier ends later than the one before and does not cost less", field=field)

    def fee(self, face: Money, days: int) -> Money:
        """The fee when the debtor pays ``days`` days after the advance. Past the last tier its rate holds on."""
        days = max(0, days)
        match self.method:
            case FeeMethod.FLAT:
                share = Fraction(self.rate_bps, WHOLE_BPS)
            case FeeMethod.TIERED:
                tier = next((tier for tier in self.tiers if days <= tier.up_to_days), self.tiers[-1])
                share = Fraction(tier.rate_bps, WHOLE_BPS)
            case FeeMethod.PRORATED:
                share = Fraction(self.rate_bps * days, WHOLE_BPS * DAYS_OF_A_MONTH)
        return portion(face, share)

    def tiers_as_json(self) -> list[dict[str, int]]:
        return [{"up_to_days": tier.up_to_days, "rate_bps": tier.rate_bps} for tier in self.tiers]

    @staticmethod
    def tiers_from_json(image: Sequence[dict[str, Any]]) -> tuple[FeeTier, ...]:
        return tuple(FeeTier(int(tier["up_to_days"]), int(tier["rate_bps"])) for tier in image)


def portion(amount: Money, share: Fraction) -> Money:
    """A share of an amount, rounded half-even to the minor unit."""
    return Money(round(amount.amount_minor * share), amount.currency)


def bps_of(percent: Decimal, *, field: tuple[str, ...]) -> int:
    """A percentage such as 2.50 as basis points; more than two decimals are refused."""
    if not percent.is_finite() or abs(percent) > WHOLE_BPS or len(percent.as_tuple().digits) > 20:
        raise InvalidInput("a percentage is a plain number", field=field)
    bps = percent * 100
    if bps != bps.to_integral_value():
        raise InvalidInput("a percentage has two decimals at most", field=field)
    return int(bps)


def percent_of(bps: int) -> Decimal:
    """Basis points as a percentage with two decimals: 250 is ``Decimal('2.50')``."""
    return Decimal(bps).scaleb(-2)


def advance_of(face: Money, advance_rate_bps: int) -> Money:
    """What investors are asked for: 10,000 at 80 percent is 8,000, which leaves a reserve of 2,000."""
    return portion(face, Fraction(advance_rate_bps, WHOLE_BPS))


def least_investment(requested: Money) -> Money:
    """The smallest minimum that an offer may ask for: a 500th of it, so that it has a bounded number of investors."""
    return Money(max(1, -(-requested.amount_minor // MAX_PARTS)), requested.currency)


def rebate_of(reserve: Money, fee: Money) -> Money:
    """What is left of the reserve for the seller after the fee; never below zero."""
    return Money(max(0, reserve.amount_minor - fee.amount_minor), reserve.currency)


def entitlement(face: Money, advance: Money, fee: Money, platform_fee: Money) -> Money:
    """What investors get of a face value in all: their advance and the fee, as far as it reaches.

    A platform fee after default is met first. Whatever is missing eats the reserve before it eats the investors' part.
    """
    return min(face - platform_fee, advance + fee)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Whom one payment goes to, in this order; the three parts sum to the payment."""

    platform: Money
    investors: Money
    seller: Money


def pour(amount: Money, *, platform_owed: Money, investors_owed: Money) -> Waterfall:
    """Pass a payment down: what the platform is still owed, then what investors are, and the rest to the seller."""
    platform = min(amount, platform_owed)
    investors = min(amount - platform, investors_owed)
    return Waterfall(platform, investors, amount - platform - investors)


def split_among(amount: Money, entitled: Money, principals: Sequence[int], paid: Sequence[int]) -> list[Money]:
    """One payment's share for each investment, in proportion to what each is still owed of ``entitled``.

    ``entitled`` is what all of them get in the end, split by principal; ``paid`` is what each got of it so far. Splitting
    by what is still owed, and not by principal, makes instalments exact: no share is negative, and once all is paid each
    has to the minor unit what one payment of everything would have given.
    """
    targets = entitled.split(principals)
    owed = [max(0, target.amount_minor - got) for target, got in zip(targets, paid, strict=True)]
    return amount.split(owed if any(owed) else principals)


def yield_bps(advance: Money, entitled: Money, days: int) -> int:
    """The simple yearly return of getting ``entitled`` back for ``advance`` after ``days``, in basis points."""
    if advance.amount_minor == 0:
        return 0
    gain = Fraction(entitled.amount_minor - advance.amount_minor, advance.amount_minor)
    return round(gain * WHOLE_BPS * DAYS_OF_A_YEAR / max(1, days))


def is_overdue(on: date, due_on: date) -> bool:
    """From the day after the due date."""
    return on > due_on


def grace_ends_on(due_on: date, grace_days: int) -> date:
    """The last day on which a payment still prevents the default."""
    return due_on + timedelta(days=grace_days)


def is_in_default(on: date, due_on: date, grace_days: int) -> bool:
    """Only once the whole grace has passed: a payment on its last day counts."""
    return on > grace_ends_on(due_on, grace_days)
