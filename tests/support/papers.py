"""Files for tests: the smallest bytes that are what they say, and people who hand them in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from itertools import count
from typing import Final

from domain.files.models import StoredFile
from domain.files.service import store_file
from domain.identity.actor import Actor

PDF: Final = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
WEBP: Final = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
CSV: Final = b"date,amount\r\n2030-03-04,12.50\r\n"

_numbers = count(1)


def an_archive(*parts: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return buffer.getvalue()


def a_workbook(*more: str) -> bytes:
    return an_archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", *more)


async def a_file(owner: Actor, content: bytes = PDF, *, name: str = "payslip.pdf") -> StoredFile:
    """A file that its owner has handed in; each has bytes of its own."""
    return await store_file(owner, file_name=name, content=content + b"%% %d\n" % next(_numbers))
