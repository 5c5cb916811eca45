"""What accounting refuses."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class ExpenseNotFound(NotFound):
    """There is no such expense, or the caller may not know of it."""

    code = "EXPENSE_NOT_FOUND"
    field = ("input", "expenseId")


class RevenueNotFound(NotFound):
    """There is no such revenue, or the caller may not know of it."""

    code = "REVENUE_NOT_FOUND"
    field = ("input", "revenueId")


class TransferNotFound(NotFound):
    """There is no such transfer between accounts of the house, or the caller may not know of it."""

    code = "TRANSFER_NOT_FOUND"
    field = ("input", "transferId")


class DraftNotFound(NotFound):
    """There is no such draft of a journal entry, or the caller may not know of it."""

    code = "DRAFT_NOT_FOUND"
    field = ("input", "draftId")


class NotUnposted(DomainError):
    """It is in the books already, or was thrown away; it can be neither changed, nor posted, nor thrown away."""

    code = "NOT_A_DRAFT"


class NotPosted(DomainError):
    """It is not in the books, or was taken back before; there is nothing to take back."""

    code = "NOT_POSTED"


class NotPending(DomainError):
    """Nobody asked for its approval, or it was decided before."""

    code = "NOT_PENDING_APPROVAL"


class AccountNotSuitable(DomainError):
    """The account is of the house, but not of the kind that is wanted here."""

    code = "ACCOUNT_NOT_SUITABLE"


class SameAccount(DomainError):
    """Money cannot be moved from an account to itself."""

    code = "SAME_ACCOUNT"
    field = ("input", "toAccountId")


class TooManyPapers(InvalidInput):
    """So many papers cannot be added to a voucher, or none was named."""

    code = "TOO_MANY_PAPERS"
    field = ("input", "fileIds")


class MissingInput(InvalidInput):
    """Something that must be said is missing."""

    code = "MISSING_INPUT"


class DateInFuture(InvalidInput):
    """The date is still to come; the books tell of what has happened."""

    code = "DATE_IN_FUTURE"
    field = ("input", "datedOn")


class PeriodNotFound(NotFound):
    """There is no such fiscal period."""

    code = "PERIOD_NOT_FOUND"
    field = ("input", "periodId")


class YearNotFound(NotFound):
    """There is no such fiscal year."""

    code = "YEAR_NOT_FOUND"
    field = ("input", "yearId")


class YearOverlaps(Conflict):
    """Another fiscal year covers some of these days, or has this name."""

    code = "YEAR_OVERLAPS"
    field = ("input", "startsOn")


class PeriodAlreadyOpen(DomainError):
    """The fiscal period or year is open already."""

    code = "PERIOD_ALREADY_OPEN"


class PeriodAlreadyClosed(DomainError):
    """The fiscal period or year is closed already."""

    code = "PERIOD_ALREADY_CLOSED"


class YearIsClosed(DomainError):
    """The period belongs to a fiscal year that is closed; reopen the year first."""

    code = "YEAR_IS_CLOSED"
    field = ("input", "periodId")


class YearNotOver(DomainError):
    """The fiscal year has not ended yet; its result is not known."""

    code = "YEAR_NOT_OVER"
    field = ("input", "yearId")
