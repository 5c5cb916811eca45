"""The words that payments and their reconciliation are described with, and which status may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PaymentStatus(StrEnum):
    """Where a payment stands.

    STK_SENT: the provider accepted the request to prompt the payer. PROCESSING: it is with the payer, or being worked on.
    """

    CREATED = "CREATED"
    STK_SENT = "STK_SENT"
    PROCESSING = "PROCESSING"
    PAID = "PAID"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REVERSED = "REVERSED"
    PARTIALLY_REVERSED = "PARTIALLY_REVERSED"


_S = PaymentStatus

UNDECIDED: Final = frozenset({_S.CREATED, _S.STK_SENT, _S.PROCESSING})
"""Nobody has said yet how it ended."""

UNPAID: Final = frozenset({_S.FAILED, _S.CANCELLED, _S.EXPIRED})
"""It ended without money; a genuine success that comes to be known later still makes it PAID."""

TAKEN: Final = frozenset({_S.PAID, _S.REVERSED, _S.PARTIALLY_REVERSED})
"""Money came. No failure that is told afterwards changes that."""

TRANSITIONS: Final[Mapping[PaymentStatus, frozenset[PaymentStatus]]] = {
    # A payer who pays by Paybill on their own is paid without a prompt, and a prompt that cannot be sent has failed.
    _S.CREATED: frozenset({_S.STK_SENT, _S.PROCESSING, _S.PAID}) | UNPAID,
    _S.STK_SENT: frozenset({_S.PROCESSING, _S.PAID}) | UNPAID,
    _S.PROCESSING: frozenset({_S.PAID}) | UNPAID,
    _S.FAILED: frozenset({_S.PAID}),
    _S.CANCELLED: frozenset({_S.PAID}),
    _S.EXPIRED: frozenset({_S.PAID}),
    _S.PAID: frozenset({_S.REVERSED, _S.PARTIALLY_REVERSED}),
    # Back to PAID only by another receipt for the same payment, which stands.
    _S.PARTIALLY_REVERSED: frozenset({_S.REVERSED, _S.PAID}),
    _S.REVERSED: frozenset({_S.PAID}),
}


def way(before: PaymentStatus, after: PaymentStatus) -> tuple[PaymentStatus, ...] | None:
    """The statuses to go through, each by an allowed arrow; empty for staying, None when there is no such way.

    Who learns of a reversal before the payment itself goes through PAID; nothing else is skipped over.
    """
    if before is after:
        return ()
    if after in TRANSITIONS[before]:
        return (after,)
    if _S.PAID in TRANSITIONS[before] and after in TAKEN:
        return (_S.PAID, after)
    return None


class ReconStatus(StrEnum):
    """Where one reconciliation stands. UNVERIFIED: nobody could say yet how the payment ended; it is tried again."""

    QUEUED = "QUEUED"
    ACTIVE = "ACTIVE"
    MATCHED = "MATCHED"
    DISCREPANCY = "DISCREPANCY"
    UNVERIFIED = "UNVERIFIED"
    FAILED = "FAILED"


class ReconTrigger(StrEnum):
    """What made a payment be reconciled."""

    PAYMENT_INITIATION = "PAYMENT_INITIATION"
    PAYMENT_CALLBACK = "PAYMENT_CALLBACK"
    STATUS_QUERY = "STATUS_QUERY"
    PERIODIC = "PERIODIC"
    MANUAL = "MANUAL"
    MANUAL_DASHBOARD = "MANUAL_DASHBOARD"
    MANUAL_QUEUE = "MANUAL_QUEUE"
    BULK_MANUAL = "BULK_MANUAL"
    WEBSOCKET = "WEBSOCKET"


BY_HAND: Final = frozenset(
    {
        ReconTrigger.MANUAL,
        ReconTrigger.MANUAL_DASHBOARD,
        ReconTrigger.MANUAL_QUEUE,
        ReconTrigger.BULK_MANUAL,
        ReconTrigger.WEBSOCKET,
    }
)
"""A person asked for it."""


class DiscrepancyType(StrEnum):
    """How what we know and what was said about a payment differ. PURPOSE_REFUSED: its money came, and what it was paid for
    does not take it."""

    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    DUPLICATE_PAYMENT = "DUPLICATE_PAYMENT"
    LATE_CALLBACK = "LATE_CALLBACK"
    MISSING_CALLBACK = "MISSING_CALLBACK"
    MISSING_IN_STATEMENT = "MISSING_IN_STATEMENT"
    ORPHAN_TRANSACTION = "ORPHAN_TRANSACTION"
    PHONE_MISMATCH = "PHONE_MISMATCH"
    PURPOSE_REFUSED = "PURPOSE_REFUSED"
    REFERENCE_MISMATCH = "REFERENCE_MISMATCH"
    REVERSED = "REVERSED"
    STATUS_MISMATCH = "STATUS_MISMATCH"


class Severity(StrEnum):
    """How soon somebody should look; a high one is told by e-mail and SMS."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Channel(StrEnum):
    """How we heard: the callback of a prompt, the confirmation of a Paybill payment, an answer to a query, a statement."""

    CALLBACK = "CALLBACK"
    C2B = "C2B"
    QUERY = "QUERY"
    STATEMENT = "STATEMENT"


