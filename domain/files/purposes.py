"""What files are for: which types a purpose takes, how large they may be, and whether people may hand them in."""

from __future__ import annotations

from dataclasses import dataclass

from domain.files.contents import ContentType
from domain.files.errors import FilePurposeUnknown
from domain.files.settings import current


@dataclass(frozen=True, slots=True)
class Purpose:
    """``max_bytes`` of None is the installation's limit. What is not ``handed_in`` only the house itself makes."""

    name: str
    types: frozenset[ContentType]
    max_bytes: int | None = None
    handed_in: bool = True

    @property
    def limit(self) -> int:
        return self.max_bytes or current().max_bytes


_purposes: dict[str, Purpose] = {}


def declare_purpose(purpose: Purpose) -> Purpose:
    assert _purposes.setdefault(purpose.name, purpose) == purpose, f"two purposes named {purpose.name}"
    return purpose


def purpose_named(name: str) -> Purpose:
    try:
        return _purposes[name]
    except KeyError:
        raise FilePurposeUnknown(f"there is no purpose {name[:40]!r}") from None


def handed_in_as(name: str) -> Purpose:
    """A purpose for which people may hand in files."""
    found = purpose_named(name)
    if not found.handed_in:
        raise FilePurposeUnknown(f"files for {name} are made by the house itself")
    return found


DOCUMENT = declare_purpose(
    Purpose("document", frozenset({ContentType.PDF, ContentType.PNG, ContentType.JPEG, ContentType.WEBP}))
)
"""Papers and pictures of papers: what people are asked to show."""
