"""Making an export: one archive with a JSON document for each room, the person's files, and a table of contents.

Everything is read at one moment. Amounts are whole numbers in minor units, times are UTC, decimals keep their digits.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.files.errors import FileTooLarge
from domain.files.service import attach, remove_file, store_made_file
from domain.identity import directory
from domain.identity.permissions import Permission
from domain.jobs.queue import Attempt
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.privacy import settings
from domain.privacy.events import ExportFailed, ExportReady
from domain.privacy.models import ExportState, PersonalDataExport
from domain.privacy.people import Person, person_of
from domain.privacy.purpose import ARCHIVE, SUBJECT
from domain.privacy.register import ROOMS, Kind, Room, holdings_of
from domain.privacy.rows import DOCUMENTS

FORMAT: Final = "daftari-personal-data/1"
PREFETCH: Final = 500
NOT_IN_TABLES: Final = frozenset({"stored_file_content", "idempotency_key", *DOCUMENTS})
"""Files come as files, the trail by itself; keys of acts are of nobody's interest."""

_ABOUT: Final = """This archive holds what Daftari knows of one person.

index.json       what is in here, with the number of records and the SHA-256 of each document
<room>.json      the records of a room by table, its purpose, and how long they are kept
trail.json       what the person did, and what was done about them, from where and when
files/           papers that were handed in by them or about them

Amounts are in minor units (cents), times in UTC. Secrets are left out: passwords and keys are known only as hashes.
"""

# What the person did, without what it was about, which may be others' data; and what happened that names them.
_TRAIL: Final = {
    "done_by_them": """
        select json_build_object('position', position, 'event', event_name, 'at', occurred_at, 'address', address,
            'correlation_id', correlation_id)::text as record
        from audit_record where actor_id = any ($1::uuid[]) order by position""",
    "about_them": """
        select json_build_object('position', position, 'event', event_name, 'at', occurred_at, 'payload', payload)::text
            as record
        from audit_record where payload::text like any ($2::text[]) order by position""",
    "changes_of_their_records": """
        select json_build_object('id', id, 'kind', object_kind, 'object_id', object_id, 'operation', operation,
            'at', recorded_at, 'before', before, 'after', after)::text as record
        from row_change where object_id = any ($1::uuid[]) order by id""",
}
_FILES: Final = """
select file.id, file.file_name, content.content from stored_file file join stored_file_content content
on content.file_id = file.id where file.id in (select id from stored_file where {of}) order by file.id
"""


