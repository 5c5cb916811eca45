"""What the event log does by the clock."""

from __future__ import annotations

from domain.events import activity, retention
from domain.kit.idempotency import forget_old_keys
from domain.kit.jobs import job


@job("events.prepare_partitions", schedule="17 3 * * *", purpose="Have the partitions of the next weeks and years ready.")
async def prepare_partitions() -> None:
    await retention.prepare_partitions()
    await activity.prepare_activity_partitions()


@job("events.forget_old_changes", schedule="47 3 * * *", purpose="Let go of years that the activity log no longer keeps.")
async def forget_old_changes() -> None:
    await activity.forget_old_changes()


@job("events.forget_old_keys", schedule="23 * * * *", purpose="Let go of idempotency keys that are no longer kept.")
async def forget_idempotency_keys() -> None:
    await forget_old_keys()
