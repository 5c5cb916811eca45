"""The audit trail: every event, kept apart from the log so that archiving the log does not shorten memory."""

from __future__ import annotations

from collections.abc import Sequence

from domain.events.event import LoggedEvent
from domain.events.listeners import listener
from domain.kit.database import execute

trail = listener("audit")


async def _write(batch: Sequence[LoggedEvent]) -> None:
    # A second delivery of the same position changes nothing.
    await execute(
        """insert into audit_record (position, event_name, domain, actor_id, address, correlation_id, occurred_at, payload)
           select position, name, split_part(name, '.', 1), actor_id, address, correlation_id, occurred_at, payload::jsonb
           from event_log where position between $1 and $2
           on conflict (position) do nothing""",
        batch[0].position,
        batch[-1].position,
    )


trail.everything = _write
