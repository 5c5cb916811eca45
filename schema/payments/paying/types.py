"""Payments as clients see them. No field of any type here has a whole telephone number."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import people
from domain.payments import models
from domain.payments.events import PaymentFigures
from domain.payments.queries import payments as queries
from domain.payments.states import CommandKind, CommandState, PaymentStatus, PromptState, Purpose
from schema.identity.types import User
from schema.kit import ID, Money, Node, Parent, attribute, encode_id, enum_type, field, global_id, node_type, object_type
from schema.kit.relations import relation, relations
from schema.payments import enums  # noqa: F401  describes the enums that are used here
from schema.payments.paying.targets import TARGETS

ABOUT_SO_MANY_PROMPTS = 2
ABOUT_SO_MANY_COMMANDS = 2

AnyPayment = models.Payment | PaymentFigures

enum_type(
    PromptState,
    "How asking one telephone to pay went.",
    {
        "WAITING": "The provider is still to be asked.",
        "ASKED": "The provider is being asked.",
        "ACCEPTED": "The provider prompts the telephone. It says later what became of it.",
        "REFUSED": "No telephone was prompted.",
        "UNKNOWN": "The provider's answer got lost, so the telephone may have been prompted or not.",
    },
    name="PaymentPromptState",
)
enum_type(
    CommandKind,
    "What the provider is asked to do that it answers later.",
    {
        "REVERSAL": "Give money back to whoever paid it.",
        "STATUS": "Say what became of a receipt.",
    },
    name="MpesaCommandKind",
)
enum_type(
    CommandState,
    "How a request to the provider went that it answers later.",
    {
        "WAITING": "The provider is still to be asked.",
        "ASKED": "The provider is being asked.",
        "ACCEPTED": "The provider will try, and says later what came of it.",
        "REFUSED": "The provider does not do it.",
        "UNKNOWN": "The provider's answer got lost, so it may have been done or not.",
        "DONE": "The provider did it.",
        "FAILED": "The provider tried, and could not.",
    },
    name="MpesaCommandState",
)


@object_type("A telephone that was asked to pay.")
class PaymentPrompt:
    attempt_no: int = attribute("Which one it is of the payment's, from 1.", name="attempt")
    phone_masked: str = attribute("Whose telephone: the first and the last digits of its number.")
    amount: Money = attribute("For how much.")
    state: PromptState = attribute("How that went.")
    checkout_shown: str | None = attribute(
        "The provider's id of it, in which the digits of the telephone are masked; `queryMpesaStatus` takes it with the "
        "payment. Null while the provider has not accepted.",
        name="checkoutRequestId",
    )
    created_at: datetime = attribute("When it was asked for.")
    accepted_at: datetime | None = attribute("When the provider accepted.")
    callback_due_at: datetime | None = attribute("Until when the provider should have said what became of it.")
    expires_at: datetime | None = attribute("When nobody waits any longer.")
    error_code: str | None = attribute(
        "Why no telephone was prompted, or nobody knows: the provider's code, or one of ours."
    )
    error_text: str | None = attribute("The same in words.")


@node_type(
    models.MpesaCommand,
    queries.commands_by_id,
    "A request that the provider answers later: to give money back, or to say what a receipt is.",
)
class MpesaCommand(Node):
    kind: CommandKind = attribute("What it asks for.")
    receipt: str = attribute("The receipt that it is about.")
    payment_id: ID | None = global_id("Payment", "The payment whose receipt that is.")
    amount: Money | None = attribute("How much is to be given back.")
    remarks: str = attribute("Why.", name="reason")
    state: CommandState = attribute("How it went.")
    result_code: str | None = attribute("What the provider answered, as its code.")
    result_text: str | None = attribute("The same in the provider's words.")
    discrepancy_id: ID | None = global_id("Discrepancy", "The discrepancy that it is to resolve.")
    requested_by: ID | None = global_id("User", "Who asked for it.", name="requestedById")
    created_at: datetime = attribute("When it was asked for.")
    asked_at: datetime | None = attribute("When the provider was asked.")
    finished_at: datetime | None = attribute("When it was over.")

    requester: User | None = relation(people, "requested_by", "Who asked for it.", name="requestedBy")


@node_type(
    models.Payment,
    queries.payments_by_id,
    "Money that somebody is to pay for something. Reconciliation calls it a session.",
)
class Payment(Node):
    number: str = attribute("Its number, such as PAY-000042.")
    reference: str = attribute(
        "What the payer's statement shows, and what a payer may type as account number at the Paybill."
    )
    purpose: Purpose = attribute("What it is for.")
    title: str = attribute("The same in words.")
    client_id: ID | None = global_id("User", "Who pays, if it is a user.")
    client_name: str = attribute("The name of who pays.")
    payee_id: ID | None = global_id("User", "Who is paid, if it is a user.")
    payee_name: str = attribute("The name of who is paid.")
    branch_id: ID | None = global_id("Branch", "The branch that it belongs to.")
    amount: Money = attribute("How much is to be paid.")
    phone_masked: str | None = attribute("The telephone that was asked: the first and the last digits of its number.")
    status: PaymentStatus = attribute("Where it stands.")
    status_at: datetime = attribute("Since when.")
    status_reason: str | None = attribute("Why it ended without money, in words for the payer.")
    expires_at: datetime | None = attribute("When nobody waits any longer.")
    paid_at: datetime | None = attribute("When the payer paid.")
    transaction_id: str | None = attribute("The receipt of M-Pesa that paid it; null while nobody has said one.")
    purpose_amount: Money = attribute("How much of the money is for what it was paid for, less what was taken back.")
    suspense_amount: Money = attribute("How much came that nobody can say yet what it is for.")
    created_by: ID | None = global_id(
        "User", "Who began it; null for a payer who paid without being asked.", name="createdById"
    )
    created_at: datetime = attribute("When it began.")
    updated_at: datetime = attribute("When it changed last.")
    version: int = attribute("Counts its changes.")

    @field(
        ID, "What is paid for: a session, loan, invoice, wallet or sale, as the purpose says.", name="targetId", shared=True
    )
    def target(self, payment: Parent[AnyPayment]) -> str:
        return encode_id(TARGETS[payment.purpose], payment.target_id)

    client: User | None = relation(people, "client_id", "Who pays, if it is a user.")
    payee: User | None = relation(people, "payee_id", "Who is paid, if it is a user.")
    prompts: list[PaymentPrompt] = relations(
        queries.prompts_of_payments,
        "id",
        "The telephones that were asked, in the order in which they were.",
        size=ABOUT_SO_MANY_PROMPTS,
    )
    commands: list[MpesaCommand] = relations(
        queries.commands_of_payments,
        "id",
        "What the provider was asked to do about it, the newest first; empty for who does not reconcile.",
        size=ABOUT_SO_MANY_COMMANDS,
    )
