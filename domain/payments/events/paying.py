"""Facts about payments, prompts, and the sessions that people book and pay for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.kit.money import Money
from domain.payments.events.topics import (
    EVERY_RECONCILER,
    PAYMENTS,
    SERVICE_SESSIONS,
    Figures,
    collectors,
    payment_topic,
    payments_of_branch,
    payments_of_client,
    service_session_topic,
)
from domain.payments.states import PaymentStatus, PromptState, Purpose, SessionStatus


@dataclass(frozen=True, kw_only=True)
class PaymentFigures(Figures):
    """A payment as it stood. What came for it is at its purpose, or in suspense."""

    id: UUID
    number: str
    reference: str
    purpose: Purpose
    target_id: UUID
    title: str
    client_id: UUID | None
    client_name: str
    payee_id: UUID | None
    payee_name: str
    branch_id: UUID | None
    amount: Money
    phone_masked: str | None
    status: PaymentStatus
    status_at: datetime
    status_reason: str | None
    expires_at: datetime | None
    paid_at: datetime | None
    transaction_id: str | None
    purpose_amount: Money
    suspense_amount: Money
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class _AboutPayment(Event):
    """Something that everybody hears who may see the payment."""

    payment: PaymentFigures

    def topics(self) -> Iterable[str]:
        payment = self.payment
        of_client = [] if payment.client_id is None else [f"user:{payment.client_id}", payments_of_client(payment.client_id)]
        return [payment_topic(payment.id), *of_client, payments_of_branch(payment.branch_id), PAYMENTS]

    def audience(self) -> Iterable[str]:
        payment = self.payment
        client = [] if payment.client_id is None else [f"user:{payment.client_id}"]
        return [*client, *collectors(payment.branch_id)]


@event("payments.payment_changed")
@dataclass(frozen=True, kw_only=True)
class PaymentChanged(_AboutPayment):
    """A payment came into being, or stands elsewhere than before."""

    before: PaymentStatus | None


@event("payments.payment_credited")
@dataclass(frozen=True, kw_only=True)
class PaymentCredited(_AboutPayment):
    """Money came for a payment, was taken back, or moved between its purpose and suspense; its figures say what is where."""


@event("payments.paid_after_failure")
@dataclass(frozen=True, kw_only=True)
class PaidAfterFailure(_AboutPayment):
    """A payment that had ended without money is paid after all."""

    before: PaymentStatus


@event("payments.payment_applied")
@dataclass(frozen=True, kw_only=True)
class PaymentApplied(_AboutPayment):
    """What was paid for has this much of the payment's money now; ``record_id`` is the business's own record of it."""

    amount: Money
    record_id: UUID | None


@event("payments.purpose_refused")
@dataclass(frozen=True, kw_only=True)
class PurposeRefused(_AboutPayment):
    """What was paid for does not take the money, which waits in transit. An amount under zero is what it keeps of money that
    was taken back."""

    amount: Money
    refused_code: str
    refused_reason: str

    def audience(self) -> Iterable[str]:
        return collectors(self.payment.branch_id)


@dataclass(frozen=True, kw_only=True)
class PromptFigures(Figures):
    """A telephone that was asked to pay."""

    id: UUID
    attempt_no: int
    phone_masked: str
    amount: Money
    state: PromptState
    created_at: datetime
    accepted_at: datetime | None
    expires_at: datetime | None
    error_code: str | None
    error_text: str | None


@event("payments.prompt_changed")
@dataclass(frozen=True, kw_only=True)
class PromptChanged(_AboutPayment):
    """A telephone is to be asked to pay, or what became of asking is known."""

    prompt: PromptFigures


@dataclass(frozen=True, kw_only=True)
class ServiceSessionFigures(Figures):
    """A booked session as it stood."""

    id: UUID
    number: str
    client_id: UUID
    payee_id: UUID
    title: str
    price: Money
    starts_at: datetime
    status: SessionStatus
    payment_id: UUID | None
    created_by: UUID
    created_at: datetime
    cancelled_at: datetime | None
    version: int


@event("payments.session_changed")
@dataclass(frozen=True, kw_only=True)
class SessionChanged(Event):
    """A session was booked, paid, cancelled, or is unpaid again."""

    session: ServiceSessionFigures

    def topics(self) -> Iterable[str]:
        session = self.session
        return [
            service_session_topic(session.id),
            f"user:{session.client_id}",
            f"user:{session.payee_id}",
            SERVICE_SESSIONS,
        ]

    def audience(self) -> Iterable[str]:
        session = self.session
        return [f"user:{session.client_id}", f"user:{session.payee_id}", "permission:PAYMENTS_COLLECT", EVERY_RECONCILER]
