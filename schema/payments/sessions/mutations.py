"""Booking sessions, and calling them off."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.payments.service import sessions
from schema.kit import (
    ID,
    Answer,
    Info,
    MoneyInput,
    ReplayablePayload,
    argument,
    attribute,
    idempotency_key,
    input_type,
    mutation,
    payload_type,
    read_id,
    read_optional_id,
)
from schema.payments.sessions.types import ServiceSession


@input_type("A session that a client is to pay for.")
class BookServiceSessionInput:
    client_id: ID = attribute("Who pays.")
    payee_id: ID | None = attribute(
        "Who gives the session, and is paid: oneself when left out, somebody else only for staff who collect.", default=None
    )
    title: str = attribute("What it is, in 1 to 120 characters.")
    price: MoneyInput = attribute("What it costs: whole shillings (KES).")
    starts_at: datetime = attribute("When it begins: within the last year or the next two.")
    idempotency_key: str | None = idempotency_key()


@input_type("A session to be called off.")
class CancelServiceSessionInput:
    service_session_id: ID = attribute("The session.")
    idempotency_key: str | None = idempotency_key()


@payload_type("What came of booking a session, or of calling it off.")
class ServiceSessionPayload(ReplayablePayload):
    service_session: ServiceSession | None = attribute("The session as it is now.")


@strawberry.type
class Mutation:
    @mutation(
        ServiceSessionPayload,
        "Book a session with a client, who pays for it by M-Pesa; the money goes to the payee's wallet.",
        requires=Permission.SIGNED_IN,
    )
    async def book_service_session(
        self, info: Info, input: Annotated[BookServiceSessionInput, argument("With whom, what and when.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            sessions.book_service_session,
            info.context.actor,
            client_id=read_id("User", input.client_id, "input", "clientId"),
            payee_id=read_optional_id("User", input.payee_id, "input", "payeeId"),
            title=input.title,
            price=input.price.parse("input", "price"),
            starts_at=input.starts_at,
        )
        return Answer(service_session=outcome.result, replayed=outcome.replayed)

    @mutation(
        ServiceSessionPayload,
        "Call off a session that is not paid: its client may, whoever gives it, and staff who collect.",
        requires=Permission.SIGNED_IN,
    )
    async def cancel_service_session(
        self, info: Info, input: Annotated[CancelServiceSessionInput, argument("Which session.")]
    ) -> Answer:
        outcome = await once(
            input.idempotency_key,
            sessions.cancel_service_session,
            info.context.actor,
            service_session_id=read_id("ServiceSession", input.service_session_id, "input", "serviceSessionId"),
        )
        return Answer(service_session=outcome.result, replayed=outcome.replayed)
