"""Refusals about the transactions that the school sees in its books, and about what it chooses."""

from __future__ import annotations

from domain.kit.errors import Conflict, InvalidInput, NotFound


class TransactionNotFound(NotFound):
    """There is no such financial transaction, or none for you."""

    code = "TRANSACTION_NOT_FOUND"
    field = ("input", "transactionId")


class FeeOwnsTransaction(Conflict):
    """The transaction is the money of a fee, and changes with the fee alone."""

    code = "FEE_OWNS_TRANSACTION"
    field = ("input", "transactionId")

    def __init__(self, number: str) -> None:
        super().__init__(f"this is the money of {number}: change the fee")


class TransactionChangedMeanwhile(Conflict):
    """The transaction was changed or deleted since the caller read it; another one may stand in its place."""

    code = "TRANSACTION_CHANGED_MEANWHILE"
    field = ("input", "transactionId")


class FeeNotRepairable(Conflict):
    """What is wrong with a fee is not that the books disagree with it: its own rows do not agree."""

    code = "FEE_NOT_REPAIRABLE"

    def __init__(self, guard: str) -> None:
        super().__init__(f"this is refused by {guard}; somebody has to look at it")


class BadThreshold(InvalidInput):
    """A threshold of arrears is an amount that is not negative, in a currency that the books are kept in."""

    code = "BAD_THRESHOLD"
    field = ("input", "threshold")
