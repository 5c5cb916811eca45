"""The outbox: where a unit of work leaves its events, in the same transaction as the rows they tell of."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any, Final

from domain.events.event import payload_of
from domain.kit.idempotency import KEEP
from domain.kit.unit_of_work import Recorded, Work, write_events_with

COLUMNS: Final = 9
A_FEW: Final = 6
"""Most units of work announce one to three events."""

TARGET: Final = (
    "insert into outbox (name, version, topics, audience, actor_id, address, correlation_id, occurred_at, payload)"
)

# All events of a unit of work in one statement, in the order in which they were recorded. Topics and audience travel as
# one text each, because unnest() would flatten arrays of arrays.
INSERT: Final = f"""
{TARGET}
select name, version, string_to_array(topics, ' '), string_to_array(audience, ' '),
       actor_id, address, correlation_id, occurred_at, payload
from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::uuid[], $8::timestamptz[],
            $9::text[])
     with ordinality as fact (name, version, topics, audience, actor_id, address, correlation_id, occurred_at, payload,
                              place)
order by place
"""


@cache
def insert_of(count: int, *, keeping: bool) -> str:
    """The statement for so many events, and for what an idempotency key will remember if there is one.

    A few events are a row of parameters each, which driver and server take in half the time of arrays.
    """
    if count <= A_FEW:
        rows = [[f"${row * COLUMNS + column}" for column in range(1, COLUMNS + 1)] for row in range(count)]
        first = count * COLUMNS + 1
        sql = f"{TARGET} values " + ", ".join(
            f"({name}, {version}, string_to_array({topics}, ' '), string_to_array({audience}, ' '), {', '.join(rest)})"
            for name, version, topics, audience, *rest in rows
        )
    else:
        first, sql = COLUMNS + 1, INSERT
    if not keeping:
        return sql
    parameters = ", ".join(f"${first + place}" for place in range(5))
    kept = f"insert into idempotency_key (actor_id, key, request, result, created_at) values ({parameters})"
    return f"with kept as ({kept}) {sql}"


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
        await work.connection.execute(KEEP, *kept.columns())
        return
    rows = [_row_of(recorded) for recorded in work.events]
    values = list(chain.from_iterable(rows)) if len(rows) <= A_FEW else list(zip(*rows, strict=True))
    if kept is not None:
        values.extend(kept.columns())
    await work.connection.execute(insert_of(min(len(rows), A_FEW + 1), keeping=kept is not None), *values)
    work.after_commit(_hint)


def _row_of(recorded: Recorded) -> tuple[Any, ...]:
    fact, call = recorded.fact, recorded.call
    return (
        fact.name,
        fact.version,
        " ".join(fact.topics()),
        " ".join(fact.audience()),
        call.actor_id,
        call.address,
        call.correlation_id,
        recorded.occurred_at,
        payload_of(fact),
    )


write_events_with(write)
