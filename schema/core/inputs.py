"""What clients send about the books and the audit trail."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from domain.events.activity import ActivityFilter
from domain.events.models import Operation
from domain.ledger.chart import AccountKind
from schema.kit import ID, CurrencyCode, attribute, input_type, read_any_id, read_id


@input_type("Which accounts to list; those that fit all that is said.")
class AccountFilter:
    kind: AccountKind | None = attribute("Only accounts of this group.", default=None)
    currency: CurrencyCode | None = attribute("Only accounts in this currency.", default=None)


@input_type("Which entries to list; those that fit all that is said.")
class JournalEntryFilter:
    account_id: ID | None = attribute("Only entries with a line of this account.", default=None)
    since: date | None = attribute("Only entries effective on this date or later.", default=None)
    until: date | None = attribute("Only entries effective on this date or earlier.", default=None)


@input_type("Which records of the audit trail to list; those that fit all that is said.")
class AuditLogFilter:
    domain: str | None = attribute("Only what happened in this business, such as `ledger`.", default=None)
    event: str | None = attribute("Only events of this name, such as `ledger.entry_posted`.", default=None)
    actor_id: ID | None = attribute("Only what this user did.", default=None)
    correlation_id: UUID | None = attribute("Only what came of one request, job or event.", default=None)
    since: datetime | None = attribute("Only what happened at this instant or later.", default=None)
    until: datetime | None = attribute("Only what happened before this instant.", default=None)
    search: str | None = attribute(
        "A part of the event's name or of any value it tells, in any case; up to 100 characters. Unless `since`, `actorId` "
        "or `correlationId` is said, it looks back 90 days.",
        default=None,
    )


@input_type("Which changes of rows to list; those that fit all that is said.")
class ActivityLogFilter:
    actor_id: ID | None = attribute("Only what this user did.", default=None)
    object_kind: str | None = attribute("Only changes of this kind of thing, such as `user` or `invoice`.", default=None)
    object_id: ID | None = attribute("Only changes of this thing.", default=None)
    operation: Operation | None = attribute("Only what came, changed or went.", default=None)
    correlation_id: UUID | None = attribute("Only what came of one request, job or event.", default=None)
    since: datetime | None = attribute("Only what was written down at this instant or later.", default=None)
    until: datetime | None = attribute("Only what was written down before this instant.", default=None)
    search: str | None = attribute(
        "A part of any value before or after, in any case; up to 100 characters. Unless `since`, `actorId`, `objectId` or "
        "`correlationId` is said, it looks back 90 days.",
        default=None,
    )

    def parse(self) -> ActivityFilter:
        return ActivityFilter(
            actor_id=None if self.actor_id is None else read_id("User", self.actor_id, "filter", "actorId"),
            object_kind=self.object_kind,
            object_id=None if self.object_id is None else read_any_id(self.object_id, "filter", "objectId"),
            operation=self.operation,
            correlation_id=self.correlation_id,
            since=self.since,
            until=self.until,
            search=self.search,
        )
