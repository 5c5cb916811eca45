"""What an administrator may do about a message: send a dead one once more."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.unit_of_work import retried, unit_of_work
from domain.notifications.errors import DeliveryNotFailed, DeliveryNotFound
from domain.notifications.events import DeliveryRetried
from domain.notifications.models import Delivery, DeliveryState
from domain.notifications.rule import NEWS_FOR
from domain.notifications.service.planning import leave


@retried
async def retry_delivery(actor: Actor, *, delivery_id: UUID) -> Delivery:
    """Give a message that failed all its attempts again, in the same words, as if it were news of today."""
    actor.require(Permission.OUTBOX_MANAGE)
    async with unit_of_work() as work:
        delivery = await Delivery.filter(id=delivery_id).select_for_update(no_key=True).get_or_none()
        if delivery is None:
            raise DeliveryNotFound("there is no such message")
        if delivery.state is not DeliveryState.FAILED:
            raise DeliveryNotFailed(f"the message is {delivery.state.value}")
        now = clock.now()
        delivery.state, delivery.refusals, delivery.due_at = DeliveryState.QUEUED, 0, now
        delivery.expires_at = max(delivery.expires_at, now + NEWS_FOR)
        await delivery.save(update_fields=["state", "refusals", "due_at", "expires_at"])
        await leave(work, {delivery.id: now})
        work.record(DeliveryRetried(delivery_id=delivery.id, recipient_id=delivery.recipient_id, channel=delivery.channel))
    return delivery
