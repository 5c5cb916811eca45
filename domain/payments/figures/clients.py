"""Who has the feed of reconciliations open, in whichever server: live connections only, dead ones drop out by themselves.

Each server writes its own list, absolutely, and again and again while it is not empty. A row that was not written again for
:data:`WORTH` is of a server that is gone, and counts no more. The database's clock decides, so servers need not agree on
the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from domain.kit.database import fetchval
from domain.kit.unit_of_work import retried, unit_of_work

FEED: Final = "reconciliationFeed"
"""Whose followers are counted."""

WORTH: Final = timedelta(seconds=10)

# What this server has written before and says no more goes, and what servers left behind that are long gone.
_FORGET: Final = """
delete from feed_client where id in (
    select id from feed_client
    where (server_id = $1 and id <> all ($2::uuid[])) or seen_at < statement_timestamp() - 10 * $3::interval
    order by id for update skip locked)
"""

_WRITE: Final = """
insert into feed_client (id, server_id, actor_id, connected_at, seen_at)
select here.id, $1, here.actor_id, here.connected_at, statement_timestamp()
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as here (id, actor_id, connected_at)
order by here.id
on conflict (id) do update set seen_at = excluded.seen_at
"""

COUNT: Final = f"""
select count(*)::int from feed_client
where seen_at > statement_timestamp() - interval '{int(WORTH.total_seconds())} seconds'
"""


class Client(Protocol):
    """One open feed of somebody."""

    @property
    def id(self) -> UUID: ...

    @property
    def actor_id(self) -> UUID: ...

    @property
    def since(self) -> datetime: ...


@retried
async def write_clients(server_id: UUID, clients: Sequence[Client]) -> None:
    """These, and no others, have the feed open at this server, which lives."""
    async with unit_of_work() as work:
        await work.execute(_FORGET, server_id, [client.id for client in clients], WORTH)
        if clients:
            await work.execute(
                _WRITE,
                server_id,
                [client.id for client in clients],
                [client.actor_id for client in clients],
                [client.since for client in clients],
            )


async def connected_clients() -> int:
    """How many there are now, over all servers."""
    count: int = await fetchval(COUNT)
    return count
