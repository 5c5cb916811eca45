"""The outbox: where a unit of work leaves its events, in the same transaction as the rows they tell of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from domain.events.event import payload_of
from domain.kit.idempotency import KEEP
from domain.kit.unit_of_work import Recorded, Work, write_events_with

# All events of a unit of work in one statement, in the order in which they were recorded. Topics and audience travel as
# one text each, because unnest() would flatten arrays of arrays.
INSERT = """
insert into outbox (name, version, topics, audience, actor_id, address, correlation_id, occurred_at, payload)
select name, version, string_to_array(topics, ' '), string_to_array(audience, ' '),
       actor_id, address, correlation_id, occurred_at, payload
from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::timestamptz[],
            $9::text[])
     with ordinality as fact (name, version, topics, audience, actor_id, address, correlation_id, occurred_at, payload,
                              place)
order by place
"""

INSERT_AND_KEEP = f"""
with kept as (
    insert into idempotency_key (actor_id, key, request, result, created_at) values ($10, $11, $12, $13, $14)
)
{INSERT}"""

_hints: list[Callable[[], None]] = []


def hint_after_commit(callback: Callable[[], None]) -> Callable[[], None]:
    """Have ``callback`` called when events have committed, so that the sequencer need not wait for its next poll.

    Returns the function that takes it back.
    """
    _hints.append(callback)
    return lambda: _hints.remove(callback)


def _hint() -> None:
    for callback in _hints:
        callback()


async def write(work: Work) -> None:
    """Write what a unit of work leaves behind: its events, and what its idempotency key will remember, in one statement."""
    kept = work.kept
    if not work.events:
        assert kept is not None
        await work.connection.execute(KEEP, *astuple(kept))
        return
    events = _columns_of(work.events)
    if kept is None:
        await work.connection.execute(INSERT, *events)
    else:
        await work.connection.execute(INSERT_AND_KEEP, *events, *astuple(kept))
    work.after_commit(_hint)


def _columns_of(recorded: Sequence[Recorded]) -> tuple[list[Any], ...]:
    facts = [each.fact for each in recorded]
    return (
        [fact.name for fact in facts],
        [fact.version for fact in facts],
        [" ".join(fact.topics()) for fact in facts],
        [" ".join(fact.audience()) for fact in facts],
        [each.call.actor_id for each in recorded],
        [each.call.address for each in recorded],
        [each.call.correlation_id for each in recorded],
        [each.occurred_at for each in recorded],
        [payload_of(fact) for fact in facts],
    )


write_events_with(write)
