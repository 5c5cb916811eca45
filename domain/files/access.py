"""Who may read a file: its owner until it belongs to something, and from then on whoever may see what it belongs to.

Each room answers for its own kinds of things, because only it knows who may see them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from uuid import UUID

from domain.files.models import StoredFile
from domain.identity.actor import Actor

Seen = Callable[[Actor, Sequence[UUID]], Awaitable[Collection[UUID]]]
"""Those of some things that the actor may see, of all at once."""

_readers: dict[str, Seen] = {}


def readable(subject_kind: str, seen: Seen) -> None:
    """Declare who may read the files that belong to a kind of thing: whoever sees it by ``seen(actor, subject_ids)``."""
    known = _readers.get(subject_kind)
    same = known is None or (known.__module__, known.__qualname__) == (seen.__module__, seen.__qualname__)
    assert same, f"two rooms answer for {subject_kind}"
    _readers[subject_kind] = seen


def is_readable_kind(subject_kind: str) -> bool:
    return subject_kind in _readers


async def those_readable(actor: Actor, files: Iterable[StoredFile]) -> list[StoredFile]:
    """Those of some files that the actor may read. The things that they belong to are asked about once for each kind."""
    found = list(files)
    subjects = {(file.subject_kind, file.subject_id) for file in found if file.subject_kind and file.subject_id}
    open_to_actor = await _open(actor, subjects)
    return [file for file in found if _may_read(actor, file, open_to_actor)]


async def _open(actor: Actor, subjects: Collection[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    allowed: set[tuple[str, UUID]] = set()
    for kind in sorted({kind for kind, _ in subjects} & _readers.keys()):
        seen = await _readers[kind](actor, sorted(subject_id for of, subject_id in subjects if of == kind))
        allowed.update((kind, subject_id) for subject_id in seen)
    return allowed


def _may_read(actor: Actor, file: StoredFile, open_to_actor: Collection[tuple[str, UUID]]) -> bool:
    if file.subject_kind is None or file.subject_id is None:
        return file.owner_id == actor.id
    return (file.subject_kind, file.subject_id) in open_to_actor
