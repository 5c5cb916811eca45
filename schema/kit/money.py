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
    amount: Decimal = attribute("In major units: greater than zero, with no more decimals than the currency has.")
    currency: CurrencyCode = attribute("The currency.")

    def parse(self, *field: str) -> money.Money:
        """The exact amount, greater than zero; a refusal names ``field``, such as ``("input", "amount")``."""
        try:
            return money.Money.parse(self.amount, self.currency)
        except (InvalidAmount, CurrencyMismatch, InvalidInput) as refusal:
            refusal.field = field or None
            raise
