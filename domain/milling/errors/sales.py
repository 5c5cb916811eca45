"""Refusals about what a sale comes to and how it is paid."""

from __future__ import annotations

from domain.kit.errors import Conflict, InvalidInput


class ChannelNotPossible(InvalidInput):
    """Money cannot take this way here: nobody records a payment out of somebody else's wallet."""

    code = "CHANNEL_NOT_POSSIBLE"
    field = ("input", "method")


class InvalidDiscount(InvalidInput):
    """A discount is from 0 to 100 percent, or an amount that is not more than what it is taken off."""

    code = "INVALID_DISCOUNT"
    field = ("input", "discount")


class PriceRequired(InvalidInput):
    """The item has no price of its own; say what it is sold for."""

    code = "PRICE_REQUIRED"


class ReferenceMissing(InvalidInput):
    """Mobile money is recorded with the reference of its receipt."""

    code = "REFERENCE_MISSING"
    field = ("input", "reference")


class ReceiptAlreadyRecorded(Conflict):
    """A payment with this reference was recorded before; money is recorded once."""

    code = "PAYMENT_ALREADY_RECORDED"
    field = ("input", "reference")


class SaleWithInvestors(Conflict):
    """Investors finance the sale's invoice, or may soon: until that is over it takes no money and nothing back."""

    code = "SALE_WITH_INVESTORS"
    field = ("input", "saleId")
