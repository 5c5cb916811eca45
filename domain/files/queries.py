"""Reading files: what is known of them, and their bytes, piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import Final
from uuid import UUID

from domain.files.access import those_readable
from domain.files.errors import FileNotFound
from domain.files.models import StoredFile
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetchval
from domain.kit.reading import Wanted, read, source

PIECE_BYTES: Final = 512 * 1024


@source
async def files_by_id(actor: Actor, file_ids: Collection[UUID], wanted: Wanted) -> dict[UUID, StoredFile]:
    """Those of several files that the actor may read."""
    actor.require(Permission.SIGNED_IN)
    needed = wanted and wanted | {"id", "owner_id", "subject_kind", "subject_id"}
    files = await read(StoredFile.filter(id__in=list(file_ids)), needed)
    return {file.id: file for file in await those_readable(actor, files)}


async def readable_file(actor: Actor, file_id: UUID) -> StoredFile:
    """One file; refused when it is not there, or not for the actor."""
    found = (await files_by_id(actor, [file_id])).get(file_id)
    if found is None:
        raise FileNotFound("there is no such file")
    return found


async def files_of(actor: Actor, subject_kind: str, subject_ids: Collection[UUID]) -> dict[UUID, list[StoredFile]]:
    """The files that belong to several things, as far as the actor may read them, the oldest first."""
    actor.require(Permission.SIGNED_IN)
    belonging = StoredFile.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))
    files = await read(belonging.order_by("attached_at", "id"))
    found: dict[UUID, list[StoredFile]] = {subject_id: [] for subject_id in subject_ids}
    for file in await those_readable(actor, files):
        assert file.subject_id is not None
        found[file.subject_id].append(file)
    return found


async def pieces_of(file: StoredFile) -> AsyncIterator[bytes]:
    """The bytes of a file that the caller was allowed to read, in pieces, so that none has to be in memory as a whole."""
    for offset in range(0, file.size_bytes, PIECE_BYTES):
        piece = await fetchval(
            "select substr(content, $2, $3) from stored_file_content where file_id = $1", file.id, offset + 1, PIECE_BYTES
        )
        if piece is None:
            raise FileNotFound("the file has been deleted meanwhile")
        yield piece


async def content_of(file: StoredFile) -> bytes:
    """All bytes of a file that the caller was allowed to read."""
    return b"".join([piece async for piece in pieces_of(file)])
