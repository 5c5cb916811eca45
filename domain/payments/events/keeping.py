"""Facts about messages, requests to the provider, statements, and figures that are out of bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.events.event import event
from domain.kit.money import Money
from domain.payments.events.topics import RECONCILIATION, STATEMENTS, Figures, ForReconcilers, import_topic, payment_topic
from domain.payments.rules.statistics import Alarm
from domain.payments.states import CommandKind, CommandState, ImportStatus, MessageKind, MessageOrigin, MessageState


@event("payments.message_rejected")
@dataclass(frozen=True, kw_only=True)
class MessageRejected(ForReconcilers):
    """Somebody sent what is no message of the provider's, fits nothing that we know, or contradicts what we asked for."""

    message_id: UUID
    kind: MessageKind
    origin: MessageOrigin
    state: MessageState
    problem: str
    size_bytes: int
    source_address: str | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class CommandFigures(Figures):
    """A request that the provider answers later, as it stood."""

    id: UUID
    kind: CommandKind
    receipt: str
    payment_id: UUID | None
    amount: Money | None
    state: CommandState
    result_code: str | None
    result_text: str | None
    discrepancy_id: UUID | None
    requested_by: UUID | None
    created_at: datetime
    finished_at: datetime | None


@event("payments.command_changed")
@dataclass(frozen=True, kw_only=True)
class CommandChanged(ForReconcilers):
    """The provider is to give money back or to say what a receipt is, or what came of that is known."""

    command: CommandFigures

    def topics(self) -> Iterable[str]:
        payment_id = self.command.payment_id
        return [RECONCILIATION, *([] if payment_id is None else [payment_topic(payment_id)])]


@dataclass(frozen=True, kw_only=True)
class ImportFigures(Figures):
    """The import of a statement as it stood."""

    id: UUID
    number: str
    file_id: UUID
    file_name: str
    status: ImportStatus
    rows_total: int | None
    rows_done: int
    last_row: int
    payments_in: int
    reversals: int
    others: int
    known: int
    matched: int
    orphans: int
    bad_rows: int
    from_at: datetime | None
    until_at: datetime | None
    problem: str | None
    requested_by: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    version: int


@event("payments.statement_import_changed")
@dataclass(frozen=True, kw_only=True)
class StatementImportChanged(ForReconcilers):
    """The import of a statement began, went on, or came to an end."""

    statement: ImportFigures

    def topics(self) -> Iterable[str]:
        return [STATEMENTS, import_topic(self.statement.id)]


@event("payments.alarm_changed")
@dataclass(frozen=True, kw_only=True)
class AlarmChanged(ForReconcilers):
    """A figure of the last minutes went over its threshold, or is no longer over it."""

    alarm: Alarm
    raised: bool
    figure: Decimal
    threshold: Decimal
    window_minutes: int
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ThresholdFigures(Figures):
    """Above which figures somebody is told; rates in percent."""

    discrepancy_rate: Decimal
    error_rate: Decimal
    processing_ms: int
    queue_length: int
    least_processed: int
    window_minutes: int


@event("payments.thresholds_changed")
@dataclass(frozen=True, kw_only=True)
class ThresholdsChanged(ForReconcilers):
    """Somebody said above which figures to be told."""

    thresholds: ThresholdFigures
    changed_by: UUID


@event("payments.reconciliations_purged")
@dataclass(frozen=True, kw_only=True)
class ReconciliationsPurged(ForReconcilers):
    """So many results of reconciliations that had come to an end before a moment were forgotten."""

    older_than: datetime
    purged: int
    purged_by: UUID
