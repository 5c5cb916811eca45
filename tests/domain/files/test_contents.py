"""What a file is, told from its bytes; and names that are safe."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.files.contents import EXTENSIONS, ContentType, type_of
from domain.files.errors import FileTypeContradicted, FileTypeNotAllowed
from domain.files.names import MAX_NAME_LENGTH, cleaned
from tests.support.papers import CSV, JPEG, PDF, PNG, WEBP, a_workbook, an_archive


@pytest.mark.parametrize(
    ("content", "name", "declared", "expected"),
    [
        (PDF, "payslip.pdf", "application/pdf", ContentType.PDF),
        (PDF, "payslip", None, ContentType.PDF),
        (PDF, "payslip.exe", "application/octet-stream", ContentType.PDF),
        (PNG, "photo.PNG", "image/png", ContentType.PNG),
        (JPEG, "photo.jpeg", "image/jpg", ContentType.JPEG),
        (WEBP, "photo.webp", "image/webp; q=1", ContentType.WEBP),
        (a_workbook(), "report.xlsx", None, ContentType.XLSX),
        (CSV, "report.csv", "application/vnd.ms-excel", ContentType.CSV),
        (CSV, "report", "text/csv; charset=utf-8", ContentType.CSV),
        (b"\xef\xbb\xbf" + CSV, "report.csv", "text/plain", ContentType.CSV),
        ("date;name\r\n2030-03-04;Zoë\r\n".encode("cp1252"), "report.csv", None, ContentType.CSV),
        ("date;name\r\n2030-03-04;Zoë\r\n".encode("utf-16"), "report", "text/csv", ContentType.CSV),
        ("Ankara, Zürich und Ωmega".encode(), "notes.txt", None, ContentType.TEXT),
    ],
)
def test_bytes_show_what_they_are(content: bytes, name: str, declared: str | None, expected: ContentType) -> None:
    assert type_of(content, file_name=name, declared=declared) is expected


@pytest.mark.attack("disguised files", on="Files")
@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (PDF, "photo.png", None),
        (PDF, "payslip.pdf", "image/png"),
        (PNG, "payslip.pdf", "application/pdf"),
        (CSV, "payslip.pdf", None),
        (CSV, "report.xlsx", "text/csv"),
        (a_workbook(), "report.csv", None),
    ],
)
def test_claims_that_the_bytes_contradict_are_refused(content: bytes, name: str, declared: str | None) -> None:
    with pytest.raises(FileTypeContradicted):
        type_of(content, file_name=name, declared=declared)


@pytest.mark.attack("disguised files", on="Files")
@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "photo.svg", "image/svg+xml"),
        (b"\xef\xbb\xbf  <!doctype html><script>", "notes.txt", "text/plain"),
        (b"<?xml version='1.0'?><svg/>", "photo.png", None),
        (b"#!/bin/sh\nrm -rf /", "notes.txt", None),
        (b"%!PS-Adobe-3.0", "paper.txt", None),
        (b"MZ\x90\x00\x03" + bytes(60), "payslip.pdf", None),
        (b"\x7fELF" + bytes(60), "payslip.pdf", "application/pdf"),
        (b"GIF89a" + bytes(20), "photo.gif", None),
        (an_archive("payslip.pdf"), "papers.zip", None),
        (an_archive("payslip.pdf"), "report.xlsx", None),
        (a_workbook("xl/vbaProject.bin"), "report.xlsx", None),
        (b"PK\x03\x04" + bytes(100), "report.xlsx", None),
        (PDF, "payslip.pdf", "text/html"),
        (b"a,b\x00c", "report.csv", None),
        (b"a\x1b[31mred", "notes.txt", None),
        (b"a\x81b", "report.csv", None),
        (b"\xff\xfea\x00\x00\x00", "report.csv", None),
        ("<svg>ë</svg>".encode("cp1252"), "report.csv", None),
        ("Zoë".encode("cp1252"), "notes.txt", None),
        (b"\xff\xfea\x00b\x00", "notes.txt", None),
        (b"   \n%PDF-1.7", "payslip.txt", "application/x-sh"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, name: str, declared: str | None) -> None:
    with pytest.raises(FileTypeNotAllowed):
        type_of(content, file_name=name, declared=declared)


@given(st.binary(max_size=300), st.text(max_size=20), st.one_of(st.none(), st.text(max_size=30)))
def test_any_bytes_are_told_or_refused(content: bytes, name: str, declared: str | None) -> None:
    with suppress(FileTypeNotAllowed, FileTypeContradicted):
        type_of(content, file_name=name, declared=declared)


@pytest.mark.attack("path tricks in uploads", on="Files")
@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("payslip.pdf", "payslip.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\asha\\Pay Slip.PDF", "Pay Slip.pdf"),
        ("payslip.pdf.exe", "payslip.pdf.exe.pdf"),
        ("pay\u202efdp.exe", "payfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ("con.tax.pdf", "_con.tax.pdf"),
        ("...", "file.pdf"),
        (".pdf", "file.pdf"),
        ("  salary   slip  ", "salary slip.pdf"),
        ('<a href="x">', "_a href=_x__.pdf"),
        ("Zu\u0308rich.pdf", "Zürich.pdf"),
        ("x" * 300 + ".pdf", "x" * (MAX_NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_names_are_cleaned(given_name: str, expected: str) -> None:
    assert cleaned(given_name, ContentType.PDF) == expected


@pytest.mark.attack("path tricks in uploads", on="Files")
@given(st.text(max_size=300), st.sampled_from(ContentType))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name: str, content_type: ContentType) -> None:
    safe = cleaned(name, content_type)
    assert 1 <= len(safe) <= MAX_NAME_LENGTH
    assert safe.endswith(EXTENSIONS[content_type])
    assert not set(safe) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(each)[0] == "C" for each in safe)
    assert not safe.startswith((".", " "))
    assert cleaned(safe, content_type) == safe
