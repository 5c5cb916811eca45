"""Names of files that are safe to show, to save under and to send in a header. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.files.contents import EXTENSIONS, ContentType

MAX_NAME_LENGTH: Final = 120
NAMELESS: Final = "file"

_FORBIDDEN: Final = frozenset('<>:"|?*')
_RESERVED: Final = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})


def cleaned(name: str, content_type: ContentType) -> str:
    """The last part of a path, without what programs or eyes could misread, and with the ending of what it is.

    Control characters go, those too that turn the direction of writing around; what some system forbids becomes ``_``.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(_plain(character) for character in last)
    stem, ending = _split(" ".join(shown.split()).rstrip(". "), content_type)
    stem = stem[: MAX_NAME_LENGTH - len(ending)].strip(". ") or NAMELESS
    if stem.partition(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"[: MAX_NAME_LENGTH - len(ending)]
    return stem + ending


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category[0] in "CZ":
        return ""
    return "_" if character in _FORBIDDEN else character


def _split(name: str, content_type: ContentType) -> tuple[str, str]:
    """A name and its ending. A name that ends otherwise than its type does gets the usual ending behind its own."""
    endings = EXTENSIONS[content_type]
    for ending in endings:
        if name.lower().endswith(ending):
            return name[: -len(ending)], name[-len(ending) :].lower()
    return name, endings[0]
