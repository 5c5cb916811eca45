"""Following imports of statements."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.payments import events
from domain.payments.events import STATEMENTS, import_topic
from domain.payments.queries.statements import require_import
from schema.kit import ID, LiveEvent, argument, attribute, event_feed, event_type, read_id
from schema.payments.statements.types import StatementImport


@event_type("The import of a statement began, went on, or came to an end.")
class StatementImportProgressed(LiveEvent):
    statement: StatementImport = attribute("The import as it stood.", name="statementImport")


@strawberry.type
class Subscription:
    @event_feed(
        "Imports of statements as they go on, some hundred rows at a time: all, or one of them.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={events.StatementImportChanged: StatementImportProgressed},
    )
    async def statement_import_progress(
        actor: Actor, import_id: Annotated[ID | None, argument("Only this import.")] = None
    ) -> list[str]:
        if import_id is None:
            return [STATEMENTS]
        found = await require_import(actor, read_id("StatementImport", import_id, "importId"))
        return [import_topic(found.id)]