@dataclass
class Contents:
    """What has been put into an archive."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: int = 0

    def note(self, name: str, content: bytes, records: int) -> None:
        self.documents[name] = {"records": records, "sha256": hashlib.sha256(content).hexdigest()}
        self.records += records


async def export(export_id: UUID, attempt: Attempt) -> str:
    """Make the archive that a task is about. What the rules refuse ends it; what goes wrong otherwise is tried again."""
    found = await PersonalDataExport.get_or_none(id=export_id)
    if found is None or found.state is not ExportState.QUEUED:
        return "nothing to do"
    try:
        with tempfile.TemporaryDirectory(prefix="daftari-personal-data-") as folder:
            path = Path(folder) / "archive.zip"
            contents = await _gather(found, path)
            if path.stat().st_size > ARCHIVE.limit:
                raise FileTooLarge(f"an archive has at most {ARCHIVE.limit} bytes")
            content = await asyncio.to_thread(path.read_bytes)
        await _finish(found, attempt, content, contents.records)
    except DomainError as refusal:
        await _fail(export_id, attempt, refusal.code)
        return f"refused: {refusal.code}"
    return f"{contents.records} records"


async def _gather(export: PersonalDataExport, path: Path) -> Contents:
    contents = Contents()
    async with unit_of_work() as work:
        await work.execute("set transaction isolation level repeatable read, read only")
        actor = await directory.actor_of_user(export.requested_by)
        if export.person_id != export.requested_by and not actor.may(Permission.PERSONAL_DATA_MANAGE):
            raise Forbidden("whoever asked may not read it any more")
        person = await person_of(work, export.person_kind, export.person_id)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _ABOUT)
            for room in ROOMS:
                await _write_room(work, room, person, archive, contents)
            await _write_trail(work, person, archive, contents)
            await _write_files(work, person, archive, contents)
            index = {
                "format": FORMAT,
                "made_at": clock.now().isoformat(),
                "person": {
                    "kind": export.person_kind.value,
                    "id": str(person.id),
                    "ids": [str(each) for each in person.ids],
                },
                "documents": contents.documents,
            }
            archive.writestr("index.json", json.dumps(index, indent=2))
    return contents


async def _write_room(work: Work, room: Room, person: Person, archive: zipfile.ZipFile, contents: Contents) -> None:
    tables: dict[str, list[str]] = {}
    for table in dict.fromkeys(holding.table for holding in room.holdings):
        conditions = [holding.of for holding in holdings_of(table) if holding.of is not None]
        if conditions and table not in NOT_IN_TABLES:
            either = " or ".join(f"({condition})" for condition in conditions)
            left_out = _left_out(table)
            statement = f"select (to_jsonb({table}) - $2::text[])::text as record from {table} where {either}"
            tables[table] = [row["record"] for row in await work.fetch(statement, person.ids, left_out)]
    records = {table: rows for table, rows in tables.items() if rows}
    if records:
        head = json.dumps({"room": room.name, "purpose": room.purpose, "kept": room.kept}, ensure_ascii=False)[:-1]
        lists = ",\n".join(f"{json.dumps(table)}: [\n{_joined(rows)}\n]" for table, rows in records.items())
        name = f"{room.name.partition(',')[0].replace(' ', '_')}.json"
        _write(archive, contents, name, f'{head}, "tables": {{\n{lists}\n}}}}\n', sum(map(len, records.values())))


def _left_out(table: str) -> list[str]:
    """Secrets, and bytes."""
    found = [column for holding in holdings_of(table) for column, kind in holding.columns.items() if kind is Kind.SECRET]
    return [*found, "body"] if table == "mpesa_message" else found


async def _write_trail(work: Work, person: Person, archive: zipfile.ZipFile, contents: Contents) -> None:
    likes = [f"%{each}%" for each in person.id_texts]
    parts, count = [], 0
    for name, statement in _TRAIL.items():
        arguments: list[Any] = [person.ids] if "$1" in statement else [likes]
        rows = [row["record"] for row in await work.fetch(statement.replace("$2", "$1"), *arguments)]
        parts.append(f"{json.dumps(name)}: [\n{_joined(rows)}\n]")
        count += len(rows)
    if count:
        _write(archive, contents, "trail.json", "{" + ",\n".join(parts) + "}\n", count)


async def _write_files(work: Work, person: Person, archive: zipfile.ZipFile, contents: Contents) -> None:
    for holding in holdings_of("stored_file"):
        if holding.of is None:
            continue
        async for row in work.connection.cursor(_FILES.format(of=holding.of), person.ids, prefetch=1):
            name = f"files/{row['id']}-{row['file_name']}"
            await asyncio.to_thread(archive.writestr, name, row["content"])
            contents.note(name, row["content"], 1)


def _joined(rows: list[str]) -> str:
    return ",\n".join(rows)


def _write(archive: zipfile.ZipFile, contents: Contents, name: str, text: str, records: int) -> None:
    content = text.encode()
    archive.writestr(name, content)
    contents.note(name, content, records)


@retried
async def _finish(export: PersonalDataExport, attempt: Attempt, content: bytes, records: int) -> None:
    actor = await directory.actor_of_user(export.requested_by)
    async with unit_of_work() as work:
        await attempt.complete(work)
        now = clock.now()
        file = await store_made_file(
            work,
            owner_id=export.requested_by,
            purpose=ARCHIVE,
            file_name=f"personal-data-{now:%Y-%m-%d}.zip",
            content=content,
        )
        await attach(work, file.id, SUBJECT, export.id, by=actor, kept=False)
        expires_at = now + settings.current().exports_kept_for
        await PersonalDataExport.filter(id=export.id).update(
            state=ExportState.READY,
            file_id=file.id,
            size_bytes=file.size_bytes,
            records=records,
            finished_at=now,
            expires_at=expires_at,
        )
        work.record(
            ExportReady(
                export_id=export.id,
                person_id=export.person_id,
                requested_by=export.requested_by,
                file_id=file.id,
                size_bytes=file.size_bytes,
                records=records,
                expires_at=expires_at,
            )
        )


@retried
async def _fail(export_id: UUID, attempt: Attempt, code: str) -> None:
    async with unit_of_work() as work:
        await attempt.complete(work)
        export = await PersonalDataExport.filter(id=export_id).select_for_update().get()
        export.state, export.error_code, export.finished_at = ExportState.FAILED, code, clock.now()
        await export.save(update_fields=["state", "error_code", "finished_at"])
        work.record(
            ExportFailed(export_id=export.id, person_id=export.person_id, requested_by=export.requested_by, error_code=code)
        )


@retried
async def expire_exports() -> int:
    """Delete archives whose time is over. Returns how many."""
    async with unit_of_work() as work:
        over = await PersonalDataExport.filter(state=ExportState.READY, expires_at__lte=clock.now()).select_for_update()
        for export in over:
            assert export.file_id is not None, "it was ready"
            file_id = export.file_id
            export.state, export.file_id = ExportState.EXPIRED, None
            await export.save(update_fields=["state", "file_id"])
            await remove_file(work, file_id)
    return len(over)
