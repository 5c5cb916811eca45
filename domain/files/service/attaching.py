"""Attaching: a file that somebody handed in becomes part of what it was meant for."""

from __future__ import annotations

from uuid import UUID

from domain.files.access import is_readable_kind
from domain.files.errors import FileAlreadyAttached, FileNotFound
from domain.files.models import StoredFile
from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.unit_of_work import Work


async def attach(
    work: Work, file_id: UUID, subject_kind: str, subject_id: UUID, *, by: Actor, kept: bool = True
) -> StoredFile:
    """Let a file belong to something from now on. Only its owner can give it, and only once.

    Whoever may see the thing may read the file (the room says who: :func:`domain.files.access.readable`). A ``kept`` file
    cannot be deleted any more. The same attachment again changes nothing.
    """
    assert is_readable_kind(subject_kind), f"nobody has declared who may read the files of a {subject_kind}"
    file = await StoredFile.select_for_update().get_or_none(id=file_id, owner_id=by.id)
    if file is None:
        raise FileNotFound("there is no such file of yours")
    if file.attached_at is not None:
        if (file.subject_kind, file.subject_id) == (subject_kind, subject_id):
            return file
        raise FileAlreadyAttached(f"{file.file_name} belongs to something already")
    file.subject_kind, file.subject_id, file.attached_at, file.kept = subject_kind, subject_id, clock.now(), kept
    await file.save(update_fields=["subject_kind", "subject_id", "attached_at", "kept"])
    return file


async def remove_file(work: Work, file_id: UUID) -> None:
    """Delete a file that is not kept; the room that it belongs to decides that."""
    await work.execute("delete from stored_file where id = $1", file_id)
