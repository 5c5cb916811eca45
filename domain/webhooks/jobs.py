"""Work of the worker beside the sending itself: test messages, and forgetting attempts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain.jobs.queue import Attempt, Payload, queued
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job
from domain.kit.unit_of_work import unit_of_work
from domain.webhooks import messages, settings
from domain.webhooks.models import EndpointState, WebhookEndpoint
from domain.webhooks.service.managing import SEND_TEST
from domain.webhooks.service.sending import attempt as send
from domain.webhooks.service.sending import write_attempt

BATCH: Final = 1_000

_FORGET: Final = """
with old as (
    select id from webhook_attempt where attempted_at < $1 order by attempted_at limit $2 for update skip locked
), gone as (
    delete from webhook_attempt using old where webhook_attempt.id = old.id returning 1
)
select count(*) from gone
"""


@queued(SEND_TEST, max_attempts=1, concurrency=4, timeout_s=30.0, purpose="Send test messages to webhook endpoints.")
async def send_test(payload: Payload, attempt: Attempt) -> bool:
    """Returns whether it arrived."""
    endpoint = await WebhookEndpoint.get_or_none(id=UUID(payload["endpoint_id"]), state=EndpointState.ENABLED)
    if endpoint is None:
        return False
    attempted = await send(endpoint, messages.test_of(endpoint.id, attempt.task_id, clock.now()))
    async with unit_of_work() as work:
        await write_attempt(work, endpoint.id, attempted)
        await attempt.complete(work)
    return attempted.error is None


@job("webhooks.forget_attempts", schedule="23 * * * *", purpose="Forget attempts to send webhooks that are some weeks old.")
async def forget_attempts() -> int:
    """Returns how many went; in batches, so that no transaction is long."""
    before, gone = clock.now() - settings.current().keep_attempts, 0
    while batch := await fetchval(_FORGET, before, BATCH):
        gone += batch
    return gone
