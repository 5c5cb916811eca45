"""Storing: a file is looked at, given a safe name and written down.

The bytes are kept in PostgreSQL, in the same transaction as whatever needs them. A backup of the database is a backup of
the papers, a restored one has each paper that its rows speak of and no other, and servers share no disk. What is kept
here are documents of some megabytes, for which that costs little.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.files import settings
from domain.files.contents import ContentType, type_of
from domain.files.errors import FileEmpty, FileQuotaExceeded, FileTooLarge, FileTypeNotAllowed
from domain.files.models import StoredFile
from domain.files.names import cleaned
from domain.files.purposes import Purpose, handed_in_as
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work

SMALL_BYTES: Final = 64 * 1024
"""Up to so many bytes, looking at a file takes less time than giving it to another thread."""


@dataclass(frozen=True, slots=True)
class _Examined:
    content: bytes
    content_type: ContentType
    file_name: str
    sha256: str


@retried
async def store_file(
    actor: Actor, *, file_name: str, content: bytes, purpose: str = "document", content_type: str | None = None
) -> StoredFile:
    """Take a file that somebody hands in. It is theirs alone until it is attached to something, and not kept for long.

    ``content_type`` is what they declare it to be; the bytes decide.
    """
    actor.require(Permission.SIGNED_IN)
    declared_purpose = handed_in_as(purpose)
    examined = await _examined(declared_purpose, file_name, content, content_type)
    async with unit_of_work() as work:
        await _require_quota(work, actor.id, len(content))
        return await _write(work, actor.id, declared_purpose, examined)


async def store_made_file(work: Work, *, owner_id: UUID, purpose: Purpose, file_name: str, content: bytes) -> StoredFile:
    """Keep a paper that the house has made for somebody, in the unit of work that needs it. Attach it there as well."""
    return await _write(work, owner_id, purpose, await _examined(purpose, file_name, content, None))


async def _examined(purpose: Purpose, file_name: str, content: bytes, declared: str | None) -> _Examined:
    if not content:
        raise FileEmpty("the file has no bytes")
    if len(content) > purpose.limit:
        raise FileTooLarge(f"a file has at most {purpose.limit} bytes")
    if len(content) <= SMALL_BYTES:
        return _examine(purpose, file_name, content, declared)
    return await asyncio.to_thread(_examine, purpose, file_name, content, declared)


def _examine(purpose: Purpose, file_name: str, content: bytes, declared: str | None) -> _Examined:
    archives = not purpose.handed_in and ContentType.ZIP in purpose.types
    found = type_of(content, file_name=file_name, declared=declared, archives=archives)
    if found not in purpose.types:
        taken = ", ".join(sorted(each.name for each in purpose.types))
        raise FileTypeNotAllowed(f"a {purpose.name} is one of {taken}, not {found.value}")
    return _Examined(content, found, cleaned(file_name, found), hashlib.sha256(content).hexdigest())


async def _require_quota(work: Work, owner_id: UUID, size_bytes: int) -> None:
    """Count what the owner has lying about, one upload at a time."""
    limits = settings.current()
    await work.execute("select pg_advisory_xact_lock(hashtextextended('files of ' || $1::text, 0))", str(owner_id))
    row = await work.fetchrow(
        """select count(*) as files, coalesce(sum(size_bytes), 0)::bigint as bytes from stored_file
           where owner_id = $1 and attached_at is null""",
        owner_id,
    )
    assert row is not None
    if row["files"] >= limits.unattached_files:
        raise FileQuotaExceeded(f"{row['files']} of your files belong to nothing yet")
    if row["bytes"] + size_bytes > limits.unattached_bytes:
        raise FileQuotaExceeded(f"your files that belong to nothing yet have {row['bytes']} bytes already")


async def _write(work: Work, owner_id: UUID, purpose: Purpose, examined: _Examined) -> StoredFile:
    file = await StoredFile.create(
        id=new_id(),
        owner_id=owner_id,
        purpose=purpose.name,
        file_name=examined.file_name,
        content_type=examined.content_type.value,
        size_bytes=len(examined.content),
        sha256=examined.sha256,
        created_at=clock.now(),
    )
    await work.execute("insert into stored_file_content (file_id, content) values ($1, $2)", file.id, examined.content)
    return file
