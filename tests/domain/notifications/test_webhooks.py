"""Whoever owns a webhook endpoint is told that it fails, and that it was given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.ids import new_id
from domain.notifications.models import Category, Channel, Notification
from domain.notifications.service import tell
from domain.webhooks.events import WebhookEndpointDisabled, WebhookEndpointFailing
from domain.webhooks.models import DisabledBecause
from tests.support.notices import logged_at
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2030, 3, 4, 12, tzinfo=UTC)


async def test_the_owner_is_told_and_nobody_else() -> None:
    owner, endpoint_id = await an_actor(Role.ACCOUNTANT), new_id()
    await an_actor(Role.ADMIN)
    failing = WebhookEndpointFailing(
        endpoint_id=endpoint_id,
        owner_id=owner.id,
        endpoint_name="Our books",
        error="HTTP 503",
        failing_since=NOON,
        disabled_at=NOON + timedelta(days=5),
    )
    disabled = WebhookEndpointDisabled(
        endpoint_id=endpoint_id,
        owner_id=owner.id,
        endpoint_name="Our books",
        because=DisabledBecause.FAILING,
        error="HTTP 503",
    )
    with clock_set_to(NOON):
        for position, fact in enumerate((failing, disabled), start=1):
            assert await tell(fact, logged_at(fact, position, NOON)) == 1
    first, second = await Notification.all().order_by("source_position")
    assert {first.recipient_id, second.recipient_id} == {owner.id}
    assert (first.category, first.subject_id) == (Category.WEBHOOKS, endpoint_id)
    assert Channel.MAIL in first.channels and Channel.MAIL in second.channels
    assert first.body.startswith("Our books: HTTP 503.") and "2030-03-09 12:00 UTC" in first.body
    assert "it failed for too long (HTTP 503)" in second.body