class Outcome(StrEnum):
    """What somebody says became of a payment. PENDING is no end."""

    PENDING = "PENDING"
    PAID = "PAID"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REVERSED = "REVERSED"


class Destination(StrEnum):
    """Where money that came waits: it reached what it was paid for, or nobody can say yet what it is for."""

    PURPOSE = "PURPOSE"
    SUSPENSE = "SUSPENSE"


class Purpose(StrEnum):
    """What a payment is for."""

    SERVICE_SESSION = "SERVICE_SESSION"
    LOAN_INSTALMENT = "LOAN_INSTALMENT"
    SCHOOL_FEE = "SCHOOL_FEE"
    INVOICE_SETTLEMENT = "INVOICE_SETTLEMENT"
    WALLET_TOP_UP = "WALLET_TOP_UP"
    MILL_SALE = "MILL_SALE"


class Resolution(StrEnum):
    """What was done about a discrepancy.

    ACCEPTED: the money is taken as it came. MATCHED_BY_HAND: a person said which payment it belongs to. REFUNDED: it went
    back to the payer. CORRECTED: what we had wrong was put right. WRITTEN_OFF: the difference is given up. NO_ACTION: it
    explains itself, or was gone when somebody looked.
    """

    ACCEPTED = "ACCEPTED"
    MATCHED_BY_HAND = "MATCHED_BY_HAND"
    REFUNDED = "REFUNDED"
    CORRECTED = "CORRECTED"
    WRITTEN_OFF = "WRITTEN_OFF"
    NO_ACTION = "NO_ACTION"


class SessionStatus(StrEnum):
    """Where a booked service stands."""

    BOOKED = "BOOKED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


SESSION_TRANSITIONS: Final[Mapping[SessionStatus, frozenset[SessionStatus]]] = {
    SessionStatus.BOOKED: frozenset({SessionStatus.PAID, SessionStatus.CANCELLED}),
    # Booked again, and unpaid, when the money was taken back.
    SessionStatus.PAID: frozenset({SessionStatus.BOOKED}),
    SessionStatus.CANCELLED: frozenset(),
}


class PromptState(StrEnum):
    """How asking one telephone to pay went. UNKNOWN: the provider may or may not have taken the request."""

    WAITING = "WAITING"
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


class CommandKind(StrEnum):
    """What we ask the provider to do that it answers later: give money back, or say what a receipt is."""

    REVERSAL = "REVERSAL"
    STATUS = "STATUS"


class CommandState(StrEnum):
    """How such a request went. ACCEPTED: the provider will try; DONE and FAILED: it said what came of it."""

    WAITING = "WAITING"
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"
    DONE = "DONE"
    FAILED = "FAILED"


class MessageKind(StrEnum):
    """What the provider sends to which of our addresses."""

    STK_CALLBACK = "STK_CALLBACK"
    C2B_VALIDATION = "C2B_VALIDATION"
    C2B_CONFIRMATION = "C2B_CONFIRMATION"
    STATUS_RESULT = "STATUS_RESULT"
    REVERSAL_RESULT = "REVERSAL_RESULT"
    STATUS_TIMEOUT = "STATUS_TIMEOUT"
    REVERSAL_TIMEOUT = "REVERSAL_TIMEOUT"


class MessageOrigin(StrEnum):
    """Whether a message came by the network, or an administrator gave it to us."""

    WEBHOOK = "WEBHOOK"
    BY_HAND = "BY_HAND"


class MessageState(StrEnum):
    """What became of a message.

    PARKED: nothing we know of fits it yet, so it is looked at again. UNKNOWN: nothing ever did. MALFORMED: it is no such
    message. REFUSED: it does not agree with what we asked for.
    """

    RECEIVED = "RECEIVED"
    PARKED = "PARKED"
    DONE = "DONE"
    MALFORMED = "MALFORMED"
    UNKNOWN = "UNKNOWN"
    REFUSED = "REFUSED"


class DiscrepancyStatus(StrEnum):
    """Whether somebody has a discrepancy to look at, or it is dealt with."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    RESOLVED = "RESOLVED"


class DisposalKind(StrEnum):
    """How money left suspense without a payment: given up as our income, or recorded elsewhere by hand."""

    WRITTEN_OFF = "WRITTEN_OFF"
    CORRECTED = "CORRECTED"


class ImportStatus(StrEnum):
    """Where the import of a statement stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class RowState(StrEnum):
    """What a row of a statement turned out to be.

    KNOWN: a statement has told it before, so it changes nothing. MATCHED: it is new, and about a payment of ours. ORPHAN:
    nobody knows whose. IGNORED: it is about no payment to us.
    """

    KNOWN = "KNOWN"
    MATCHED = "MATCHED"
    ORPHAN = "ORPHAN"
    IGNORED = "IGNORED"


class MatchOutcome(StrEnum):
    """What became of rows of a statement and payments that go together by a rule.

    POSSIBLE: they would be brought together. ASSIGNED: they were. FOR_A_PERSON: one receipt cannot pay several payments, so
    somebody has to say which. CHANGED_MEANWHILE: the money has become somebody's, or the payment has ended, in between.
    """

    POSSIBLE = "POSSIBLE"
    ASSIGNED = "ASSIGNED"
    FOR_A_PERSON = "FOR_A_PERSON"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
