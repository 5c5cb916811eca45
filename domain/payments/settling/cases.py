"""Who is to be settled, all that is known of a payment while it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from domain.kit.context import current_call
from domain.kit.database import Record
from domain.kit.money import Money
from domain.payments.models import Payment, Reconciliation
from domain.payments.rules.issues import Issue
from domain.payments.rules.matching import Decision
from domain.payments.states import PaymentStatus, ReconStatus, ReconTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A payment that is to be settled, what made us, and since when we are at it.

    ``reconciliation_id`` is an open reconciliation that this brings on; without one, a new one is written.
    """

    payment_id: UUID
    trigger: ReconTrigger
    started_at: datetime
    reconciliation_id: UUID | None = None
    requested_by: UUID | None = None


@dataclass(frozen=True)
class Settled:
    """What came of it: the payment and the reconciliation as they are now."""

    decision: Decision
    payment_row: Record
    reconciliation_row: Record

    @cached_property
    def payment(self) -> Payment:
        return Payment._init_from_db(**self.payment_row)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        return Reconciliation._init_from_db(**self.reconciliation_row)


@dataclass(slots=True)
class Dossier:
    """A payment, locked, with all that we have of it: rows as they are in the database."""

    payment: Record
    evidence: list[Record] = field(default_factory=list)
    prompts: list[Record] = field(default_factory=list)
    credits: list[Record] = field(default_factory=list)
    discrepancies: list[Record] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """Receipts that are told of this payment and belong to others."""
    disposed: set[str] = field(default_factory=set)
    """Receipts whose money a person took out of suspense."""
    ordered_back: dict[str, Money] = field(default_factory=dict)
    """How much of its receipts we had the provider give back."""

    @property
    def id(self) -> UUID:
        payment_id: UUID = self.payment["id"]
        return payment_id

    @property
    def status(self) -> PaymentStatus:
        return PaymentStatus(self.payment["status"])

    @property
    def amount(self) -> Money:
        return Money(self.payment["amount_minor"], self.payment["currency"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A dossier, and what follows from it."""

    dossier: Dossier
    decision: Decision
    recon: ReconStatus
    issues: tuple[Issue, ...]
    """What does not agree, but for what a person has dealt with and is still as it was then."""
    purpose: Money
    suspense: Money
    """Where the money is now, of the currency that was asked for."""
    transaction_id: str | None
    paid_at: datetime | None

    @property
    def before(self) -> PaymentStatus:
        return self.dossier.status

    @property
    def moved(self) -> bool:
        """Whether money is elsewhere than it was."""
        was = self.dossier.payment
        return (was["purpose_minor"], was["suspense_minor"]) != (self.purpose.amount_minor, self.suspense.amount_minor)

    @property
    def is_news(self) -> bool:
        """Whether the payment is another one than it was."""
        was = self.dossier.payment
        told = was["transaction_id"], was["paid_at"]
        return bool(self.decision.steps) or self.moved or told != (self.transaction_id, self.paid_at)


def belonging(payment: Record) -> UUID:
    """The correlation id of what is done about a payment: that of the person's act which it is a part of; where nobody acts,
    for a message came or a time is up, that of the request by which the payment began."""
    call = current_call()
    correlation_id: UUID = payment["correlation_id"] if call.actor_id is None else call.correlation_id
    return correlation_id
