"""Money as clients see and send it."""

from __future__ import annotations

from decimal import Decimal

from domain.kit import money
from domain.kit.errors import CurrencyMismatch, InvalidAmount, InvalidInput
from schema.kit.fields import attribute
from schema.kit.scalars import CurrencyCode
from schema.kit.types import input_type, object_type


@object_type("An exact amount in one currency. It is never rounded on the way; what was rounded, says so where it is.")
class Money:
    amount: Decimal = attribute('In major units with exactly the currency\'s decimals, such as `"1250.00"`.')
    currency: CurrencyCode = attribute("The currency.")
    formatted: str = attribute("For people: `INR 1,250.00`.")


@input_type("An amount that somebody asks to move or to set.")
class MoneyInput:
    amount: Decimal = attribute(
        "In major units, with no more decimals than the currency has: greater than zero, or from zero where that is said."
    )
    currency: CurrencyCode = attribute("The currency.")

    def parse(self, *field: str, zero: bool = False) -> money.Money:
        """The exact amount, greater than zero or with ``zero`` from zero on; a refusal names ``field``, such as
        ``("input", "amount")``."""
        try:
            amount = money.Money.of(self.amount, self.currency)
            if amount.amount_minor < 0 or not (amount or zero):
                raise InvalidAmount("an amount must not be negative" if zero else "an amount must be greater than zero")
            return amount
        except (InvalidAmount, CurrencyMismatch, InvalidInput) as refusal:
            refusal.field = field or None
            raise
