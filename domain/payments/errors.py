"""What payments refuse."""

from __future__ import annotations

from domain.identity.errors import InvalidPhone
from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.payments.provider import MpesaNotConfigured

__all__ = ["InvalidPhone", "MpesaNotConfigured"]


class PaymentNotFound(NotFound):
    """There is no such payment, or the caller may not know of it."""

    code = "PAYMENT_NOT_FOUND"
    field = ("input", "paymentId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such payment", field=field)


class SessionNotFound(NotFound):
    """There is no such session, or it is not the caller's."""

    code = "SESSION_NOT_FOUND"
    field = ("input", "sessionId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such session", field=field)


class ServiceSessionNotFound(NotFound):
    """There is no such booked session, or the caller may not know of it."""

    code = "SERVICE_SESSION_NOT_FOUND"
    field = ("input", "serviceSessionId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such booked session", field=field)


class ServiceSessionNotBooked(Conflict):
    """The session is paid or cancelled already."""

    code = "SERVICE_SESSION_NOT_BOOKED"
    field = ("input", "serviceSessionId")


class PurposeNotPossible(DomainError):
    """Nothing can be paid here for this purpose, or not in this way."""

    code = "PURPOSE_NOT_POSSIBLE"
    field = ("input", "purpose")


class AlreadyPaid(Conflict):
    """It is paid already."""

    code = "ALREADY_PAID"


class PromptPending(Conflict):
    """A telephone is being prompted for this payment; wait for what becomes of it."""

    code = "PROMPT_PENDING"


class TooManyPrompts(DomainError):
    """The telephone, or somebody's customers, were prompted so often lately that it would be a nuisance."""

    code = "TOO_MANY_PROMPTS"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message, field=("input", "phone"))
        self.retry_after_s = retry_after_s


class PaymentEnded(Conflict):
    """The payment has come to an end, so it can be neither prompted for nor cancelled."""

    code = "PAYMENT_ENDED"
    field = ("input", "paymentId")


class PromptNotFound(NotFound):
    """There is no prompt with this CheckoutRequestID."""

    code = "PROMPT_NOT_FOUND"
    field = ("input", "checkoutRequestId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such prompt", field=field)


class ReceiptNotFound(NotFound):
    """Nobody has told us of this receipt."""

    code = "RECEIPT_NOT_FOUND"
    field = ("input", "receipt")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("nobody has told us of this receipt", field=field)


class ReceiptTaken(Conflict):
    """The receipt is another payment's."""

    code = "RECEIPT_TAKEN"
    field = ("input", "receipt")


class DiscrepancyNotFound(NotFound):
    """There is no such discrepancy."""

    code = "DISCREPANCY_NOT_FOUND"
    field = ("input", "discrepancyId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such discrepancy", field=field)


class DiscrepancyResolved(Conflict):
    """The discrepancy has been dealt with already."""

    code = "DISCREPANCY_RESOLVED"
    field = ("input", "discrepancyId")


class DiscrepancyNotResolved(Conflict):
    """The discrepancy is open."""

    code = "DISCREPANCY_NOT_RESOLVED"
    field = ("input", "discrepancyId")


class ReconcilerNotFound(NotFound):
    """There is no such user who reconciles payments."""

    code = "RECONCILER_NOT_FOUND"
    field = ("input", "assigneeId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such user who reconciles payments", field=field)


class ResolutionNotPossible(DomainError):
    """This cannot be done about a discrepancy of this kind."""

    code = "RESOLUTION_NOT_POSSIBLE"
    field = ("input", "resolution")


class ReversalNotPossible(DomainError):
    """Of this payment nothing, or not so much, can be given back."""

    code = "REVERSAL_NOT_POSSIBLE"
    field = ("input", "amount")


class StatementImportNotFound(NotFound):
    """There is no such import of a statement."""

    code = "STATEMENT_IMPORT_NOT_FOUND"
    field = ("input", "importId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such import of a statement", field=field)


class StatementImportEnded(Conflict):
    """The import of the statement has come to an end."""

    code = "STATEMENT_IMPORT_ENDED"
    field = ("input", "importId")


class MatchRuleNotFound(NotFound):
    """There is no such rule for matching."""

    code = "MATCH_RULE_NOT_FOUND"
    field = ("input", "ruleId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such rule", field=field)


class MatchRuleTaken(Conflict):
    """Another rule for matching has this title."""

    code = "MATCH_RULE_TAKEN"
    field = ("input", "title")


class InvalidMatchRule(InvalidInput):
    """The rule could not mean anything."""

    code = "INVALID_MATCH_RULE"
    field = ("input", "criteria")


class TooManyStatementImports(Conflict):
    """So many statements are being imported that no more are taken."""

    code = "TOO_MANY_STATEMENT_IMPORTS"
    field = ("input", "fileId")


class MatchRuleChanged(Conflict):
    """Somebody else changed the rule in the meantime."""

    code = "MATCH_RULE_CHANGED"
    field = ("input", "expectedVersion")


class TooManyMatchRules(Conflict):
    """There are as many rules for matching as there can be."""

    code = "TOO_MANY_MATCH_RULES"
