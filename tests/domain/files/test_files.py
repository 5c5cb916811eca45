"""Files: handed in, attached once, read by those who may, deleted when nobody used them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.files import access, settings
from domain.files.contents import ContentType
from domain.files.errors import (
    FileAlreadyAttached,
    FileEmpty,
    FileNotFound,
    FilePurposeUnknown,
    FileQuotaExceeded,
    FileTooLarge,
    FileTypeNotAllowed,
)
from domain.files.jobs import forget_unattached
from domain.files.models import StoredFile
from domain.files.purposes import Purpose
from domain.files.queries import PIECE_BYTES, content_of, files_by_id, files_of, pieces_of, readable_file
from domain.files.service import attach, remove_file, store_file, store_made_file
from domain.files.settings import FileSettings
from domain.identity.actor import ANONYMOUS, Actor
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.kit.errors import Unauthenticated
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.papers import CSV, PDF, a_file
from tests.support.people import an_actor
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

CASE = "tests.case"
PAPER = Purpose("tests.paper", frozenset({ContentType.CSV}), max_bytes=2_000_000, handed_in=False)


@pytest.fixture
def readers() -> Iterator[set[UUID]]:
    """Who may see any case."""
    allowed: set[UUID] = set()

    async def seen(actor: Actor, case_ids: Sequence[UUID]) -> Sequence[UUID]:
        return case_ids if actor.id in allowed else []

    access.readable(CASE, seen)
    yield allowed
    del access._readers[CASE]


@pytest.fixture
def limits() -> Iterator[FileSettings]:
    """Narrow limits."""
    before = settings.current()
    narrow = FileSettings(max_bytes=1_000, unattached_bytes=2_500, unattached_files=3)
    settings.configure(narrow)
    yield narrow
    settings.configure(before)


async def attached(actor: Actor, file: StoredFile, case_id: UUID, *, kept: bool = True) -> StoredFile:
    async with unit_of_work() as work:
        return await attach(work, file.id, CASE, case_id, by=actor, kept=kept)


async def test_a_file_is_stored_and_read_back() -> None:
    asha, ravi = await an_actor(), await an_actor()
    file = await store_file(asha, file_name="../pay\tslip.pdf", content=PDF, content_type="application/pdf")
    assert (file.file_name, file.content_type, file.size_bytes) == ("payslip.pdf", "application/pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert await content_of(await readable_file(asha, file.id)) == PDF
    with pytest.raises(FileNotFound):
        await readable_file(ravi, file.id)
    assert await files_by_id(ravi, [file.id]) == {}
    changes = await fetchval("select count(*) from row_change where object_id = $1", file.id)
    assert changes == 1
    await assert_integrity("files")


async def test_bytes_come_in_pieces() -> None:
    asha = await an_actor()
    content = CSV * (2 * PIECE_BYTES // len(CSV) + 1)
    async with unit_of_work() as work:
        file = await store_made_file(work, owner_id=asha.id, purpose=PAPER, file_name="report.csv", content=content)
    sizes = [len(piece) async for piece in pieces_of(file)]
    assert sizes == [PIECE_BYTES, PIECE_BYTES, len(content) - 2 * PIECE_BYTES]
    assert await content_of(file) == content


async def test_what_cannot_be_taken_is_refused() -> None:
    asha = await an_actor()
    async with nothing_happens():
        with pytest.raises(FileEmpty):
            await store_file(asha, file_name="payslip.pdf", content=b"")
        with pytest.raises(FileTypeNotAllowed, match="not text/csv"):
            await store_file(asha, file_name="report.csv", content=CSV)
        with pytest.raises(FilePurposeUnknown):
            await store_file(asha, file_name="payslip.pdf", content=PDF, purpose="nonsense")
        with pytest.raises(Unauthenticated):
            await store_file(ANONYMOUS, file_name="payslip.pdf", content=PDF)


async def test_nobody_leaves_too_much_lying_about(limits: FileSettings, readers: set[UUID]) -> None:
    asha, ravi = await an_actor(), await an_actor()
    with pytest.raises(FileTooLarge):
        await store_file(asha, file_name="payslip.pdf", content=PDF + bytes(limits.max_bytes))
    first = await a_file(asha)
    found = await outcomes_of([a_file(asha) for _ in range(5)])
    assert sum(isinstance(each, StoredFile) for each in found) == limits.unattached_files - 1
    assert sum(isinstance(each, FileQuotaExceeded) for each in found) == 3
    await a_file(ravi)
    await attached(asha, first, new_id())
    await a_file(asha)
    heavy = PDF + b" " * 900
    settings.configure(replace(limits, unattached_bytes=1_500))
    await a_file(ravi, heavy)
    with pytest.raises(FileQuotaExceeded, match="bytes already"):
        await a_file(ravi, heavy)


async def test_a_file_is_attached_once_by_its_owner(readers: set[UUID]) -> None:
    asha, ravi, case_id = await an_actor(), await an_actor(), new_id()
    file = await a_file(asha)
    async with nothing_happens():
        with pytest.raises(FileNotFound):
            await attached(ravi, file, case_id)
    await attached(asha, file, case_id)
    async with nothing_happens():
        assert (await attached(asha, file, case_id)).subject_id == case_id
        with pytest.raises(FileAlreadyAttached):
            await attached(asha, file, new_id())


async def test_what_belongs_to_something_is_read_by_those_who_may_see_that(readers: set[UUID]) -> None:
    asha, ravi, case_id = await an_actor(), await an_actor(), new_id()
    files = [await attached(asha, await a_file(asha), case_id) for _ in range(2)]
    readers.add(ravi.id)
    assert {file.id for file in (await files_of(ravi, CASE, [case_id]))[case_id]} == {file.id for file in files}
    assert (await readable_file(ravi, files[0].id)).id == files[0].id
    assert await files_of(asha, CASE, [case_id]) == {case_id: []}, "the room alone says who may see its things"
    del access._readers[CASE]
    assert await files_by_id(ravi, [file.id for file in files]) == {}
    access.readable(CASE, _nobody)


async def _nobody(actor: Actor, case_ids: Sequence[UUID]) -> Sequence[UUID]:
    return []


async def test_what_nobody_used_is_deleted_after_a_day(readers: set[UUID]) -> None:
    asha = await an_actor()
    used, unused = await a_file(asha), await a_file(asha)
    await attached(asha, used, new_id())
    assert await forget_unattached.run() == 0
    with clock_set_to(clock.now() + timedelta(hours=25)):
        assert await forget_unattached.run() == 1
    assert [file.id for file in await StoredFile.all()] == [used.id]
    assert await fetchval("select count(*) from stored_file_content") == 1
    assert unused.id != used.id
    await assert_integrity("files")


async def test_the_database_keeps_files_as_they_are(readers: set[UUID]) -> None:
    asha = await an_actor()
    kept = await attached(asha, await a_file(asha), new_id())
    loose = await attached(asha, await a_file(asha), new_id(), kept=False)
    for statement in (
        "update stored_file set file_name = 'other.pdf'",
        "update stored_file set owner_id = gen_random_uuid()",
        "update stored_file set subject_id = gen_random_uuid()",
        "update stored_file_content set content = 'x'",
        "delete from stored_file",
    ):
        with pytest.raises(Exception, match=r"stored_file|a file does not change|is kept|do not change"):
            await execute(statement)
    async with unit_of_work() as work:
        await remove_file(work, loose.id)
    assert [file.id for file in await StoredFile.all()] == [kept.id]
