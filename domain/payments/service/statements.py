"""Importing statements: a file that an administrator handed in is worked through in the background, and can be called off.

What was worked through before somebody calls it off stays: it is what the provider says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from domain.files.access import readable
from domain.files.contents import ContentType
from domain.files.purposes import Purpose, declare_purpose
from domain.files.queries import readable_file
from domain.files.service import attach
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.jobs.queue import enqueue
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.payments.errors import StatementImportEnded, StatementImportNotFound, TooManyStatementImports
from domain.payments.events import ImportFigures, StatementImportChanged
from domain.payments.models import StatementImport
from domain.payments.states import ImportStatus

STATEMENT: Final = declare_purpose(Purpose("mpesa_statement", frozenset({ContentType.CSV, ContentType.TEXT})))
"""A statement as the provider exports it. Programs may call it plain text."""

SUBJECT: Final = "statement_import"
WORK_THROUGH: Final = "payments.statement"
MAX_OPEN: Final = 20
"""So many imports wait or are worked through at once."""

OPEN: Final = (ImportStatus.QUEUED, ImportStatus.RUNNING)


@retried
async def import_statement(actor: Actor, *, file_id: UUID) -> StatementImport:
    """Have a statement worked through that the actor has handed in as ``mpesa_statement``.

    Refuses with FILE_NOT_FOUND, FILE_ALREADY_ATTACHED for a file that was imported before, INVALID_INPUT for one that was
    handed in as something else, and TOO_MANY_STATEMENT_IMPORTS.
    """
    actor.require(Permission.PAYMENTS_RECONCILE)
    file = await readable_file(actor, file_id)
    if file.purpose != STATEMENT.name:
        raise InvalidInput(f"hand the file in with the purpose {STATEMENT.name}", field=("input", "fileId"))
    async with unit_of_work() as work:
        await _require_room(work)
        made = StatementImport(
            id=new_id(),
            file_id=file_id,
            file_name=file.file_name,
            status=ImportStatus.QUEUED,
            requested_by=actor.id,
            created_at=clock.now(),
            correlation_id=current_call().correlation_id,
        )
        await made.save(force_create=True)
        await made.refresh_from_db(fields=["serial", "number"])
        await attach(work, file_id, SUBJECT, made.id, by=actor)
        await enqueue(work, WORK_THROUGH, {"import_id": str(made.id)}, dedupe_key=str(made.id))
        tell(work, made)
    return made


@retried
async def cancel_statement_import(actor: Actor, *, import_id: UUID) -> StatementImport:
    """Go no further with an import. Refuses with STATEMENT_IMPORT_NOT_FOUND and STATEMENT_IMPORT_ENDED."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    async with unit_of_work() as work:
        found = await StatementImport.select_for_update().get_or_none(id=import_id)
        if found is None:
            raise StatementImportNotFound
        if found.status not in OPEN:
            raise StatementImportEnded(f"the import is {found.status.value} already")
        await end(work, found, ImportStatus.CANCELLED)
    return found


async def _require_room(work: Work) -> None:
    """Count what is open, one request at a time."""
    await work.execute("select pg_advisory_xact_lock(hashtextextended('imports of statements', 0))")
    is_open = await StatementImport.filter(status__in=[status.value for status in OPEN]).count()
    if is_open >= MAX_OPEN:
        raise TooManyStatementImports(f"{is_open} statements are being imported; wait for one of them")


async def end(work: Work, found: StatementImport, status: ImportStatus, problem: str | None = None) -> None:
    """The end of an import that the caller has locked."""
    found.status, found.problem, found.finished_at = status, problem, clock.now()
    found.version += 1
    await found.save(update_fields=["status", "problem", "finished_at", "from_at", "until_at", "version"])
    tell(work, found)


def tell(work: Work, found: StatementImport) -> None:
    work.record(StatementImportChanged(statement=ImportFigures.of(found)))


async def _seen(actor: Actor, import_ids: Sequence[UUID]) -> Collection[UUID]:
    return import_ids if actor.may(Permission.PAYMENTS_RECONCILE) else ()


readable(SUBJECT, _seen)
