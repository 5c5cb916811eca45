"""Messages of M-Pesa, and what they say of payments. No telephone number is shown whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.payments.queries import messages as queries
from domain.payments.queries.payments import payments_by_id
from domain.payments.states import Channel, MessageKind, MessageOrigin, MessageState, Outcome
from schema.kit import ID, Money, Node, attribute, enum_type, global_id, node_type, object_type, relation
from schema.payments import enums  # noqa: F401  describes the enums that are used here
from schema.payments.paying.types import Payment

enum_type(
    MessageKind,
    "What a message of M-Pesa is.",
    {
        "STK_CALLBACK": "How a prompt ended.",
        "C2B_VALIDATION": "A payer is about to pay on their own.",
        "C2B_CONFIRMATION": "A payer has paid on their own.",
        "STATUS_RESULT": "What a receipt is that we asked about.",
        "REVERSAL_RESULT": "What came of giving money back.",
        "STATUS_TIMEOUT": "M-Pesa had no time for a question after a receipt.",
        "REVERSAL_TIMEOUT": "M-Pesa had no time to give money back.",
    },
    name="MpesaMessageKind",
)
enum_type(
    MessageOrigin,
    "How a message came.",
    {"WEBHOOK": "By the network.", "BY_HAND": "An administrator gave it to us."},
    name="MpesaMessageOrigin",
)
enum_type(
    MessageState,
    "What became of a message.",
    {
        "RECEIVED": "It waits for its turn.",
        "PARKED": "It fits nothing that is known yet, and is looked at again.",
        "DONE": "It was taken into account.",
        "MALFORMED": "It is no such message.",
        "UNKNOWN": "It never fitted anything that is known.",
        "REFUSED": "It contradicts what was asked for.",
    },
    name="MpesaMessageState",
)


@node_type(queries.ShownMessage, queries.messages_by_id, "Something that was sent to us as a message of M-Pesa.")
class MpesaMessage(Node):
    kind: MessageKind = attribute("What it is meant to be, by where it was sent to.")
    origin: MessageOrigin = attribute("How it came.")
    source_address: str | None = attribute("The network address that it came from.")
    size_bytes: int = attribute("How long it was, or said that it was when it was refused unread.")
    body: str | None = attribute(
        "What it says, with telephone numbers masked; up to 16,384 characters. Null once it has been forgotten."
    )
    received_at: datetime = attribute("When it came.")
    work_at: datetime = attribute("When it is looked at, or was.")
    state: MessageState = attribute("What became of it.")
    attempts: int = attribute("How often it was looked at.")
    problem: str | None = attribute("What is wrong with it.")
    session_id: ID | None = global_id("Payment", "The payment that it is about, once that is known.")
    worked_at: datetime | None = attribute("When it was over and done with.")
    correlation_id: UUID = attribute("What all that came of it has in common.")

    session: Payment | None = relation(payments_by_id, "session_id", "The payment that it is about, once that is known.")


@object_type("What somebody said of a payment. Claims are compared, and none is believed alone.")
class PaymentEvidence:
    channel: Channel = attribute("How we heard.")
    outcome: Outcome = attribute("What is said to have become of the payment.")
    received_at: datetime = attribute("When we heard.")
    checkout_request_id: str | None = attribute("The prompt that it is about; its digits of a telephone are masked.")
    receipt: str | None = attribute("The receipt.")
    reverses: str | None = attribute("The receipt that this takes back.")
    amount: Money | None = attribute("How much.")
    transacted_at: datetime | None = attribute("When money moved.")
    sender: str | None = attribute("The telephone that paid, masked.")
    reference: str | None = attribute("The account number that the payer typed; a telephone number in it is masked.")
    payer_name: str | None = attribute("The payer's name, as M-Pesa has it.")
    message_id: ID | None = global_id("MpesaMessage", "The message that said so; null for a statement, or an answer to us.")
