"""A message of the provider that got lost on its way to us, and that somebody has: given to us by hand."""

from __future__ import annotations

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.payments.intake import store_message
from domain.payments.queries.messages import ShownMessage
from domain.payments.rules.wire import MAX_BODY
from domain.payments.states import MessageKind, MessageOrigin


async def ingest_mpesa_callback(actor: Actor, *, kind: MessageKind, body: str) -> ShownMessage:
    """Take a message as if it had come by the network: kept word by word now, read two seconds later, and believed as little
    as any other (INVALID_INPUT when it is empty or too long)."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    encoded = body.encode("utf-8", errors="replace")
    if not body.strip() or len(encoded) > MAX_BODY:
        raise InvalidInput(f"a message has 1 to {MAX_BODY} bytes", field=("input", "body"))
    message = await store_message(
        kind=kind, body=encoded, source_address=current_call().address, origin=MessageOrigin.BY_HAND
    )
    return ShownMessage.of(message)
