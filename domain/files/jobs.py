"""Deleting files that never became part of anything."""

from __future__ import annotations

from typing import Final

from domain.files import settings
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.jobs import job

BATCH: Final = 100

_FORGET: Final = """
with old as (
    select id from stored_file where attached_at is null and created_at < $1
    order by created_at limit $2 for update skip locked
), gone as (
    delete from stored_file using old where stored_file.id = old.id returning 1
)
select count(*) from gone
"""


@job("files.forget_unattached", schedule="11 * * * *", purpose="Delete files that were handed in and never used.")
async def forget_unattached() -> int:
    """Returns how many went; in batches, so that no transaction is long."""
    before, gone = clock.now() - settings.current().keep_unattached, 0
    while batch := await fetchval(_FORGET, before, BATCH):
        gone += batch
    return gone
