"""What a file is, told from its bytes alone. Pure.

Names and declared types are claims; a claim that the bytes contradict is refused, because whoever opens the file later
goes by the name. Markup, scripts, archives and programs are no documents, and neither is a workbook with macros.
"""

from __future__ import annotations

import codecs
import zipfile
from enum import Enum
from io import BytesIO
from typing import Final

import filetype

from domain.files.errors import FileTypeContradicted, FileTypeNotAllowed


class ContentType(str, Enum):
    """The types of files that there are in the house."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"
    TEXT = "text/plain"
    ZIP = "application/zip"


EXTENSIONS: Final[dict[ContentType, tuple[str, ...]]] = {
    ContentType.PDF: (".pdf",),
    ContentType.PNG: (".png",),
    ContentType.JPEG: (".jpg", ".jpeg"),
    ContentType.WEBP: (".webp",),
    ContentType.XLSX: (".xlsx",),
    ContentType.CSV: (".csv",),
    ContentType.TEXT: (".txt",),
    ContentType.ZIP: (".zip",),
}
"""By which endings each type is known, the usual one first."""

FOREIGN: Final = ("utf-8-sig", "utf-16", "cp1252")
"""What programs for tables write CSV in. Of other texts, and of what does not say that it is CSV, only UTF-8 is taken."""

TEXTS: Final = frozenset({ContentType.CSV, ContentType.TEXT})
UNSAID: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
SYNONYMS: Final = {
    "image/jpg": ContentType.JPEG,
    "image/pjpeg": ContentType.JPEG,
    "application/x-pdf": ContentType.PDF,
    "application/csv": ContentType.CSV,
    # What browsers on Windows say of a .csv when a spreadsheet program is installed.
    "application/vnd.ms-excel": ContentType.CSV,
}

HEAD_BYTES: Final = 8_192
MAX_WORKBOOK_PARTS: Final = 10_000
_TEXT_CONTROLS: Final = frozenset("\t\n\r\f")
_OFFICE_PARTS: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})


def type_of(content: bytes, *, file_name: str, declared: str | None, archives: bool = False) -> ContentType:
    """The type that the bytes show; refuses what no type of ours is, and claims that are false. ``archives`` are taken from
    nobody but the house itself."""
    claims = {_claimed_by_name(file_name), _claimed_by_type(declared)} - {None}
    if archives and content.startswith(b"PK") and ContentType.ZIP in claims:
        return ContentType.ZIP
    found = _sniffed(content, claims_csv=ContentType.CSV in claims)
    if found is ContentType.TEXT and ContentType.CSV in claims:
        found = ContentType.CSV
    for claim in claims:
        if claim is not found and not {claim, found} <= TEXTS:
            raise FileTypeContradicted(f"the bytes are {found.value}, which is not what the name or the declared type says")
    return found


def _sniffed(content: bytes, *, claims_csv: bool) -> ContentType:
    kind = filetype.guess(content[:HEAD_BYTES])
    if kind is None:
        return _sniffed_text(content, claims_csv=claims_csv)
    if kind.mime == "application/zip" or kind.mime == ContentType.XLSX.value:
        return _sniffed_archive(content)
    try:
        found = ContentType(kind.mime)
    except ValueError:
        raise FileTypeNotAllowed(f"files of the type {kind.mime} are not taken") from None
    if found is ContentType.PDF and not content.startswith(b"%PDF-"):
        raise FileTypeNotAllowed("a PDF begins with %PDF")
    return found


def _sniffed_archive(content: bytes) -> ContentType:
    """A workbook is an archive with certain parts. Only its table of contents is read, so nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = {part.filename for part in archive.infolist()[:MAX_WORKBOOK_PARTS]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileTypeNotAllowed("archives are not taken") from None
    if not parts >= _OFFICE_PARTS:
        raise FileTypeNotAllowed("archives are not taken")
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise FileTypeNotAllowed("workbooks with macros are not taken")
    return ContentType.XLSX


def _sniffed_text(content: bytes, *, claims_csv: bool) -> ContentType:
    text = _decoded(content, FOREIGN if claims_csv else ("utf-8-sig",))
    if text is None:
        raise FileTypeNotAllowed("the bytes are of no type that is taken here")
    if any(
        not character.isprintable() and character not in _TEXT_CONTROLS for character in set(text) if ord(character) < 160
    ):
        raise FileTypeNotAllowed("a text has no control characters")
    if text.lstrip().startswith(("<", "#!", "%!")):
        raise FileTypeNotAllowed("markup and scripts are not taken")
    return ContentType.TEXT


def _decoded(content: bytes, encodings: tuple[str, ...]) -> str | None:
    """The text in the first of the encodings that it can be in; UTF-16 only when its first bytes say so."""
    for encoding in encodings:
        if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _claimed_by_name(file_name: str) -> ContentType | None:
    """What the ending of a name claims; an ending that is none of ours claims nothing."""
    lowered = file_name.lower()
    for content_type, endings in EXTENSIONS.items():
        if lowered.endswith(endings):
            return content_type
    return None


def _claimed_by_type(declared: str | None) -> ContentType | None:
    media_type = (declared or "").partition(";")[0].strip().lower()
    if media_type in UNSAID:
        return None
    if media_type in SYNONYMS:
        return SYNONYMS[media_type]
    try:
        return ContentType(media_type)
    except ValueError:
        raise FileTypeNotAllowed(f"files of the type {media_type[:60]!r} are not taken") from None
