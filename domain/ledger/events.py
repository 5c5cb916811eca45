"""What the ledger announces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.events.event import Event, event
from domain.kit.money import Money


@dataclass(frozen=True)
class PostedLine:
    """One side of an entry; exactly one of ``debit`` and ``credit`` is set."""

    account_id: UUID
    debit: Money | None
    credit: Money | None


@event("ledger.entry_posted")
@dataclass(frozen=True, kw_only=True)
class JournalEntryPosted(Event):
    """An entry is in the books."""

    entry_id: UUID
    number: int
    kind: str
    description: str
    effective_on: date
    reverses_id: UUID | None
    reference_kind: str | None
    reference_id: UUID | None
    lines: list[PostedLine]
    branch_id: UUID | None = None

    def topics(self) -> Iterable[str]:
        accounts = dict.fromkeys(f"account:{line.account_id}" for line in self.lines)
        return ["ledger", *accounts]

    def audience(self) -> Iterable[str]:
        return ["permission:LEDGER_READ"]
