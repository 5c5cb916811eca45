"""Booked sessions as clients see them."""

from __future__ import annotations

from datetime import datetime

from domain.identity.queries import people
from domain.payments import models
from domain.payments.queries import sessions as queries
from domain.payments.states import SessionStatus
from schema.identity.types import User
from schema.kit import ID, Money, Node, attribute, enum_type, global_id, node_type, relation

enum_type(
    SessionStatus,
    "Where a booked session stands.",
    {
        "BOOKED": "It is to be paid.",
        "PAID": "Its money is in the wallet of whoever gives it.",
        "CANCELLED": "It was called off before it was paid.",
    },
)


@node_type(
    models.ServiceSession,
    queries.service_sessions_by_id,
    "A session that somebody gives and a client pays for, by M-Pesa, into the payee's wallet. Its number is what the client "
    "types as the account number who pays by Paybill without being asked.",
)
class ServiceSession(Node):
    number: str = attribute("Its number, such as `SES-000001`.")
    title: str = attribute("What it is.")
    client_id: ID = global_id("User", "Who pays.")
    payee_id: ID = global_id("User", "Who gives the session, and is paid.")
    price: Money = attribute("What it costs: whole shillings.")
    starts_at: datetime = attribute("When it begins.")
    status: SessionStatus = attribute("Where it stands.")
    payment_id: ID | None = global_id("Payment", "The payment that paid it.")
    created_by: ID = global_id("User", "Who booked it.", name="createdById")
    created_at: datetime = attribute("When it was booked.")
    cancelled_at: datetime | None = attribute("When it was called off.")
    version: int = attribute("Grows with each change.")

    client: User | None = relation(people, "client_id", "Who pays.")
    payee: User | None = relation(people, "payee_id", "Who gives the session, and is paid.")
