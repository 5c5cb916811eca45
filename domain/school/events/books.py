"""Facts about the transactions that the school sees in its books, about what it chooses, and about the log of activities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.events.event import Event, event
from domain.identity.actor import staff_of
from domain.identity.permissions import Permission
from domain.kit.money import Money
from domain.school.events.topics import SCHOOL_BOOKS, Figures, fee_topic, school_topics
from domain.school.states import FeePaymentMethod, TransactionChange, TransactionKind


@dataclass(frozen=True, kw_only=True)
class TransactionFigures(Figures):
    """Income or an expense as it stood; ``reversed_on`` is the day from which the books have it no more."""

    id: UUID
    reference: str
    kind: TransactionKind
    category: str
    description: str
    amount: Money
    on_date: date
    fee_id: UUID | None
    branch_id: UUID | None
    method: FeePaymentMethod | None
    entry_id: UUID
    revises_id: UUID | None
    reversed_on: date | None
    created_by_id: UUID
    created_at: datetime


@event("school.financial_transaction_changed")
@dataclass(frozen=True, kw_only=True)
class FinancialTransactionChanged(Event):
    """A transaction came, was changed or went. ``live`` is the one that stands now, ``ended`` the one that does no more."""

    change: TransactionChange
    reference: str
    live: TransactionFigures | None
    ended: TransactionFigures | None

    @property
    def about(self) -> TransactionFigures:
        told = self.live or self.ended
        assert told is not None, "one of the two is there"
        return told

    def topics(self) -> Iterable[str]:
        fee_id = self.about.fee_id
        return [*school_topics(self.about.branch_id), SCHOOL_BOOKS, *([] if fee_id is None else [fee_topic(fee_id)])]

    def audience(self) -> Iterable[str]:
        return staff_of(Permission.FEES_READ, self.about.branch_id)


class ForBursars(Event):
    """Something about the money of the whole school."""

    def topics(self) -> Iterable[str]:
        return school_topics(None)

    def audience(self) -> Iterable[str]:
        return [f"permission:{Permission.FEES_READ.value}"]


@event("school.threshold_changed")
@dataclass(frozen=True, kw_only=True)
class ThresholdChanged(ForBursars):
    """Somebody said above how much arrears are high."""

    threshold: Money
    before: Money
    changed_by_id: UUID


@event("school.archiving_changed")
@dataclass(frozen=True, kw_only=True)
class ArchivingChanged(ForBursars):
    """Somebody said after how many days activities leave the log."""

    after_days: int
    before_days: int
    changed_by_id: UUID


@event("school.financials_resynced")
@dataclass(frozen=True, kw_only=True)
class FinancialsResynced(ForBursars):
    """Fees and the books were compared. ``missing``, ``orphan`` and ``different`` are how many were found, ``repaired`` of
    how many that is so no more."""

    run_id: UUID
    dry_run: bool
    missing: int
    orphan: int
    different: int
    repaired: int


@event("school.activity_archived")
@dataclass(frozen=True, kw_only=True)
class ActivityArchived(ForBursars):
    """Activities from before a moment left the log for the archive."""

    older_than: datetime
    archived: int
