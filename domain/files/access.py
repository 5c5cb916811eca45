"""Who may read a file: its owner until it belongs to something, and from then on whoever may see what it belongs to.

Each room answers for its own kinds of things, because only it knows who may see them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from uuid import UUID

from domain.files.models import StoredFile
from domain.identity.actor import Actor

MayRead = Callable[[Actor, UUID], Awaitable[bool]]

_readers: dict[str, MayRead] = {}


def readable(subject_kind: str, may_read: MayRead) -> None:
    """Declare who may read the files that belong to a kind of thing: ``may_read(actor, subject_id)``."""
    known = _readers.get(subject_kind)
    same = known is None or (known.__module__, known.__qualname__) == (may_read.__module__, may_read.__qualname__)
    assert same, f"two rooms answer for {subject_kind}"
    _readers[subject_kind] = may_read


def is_readable_kind(subject_kind: str) -> bool:
    return subject_kind in _readers


async def those_readable(actor: Actor, files: Iterable[StoredFile]) -> list[StoredFile]:
    """Those of some files that the actor may read. Each thing that they belong to is asked about once."""
    found = list(files)
    subjects = {(file.subject_kind, file.subject_id) for file in found if file.subject_kind and file.subject_id}
    open_to_actor = await _open(actor, subjects)
    return [file for file in found if _may_read(actor, file, open_to_actor)]


async def _open(actor: Actor, subjects: Collection[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    allowed = set()
    for kind, subject_id in sorted(subjects):
        reader = _readers.get(kind)
        if reader is not None and await reader(actor, subject_id):
            allowed.add((kind, subject_id))
    return allowed


def _may_read(actor: Actor, file: StoredFile, open_to_actor: Collection[tuple[str, UUID]]) -> bool:
    if file.subject_kind is None or file.subject_id is None:
        return file.owner_id == actor.id
    return (file.subject_kind, file.subject_id) in open_to_actor
