"""Reading imports of statements, their rows, and the rules by which they are matched: for who reconciles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.identity.actor import Actor
from domain.kit import reading
from domain.kit.paging import Page, PageRequest, page_of
from domain.payments.access import RECONCILE
from domain.payments.errors import StatementImportNotFound
from domain.payments.models import MatchRule, StatementImport, StatementRow, StatementRowError
from domain.payments.queries.narrowing import one_of
from domain.payments.rules.statements import RowKind
from domain.payments.states import ImportStatus, RowState


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Which rows of an import; what is not said does not narrow."""

    states: Sequence[RowState] = ()
    kinds: Sequence[RowKind] = ()
    receipt: str | None = None


async def statement_imports(
    actor: Actor, page: PageRequest, *, statuses: Sequence[ImportStatus] = ()
) -> Page[StatementImport]:
    """Imports, the newest first."""
    actor.require(RECONCILE)
    return await page_of(StatementImport.filter(one_of(status=statuses)), page, "-created_at", "-id")


imports_by_id = reading.rows_by_id(StatementImport, permission=RECONCILE)


async def statement_rows(actor: Actor, import_id: UUID, page: PageRequest, wanted: RowFilter) -> Page[StatementRow]:
    """The rows of an import that could be read, in their order."""
    await require_import(actor, import_id)
    found = StatementRow.filter(one_of(state=wanted.states, kind=wanted.kinds), import_id=import_id)
    if wanted.receipt is not None:
        found = found.filter(receipt=wanted.receipt.strip().upper()[:12])
    return await page_of(found, page, "number", "id")


rows_by_id = reading.rows_by_id(StatementRow, permission=RECONCILE)


async def statement_errors(actor: Actor, import_id: UUID, page: PageRequest) -> Page[StatementRowError]:
    """The rows of an import that could not be read, in their order."""
    await require_import(actor, import_id)
    return await page_of(StatementRowError.filter(import_id=import_id), page, "number", "id")


async def require_import(actor: Actor, import_id: UUID, field: tuple[str, ...] = ("importId",)) -> StatementImport:
    """One import, for who reconciles (STATEMENT_IMPORT_NOT_FOUND)."""
    actor.require(RECONCILE)
    found = await reading.read_one(StatementImport.filter(id=import_id))
    if found is None:
        raise StatementImportNotFound(field=field)
    return found


async def match_rules(actor: Actor) -> list[MatchRule]:
    """All rules, in the order in which they are tried."""
    actor.require(RECONCILE)
    return await reading.read(MatchRule.all().order_by("position", "id"))


rules_by_id = reading.rows_by_id(MatchRule, permission=RECONCILE)
