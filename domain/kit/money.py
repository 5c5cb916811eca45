"""Money: an exact whole number of minor units in one currency.

Amounts never pass through binary floating point. A Money can be negative (a balance can), but amounts that a caller sends
in are checked by :meth:`Money.parse`, which is strict about what people type and programs produce: no NaN, no infinity,
no more decimals than the currency has, no digits beyond what a bigint holds with room to add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final

from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput

# ISO 4217: code -> number of decimals. The currencies that the books can be kept in.
CURRENCIES: Final[dict[str, int]] = {
    "AED": 2, "BHD": 3, "BIF": 0, "EUR": 2, "GBP": 2, "GHS": 2, "INR": 2, "JPY": 0,
    "KES": 2, "NGN": 2, "RWF": 0, "TZS": 2, "UGX": 0, "USD": 2, "XAF": 0, "XOF": 0, "ZAR": 2,
}  # fmt: skip

_SHIFTS: Final = {currency: Decimal(-decimals) for currency, decimals in CURRENCIES.items()}
"""From minor to major units."""

MAX_AMOUNT_MINOR: Final = 10**15
"""The largest single amount in minor units: far above any invoice, and 9,000 of them still fit a bigint sum."""

_ASCII_NUMBER: Final = frozenset("0123456789.-+")


def decimals_of(currency: str) -> int:
    """The number of decimals of an ISO 4217 currency; an unknown currency is refused."""
    try:
        return CURRENCIES[currency]
    except KeyError:
        raise InvalidInput(f"{currency[:12]!r} is not a currency the books are kept in") from None


@dataclass(frozen=True, slots=True)
class Money:
    """``amount_minor`` minor units (cents, paise) of ``currency`` (ISO 4217)."""

    amount_minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """An exact amount in major units. Refuses what :meth:`parse` refuses, but allows zero and negative amounts."""
        decimals = decimals_of(currency)
        if isinstance(amount, str) and not _ASCII_NUMBER.issuperset(amount):
            raise InvalidAmount(f"{amount[:40]!r} is not a plain decimal number")
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise InvalidAmount(f"{str(amount)[:40]!r} is not a number") from None
        if not value.is_finite():
            raise InvalidAmount("an amount must be a finite number")
        if value.adjusted() > 18 or len(value.as_tuple().digits) > 40:
            raise InvalidAmount("the amount is too large")
        minor = value.scaleb(decimals)
        if minor != minor.to_integral_value():
            raise InvalidAmount(f"{currency} has {decimals} decimals; {amount} has more")
        if abs(minor) > MAX_AMOUNT_MINOR:
            raise InvalidAmount("the amount is too large")
        return cls(int(minor), currency)

    @classmethod
    def parse(cls, amount: Decimal | int | str, currency: str) -> Money:
        """An amount that somebody asks to move: exact and greater than zero."""
        money = cls.of(amount, currency)
        if money.amount_minor <= 0:
            raise InvalidAmount("an amount must be greater than zero")
        return money

    @property
    def amount(self) -> Decimal:
        """In major units, with exactly the currency's decimals: ``Decimal('750000.00')``."""
        shift = _SHIFTS.get(self.currency)
        return Decimal(self.amount_minor).scaleb(-decimals_of(self.currency) if shift is None else shift)

    @property
    def amount_text(self) -> str:
        """The amount as text, ``750000.00``, without the detour by a decimal number."""
        return text_of_amount(self.amount_minor, self.currency)

    @property
    def formatted(self) -> str:
        """For people and messages: ``INR 750,000.00``."""
        return f"{self.currency} {self.amount:,.{decimals_of(self.currency)}f}"

    def __str__(self) -> str:
        return self.formatted

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __add__(self, other: Money) -> Money:
        self.require_same_currency(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self.require_same_currency(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self.require_same_currency(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: Money) -> bool:
        self.require_same_currency(other)
        return self.amount_minor <= other.amount_minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{other.currency} cannot be used where {self.currency} is expected")

    def times(self, factor: Decimal) -> Money:
        """Multiplied by a factor, rounded half-even to the minor unit."""
        product = (self.amount_minor * factor).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return Money(int(product), self.currency)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Shares in proportion to whole non-negative weights that sum exactly to this amount.

        Largest-remainder method: each gets the floor of its exact share, and the minor units left over go one each to
        the largest remainders, earlier positions first: 100.00 over three equal weights is 33.34, 33.33, 33.33.
        """
        assert self.amount_minor >= 0, "only an amount of zero or more can be split"
        assert weights and min(weights) >= 0, "weights must be whole and not negative"
        total = sum(weights)
        assert total > 0, "at least one weight must be positive"
        floors = [self.amount_minor * weight // total for weight in weights]
        left_over = self.amount_minor - sum(floors)
        by_remainder = sorted(range(len(weights)), key=lambda i: -(self.amount_minor * weights[i] % total))
        for i in by_remainder[:left_over]:
            floors[i] += 1
        return [Money(share, self.currency) for share in floors]


class MoneyOf:
    """An attribute of a row that shows a column of minor units as Money in the row's own currency.

    ``fee = MoneyOf("fee_minor")`` stands for a property of four lines, of which a table of sums needs many.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: type[Any]) -> Money:
        return Money(getattr(row, self.column), row.currency)


def text_of_amount(amount_minor: int, currency: str) -> str:
    """:attr:`Money.amount_text` of so many minor units, for those who write many and need no Money."""
    if CURRENCIES.get(currency) == 2 and amount_minor >= 0:
        return f"{amount_minor // 100}.{amount_minor % 100:02d}"
    return f"{Money(amount_minor, currency).amount:f}"
