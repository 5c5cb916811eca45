"""What the ledger refuses."""

from __future__ import annotations

from domain.kit.errors import DomainError
from domain.kit.money import Money


class InsufficientFunds(DomainError):
    """The account has less available than the amount asked for; what is on hold is not available."""

    code = "INSUFFICIENT_FUNDS"
    field = ("input", "amount")

    def __init__(self, available: Money, needed: Money | None = None, *, field: tuple[str, ...] | None = None) -> None:
        self.available = available
        self.needed = needed
        asked = f"{needed} is needed, but only " if needed else "only "
        super().__init__(f"{asked}{available} is available", field=field)


class UnbalancedEntry(DomainError):
    """Debits and credits of the entry are not equal in each currency, or it has fewer than two lines."""

    code = "UNBALANCED_ENTRY"
    field = ("input", "lines")


class AccountNotFound(DomainError):
    """There is no such account in this currency."""

    code = "ACCOUNT_NOT_FOUND"
    field = ("input", "lines")


class AccountNotManual(DomainError):
    """The account is kept by a process, such as a wallet's; it takes no entries by hand."""

    code = "ACCOUNT_NOT_MANUAL"
    field = ("input", "lines")


class EntryNotFound(DomainError):
    """There is no such journal entry."""

    code = "ENTRY_NOT_FOUND"
    field = ("input", "entryId")


class AlreadyReversed(DomainError):
    """The entry was reversed before; an entry is reversed once."""

    code = "ALREADY_REVERSED"
    field = ("input", "entryId")


class EntryNotReversible(DomainError):
    """The entry belongs to a business process, or is itself a reversal; it cannot be reversed by hand."""

    code = "ENTRY_NOT_REVERSIBLE"
    field = ("input", "entryId")


class PeriodClosed(DomainError):
    """The date lies in a fiscal period that is closed; nothing can be dated into it."""

    code = "PERIOD_CLOSED"
    field = ("input", "effectiveOn")


class HoldNotPending(DomainError):
    """The hold was posted, given back or expired before; a hold ends once."""

    code = "HOLD_NOT_PENDING"


class HoldExceeded(DomainError):
    """More was to be posted than is held."""

    code = "HOLD_EXCEEDED"
