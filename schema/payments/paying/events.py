"""What feeds tell of payments."""

from __future__ import annotations

from domain.payments.states import PaymentStatus, PromptState
from schema.kit import LiveEvent, Money, attribute, event_type, object_type
from schema.payments.paying.types import Payment


@event_type("A payment came into being, or stands elsewhere than before.")
class PaymentChanged(LiveEvent):
    payment: Payment = attribute("The payment as it was then.")
    before: PaymentStatus | None = attribute("Where it stood before; null for one that began.")


@event_type("Money came for a payment, was taken back, or moved between its purpose and suspense.")
class PaymentCredited(LiveEvent):
    payment: Payment = attribute("The payment as it was then.")


@event_type("A payment that had ended without money is paid after all.")
class PaymentPaidAfterFailure(LiveEvent):
    payment: Payment = attribute("The payment as it was then.")
    before: PaymentStatus = attribute("How it had ended.", name="endedAs")


@event_type("What was paid for has the payment's money, or has it no more.")
class PaymentApplied(LiveEvent):
    payment: Payment = attribute("The payment as it was then.")
    amount: Money = attribute("How much it has of it now.")


@object_type("A telephone that was asked to pay, as it was when something happened.")
class PromptFigures:
    attempt_no: int = attribute("Which one it is of the payment's, from 1.", name="attempt")
    phone_masked: str = attribute("Whose telephone: the first and the last digits of its number.")
    amount: Money = attribute("For how much.")
    state: PromptState = attribute("How that went.")
    error_code: str | None = attribute("Why no telephone was prompted, or nobody knows.")
    error_text: str | None = attribute("The same in words.")


@event_type("A telephone is to be asked to pay, or what became of asking is known.")
class PaymentPromptChanged(LiveEvent):
    payment: Payment = attribute("The payment as it was then.")
    prompt: PromptFigures = attribute("The telephone.")
