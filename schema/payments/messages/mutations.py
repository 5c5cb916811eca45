"""Giving us a message of M-Pesa by hand."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.payments.service.ingesting import ingest_mpesa_callback
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type
from schema.payments.messages.inputs import IngestMpesaCallbackInput
from schema.payments.messages.types import MpesaMessage


@payload_type("The message, kept.")
class IngestMpesaCallbackPayload(Payload):
    message: MpesaMessage | None = attribute("The message. What becomes of it is known two seconds later, or more.")


@strawberry.type
class Mutation:
    @mutation(
        IngestMpesaCallbackPayload,
        "Take a message of M-Pesa that got lost on its way, as if it had come by the network. It is believed as little as "
        "any other, and given twice it counts once.",
        requires=Permission.PAYMENTS_RECONCILE,
        without_key="a message is credited once, however often it comes.",
    )
    async def ingest_mpesa_callback(
        self, info: Info, input: Annotated[IngestMpesaCallbackInput, argument("The message.")]
    ) -> Answer:
        message = await ingest_mpesa_callback(info.context.actor, kind=input.kind, body=input.body)
        return Answer(message=message)
