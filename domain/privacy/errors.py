"""Refusals about personal data. What stands against an erasure has a code for each reason."""

from __future__ import annotations

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound


class PersonNotFound(NotFound):
    """There is no such person, or the caller may not ask for what is held of them."""

    code = "PERSON_NOT_FOUND"
    field = ("input", "personId")


class ReasonRequired(InvalidInput):
    """Who asks for what is held of another, or for its erasure, says why, in 1 to 500 characters."""

    code = "REASON_REQUIRED"
    field = ("input", "reason")


class ExportPending(Conflict):
    """An export of this person's data is being made for the caller already."""

    code = "EXPORT_PENDING"
    field = ("input", "personId")


class ErasureNotFound(NotFound):
    """There is no such request for an erasure, or the caller may not know of it."""

    code = "ERASURE_NOT_FOUND"
    field = ("input", "erasureId")


class ErasurePending(Conflict):
    """The erasure of this person's data has been asked for already."""

    code = "ERASURE_PENDING"
    field = ("input", "personId")


class AlreadyErased(Conflict):
    """This person's data have been erased."""

    code = "ALREADY_ERASED"
    field = ("input", "personId")


class ErasureObstacle(DomainError):
    """Something stands against an erasure."""

    code = "ERASURE_OBSTACLE"
    field = ("input", "personId")


class StaffActive(ErasureObstacle):
    """The person works here; their access is to be taken first."""

    code = "STAFF_ACTIVE"


class OpenLoans(ErasureObstacle):
    """The person has loans or applications that have not ended."""

    code = "OPEN_LOANS"


class OpenInvoices(ErasureObstacle):
    """The person sells, owes, funds or bids for invoices that have not ended."""

    code = "OPEN_INVOICES"


class OpenTrades(ErasureObstacle):
    """The person has sales or purchases with the mill that are open or unpaid."""

    code = "OPEN_TRADES"


class OpenPayments(ErasureObstacle):
    """The person has payments under way, money in suspense, or sessions that are booked."""

    code = "OPEN_PAYMENTS"


class UnpaidFees(ErasureObstacle):
    """The person owes school fees, or has paid in advance."""

    code = "UNPAID_FEES"


class StillEnrolled(ErasureObstacle):
    """The person is enrolled, or answers for a student who is, or teaches."""

    code = "STILL_ENROLLED"


class OpenBalance(ErasureObstacle):
    """There is money in accounts of the person, or held there."""

    code = "OPEN_BALANCE"


class LegalRetention(ErasureObstacle):
    """The law wants records of the person kept for some time yet."""

    code = "LEGAL_RETENTION"
