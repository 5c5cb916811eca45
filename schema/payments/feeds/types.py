"""What feeds of reconciliation say.

Their fields have the names of the messages that clients of reconciliation know: ``connected``, ``reconciliation_stats``,
``reconciliation_result`` and ``discrepancy_alert``. What several of them say can be selected of all at once, so it may be
null in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.payments import settings
from domain.payments.events import DiscrepancyFound
from domain.payments.events import ReconciliationFinished as ReconciliationEvent
from domain.payments.queries import discrepancies as queries
from domain.payments.queries.reconciling import ReconciliationMetadata as MetadataRow
from domain.payments.queries.reconciling import SessionDetails as DetailsRow
from domain.payments.rules.statistics import Alarm
from domain.payments.states import MessageKind, MessageState, ReconStatus, Severity
from schema.kit import (
    ID,
    FeedItem,
    Info,
    LiveEvent,
    Parent,
    attribute,
    event_type,
    field,
    global_id,
    object_type,
)
from schema.kit.fields import FieldRule
from schema.payments.discrepancies.types import Discrepancy
from schema.payments.messages import types as messages  # noqa: F401  describes the enums that are used here
from schema.payments.reconciling.types import ReconciliationIssue, ReconciliationMetadata, SessionDetails
from subscriptions.feed import Visit

ABOUT_SO_MANY_ISSUES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What somebody is told who opens the feed."""

    client_id: str
    timestamp: datetime
    message: str = "Connected to real-time reconciliation service"

    @classmethod
    def of(cls, visit: Visit) -> Welcome:
        return cls(client_id=str(visit.id), timestamp=visit.at)

    @property
    def heartbeat_interval(self) -> int:
        return _milliseconds(settings.current().heartbeat_interval)

    @property
    def reconnect_delay(self) -> int:
        return _milliseconds(settings.current().reconnect_delay)


def _milliseconds(time: timedelta) -> int:
    return round(time.total_seconds() * 1_000)


@object_type("You are connected: the first thing that `reconciliationFeed` says, and to you alone.")
class Connected(FeedItem):
    client_id: ID = attribute("What this open feed is called; another one, or the same opened again, has another.")
    message: str = attribute("That you are connected.")
    timestamp: datetime = attribute("Since when.")
    heartbeat_interval: int = attribute("How often a live connection gives a sign of life, in milliseconds.")
    reconnect_delay: int = attribute("How long to wait before connecting again after a cut, in milliseconds.")


@event_type("A payment was compared with all that was said of it.")
class ReconciliationFinished(LiveEvent):
    session_id: ID | None = global_id("Payment", "The payment. It is always there.")
    number: str | None = attribute("The number of the payment. It is always there.", name="sessionNumber")
    reconciliation_id: ID = global_id(
        "ReconciliationResult", "The result, to be read with all that is known.", name="resultId"
    )
    status: ReconStatus = attribute("How it came out. UNVERIFIED is no end: it is tried again.")
    attempts: int = attribute("How often it was tried.")
    next_attempt_at: datetime | None = attribute("When it is tried again.")
    severity: Severity | None = attribute("That of the worst issue; null when there is none.")
    issues: list[ReconciliationIssue] = attribute(
        "What did not agree; empty when all does.", rule=FieldRule(size=ABOUT_SO_MANY_ISSUES, shared=True)
    )

    @field(SessionDetails, "Of the payment.", shared=True)
    def session_details(self, event: Parent[Any]) -> object:
        fact: ReconciliationEvent = event.fact
        return DetailsRow(
            client_id=fact.client_id,
            client=fact.client,
            payee_id=fact.payee_id,
            payee=fact.payee,
            amount=fact.amount,
            transaction_id=fact.transaction_id,
        )

    @field(ReconciliationMetadata, "Of the comparison.", shared=True)
    def reconciliation_metadata(self, event: Parent[Any]) -> object:
        fact: ReconciliationEvent = event.fact
        return MetadataRow(trigger=fact.trigger, processing_time=fact.processing_ms, timestamp=fact.reconciled_at)


@event_type("Something does not agree that did, or that nobody knew of: all that was found of one payment at once.")
class DiscrepancyAlert(LiveEvent):
    session_id: ID | None = global_id("Payment", "The payment; null for money of which no payment is known.")
    number: str | None = attribute("The number of the payment.", name="sessionNumber")
    severity: Severity | None = attribute("That of the worst issue. It is always there.")
    issues: list[ReconciliationIssue] = attribute(
        "What does not agree, one or more.", rule=FieldRule(size=ABOUT_SO_MANY_ISSUES, shared=True)
    )
    found_at: datetime = attribute("When it was found.", name="timestamp")

    @field(list[Discrepancy], "The same as they stand now, to be dealt with.", size=ABOUT_SO_MANY_ISSUES)
    async def discrepancies(self, event: Parent[Any], info: Info) -> object:
        fact: DiscrepancyFound = event.fact
        return await info.context.load_each(queries.discrepancies_by_id, fact.discrepancy_ids)


@event_type("Somebody sent what is no message of M-Pesa's, fits nothing that we know, or contradicts what we asked for.")
class MpesaMessageRejected(LiveEvent):
    message_id: ID = global_id("MpesaMessage", "The message, as it is kept.", name="mpesaMessageId")
    kind: MessageKind = attribute("What it was sent as.")
    state: MessageState = attribute("What became of it.", name="outcome")
    problem: str = attribute("Why, in words.")
    source_address: str | None = attribute("Where it came from.")
    received_at: datetime = attribute("When it came.")


@event_type("A figure of reconciliation went over its threshold, or is no longer over it; told once each.")
class DiscrepancyRateAlert(LiveEvent):
    alarm: Alarm = attribute("Which figure: the discrepancy rate, or another one that is watched with it.")
    raised: bool = attribute("Whether it is over its threshold now.")
    figure: Decimal = attribute("The figure: a rate in percent, a time in milliseconds, or how many.")
    threshold: Decimal = attribute("Its threshold, likewise.")
    window_minutes: int = attribute("How many minutes the figure looks back.")
    changed_at: datetime = attribute("When that was found.", name="timestamp")
