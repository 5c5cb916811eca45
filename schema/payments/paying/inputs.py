"""What clients send when somebody is to pay."""

from __future__ import annotations

from datetime import datetime

from domain.kit.money import Money
from domain.payments.queries.payments import PaymentFilter as WantedPayments
from domain.payments.states import PaymentStatus, Purpose
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, optional, read_optional_id
from schema.payments import enums  # noqa: F401  describes the enums that are used here


@input_type("What is to be paid, and by which telephone.")
class InitiateMpesaPaymentInput:
    purpose: Purpose = attribute("What it is for.")
    target_id: ID = attribute(
        "What is paid for: a session, loan, invoice, wallet (or its owner) or sale, as the purpose says."
    )
    phone: str = attribute(
        "The telephone to ask: 07XX XXX XXX, 01XX XXX XXX or +254 7XX XXX XXX. It is shown to nobody again."
    )
    amount: MoneyInput | None = attribute(
        "How much, in whole shillings, 1 to 250,000; what is owed now unless it is said.", default=None
    )
    idempotency_key: str | None = idempotency_key()

    def parse_amount(self) -> Money | None:
        return None if self.amount is None else self.amount.parse("input", "amount")


@input_type("Which payment's telephone to ask again.")
class ResendMpesaPromptInput:
    payment_id: ID = attribute("The payment.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which payment to give up.")
class CancelPaymentInput:
    payment_id: ID = attribute("The payment.")


@input_type("Which prompt the provider is to be asked about.")
class QueryMpesaStatusInput:
    checkout_request_id: str = attribute("The provider's id of the prompt, whole, or with the payment as it is shown.")
    payment_id: ID | None = attribute("The payment that the prompt is of.", default=None)


@input_type("Which receipt the provider is to be asked about.")
class CheckMpesaReceiptInput:
    receipt: str = attribute("Ten letters and digits.")


@input_type("Which money is to go back to whoever paid it.")
class ReversePaymentInput:
    payment_id: ID = attribute("The payment.")
    receipt: str | None = attribute("Which of its receipts; the one that paid it unless said.", default=None)
    amount: MoneyInput | None = attribute("How much, in whole shillings; all that is left of it unless said.", default=None)
    reason: str = attribute("Why, for the provider's records: 1 to 100 characters.")
    idempotency_key: str | None = idempotency_key()

    def parse_amount(self) -> Money | None:
        return None if self.amount is None else self.amount.parse("input", "amount")


@input_type("Which payments to list; those that fit all that is said.")
class PaymentFilter:
    statuses: list[PaymentStatus] | None = optional("Only in one of these.")
    purposes: list[Purpose] | None = optional("Only for one of these.")
    client_id: ID | None = optional("Only what this person pays.")
    reference: str | None = optional("Only the one with this reference, or with this receipt.")
    search: str | None = optional(
        "Only those with this in their number, title or payer's name, or as the beginning of their reference or receipt; or "
        "those that this telephone was asked for, as far as its number is shown."
    )
    in_suspense: bool = attribute("Only where money came that nobody can say yet what it is for.", default=False)
    since: datetime | None = optional("Only what began then, or later.", name="from")
    until: datetime | None = optional("Only what began before then.", name="to")

    def parse(self) -> WantedPayments:
        return WantedPayments(
            statuses=self.statuses or (),
            purposes=self.purposes or (),
            client_id=read_optional_id("User", self.client_id, "filter", "clientId"),
            reference=self.reference,
            search=self.search,
            in_suspense=self.in_suspense,
            since=self.since,
            until=self.until,
        )
