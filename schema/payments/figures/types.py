"""Figures of reconciliation as clients see them. Times of processing are whole milliseconds, rates percent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from domain.payments.figures import MetricsWindow, TrendBucket
from domain.payments.rules.statistics import Alarm
from schema.kit import ID, attribute, enum_type, global_id, object_type

_IN_PERCENT = "in percent with 2 decimals, half-even; null when there was none"

enum_type(
    MetricsWindow,
    "How far metrics look back from now.",
    {
        "MINUTE": "The last minute.",
        "FIVE_MINUTES": "The last five minutes.",
        "HOUR": "The last hour.",
        "DAY": "The last 24 hours.",
        "WEEK": "The last seven days.",
    },
    name="ReconciliationWindow",
)
enum_type(
    TrendBucket,
    "Into what time is cut, in UTC.",
    {"HOUR": "Hours.", "DAY": "Days.", "WEEK": "Weeks, which begin on Monday."},
    name="ReconciliationBucket",
)
enum_type(
    Alarm,
    "A figure of reconciliation that is over its threshold.",
    {
        "DISCREPANCY_RATE": "The share of reconciliations that found something that does not agree.",
        "ERROR_RATE": "The share of reconciliations that were given up.",
        "PROCESSING_TIME": "The average time of one reconciliation.",
        "QUEUE_LENGTH": "How many wait.",
    },
    name="ReconciliationAlarm",
)


@object_type("What is being reconciled now, what waits, and who looks on.")
class ActiveReconciliations:
    active_reconciliations: int = attribute("How many are being worked on, by asking M-Pesa.")
    queue_length: int = attribute("How many wait for their turn, or for another attempt.")
    connected_clients: int = attribute("How many live connections follow `reconciliationFeed`, on all servers together.")


@object_type(
    "Reconciliation since the beginning, and what is going on now. What is to be tried again is in no total, so all "
    "processed are the successful, the failed and those with discrepancies together."
)
class ReconciliationStats:
    total_processed: int = attribute("How many came to an end.")
    successful_reconciliations: int = attribute("How many of them found that all agrees.")
    failed_reconciliations: int = attribute("How many were given up.")
    discrepancies_detected: int = attribute("How many found something that does not agree.")
    success_rate: Decimal | None = attribute(f"The successful of all processed, {_IN_PERCENT}.")
    average_processing_time: int | None = attribute(
        "How long one took on average, in milliseconds; null when there was none."
    )
    active_reconciliations: int = attribute("How many are being worked on, by asking M-Pesa.")
    queue_length: int = attribute("How many wait for their turn, or for another attempt.")
    connected_clients: int = attribute("How many live connections follow `reconciliationFeed`, on all servers together.")
    last_processed_at: datetime | None = attribute("When the last came to an end; to the hour if its result was purged.")
    taken_at: datetime = attribute("When this was counted.")


@object_type("How well reconciliation worked in a window that ends now.")
class ReconciliationMetrics:
    window: MetricsWindow = attribute("How far it looks back.")
    since: datetime = attribute("Where the window begins.", name="from")
    until: datetime = attribute("Where it ends: now.", name="to")
    processed: int = attribute("How many came to an end in it.")
    average_processing_time: int | None = attribute(
        "How long one took on average, in milliseconds; null when there was none."
    )
    median_processing_time: int | None = attribute("Half of them took no longer, in milliseconds.")
    p95_processing_time: int | None = attribute("95 of 100 took no longer, in milliseconds.")
    longest_processing_time: int | None = attribute("The longest took so many milliseconds.")
    throughput_per_minute: Decimal = attribute("How many came to an end per minute of the window, 2 decimals, half-even.")
    success_rate: Decimal | None = attribute(f"The successful of all processed, {_IN_PERCENT}.")
    error_rate: Decimal | None = attribute(f"Those given up of all processed, {_IN_PERCENT}.")
    discrepancy_rate: Decimal | None = attribute(f"Those with discrepancies of all processed, {_IN_PERCENT}.")
    queue_depth: int = attribute("How many wait now.")
    active_reconciliations: int = attribute("How many are being worked on now.")
    up_since: datetime | None = attribute("Since when the pipeline is at work without a break; null while it is not.")
    uptime_seconds: int = attribute("For how many seconds that is; 0 while it is not.")


@object_type("What came to an end in one hour, day or week.")
class ReconciliationTrendPoint:
    starts_at: datetime = attribute("Where it begins.")
    ends_at: datetime = attribute("Where the next begins.")
    total_processed: int = attribute("How many came to an end.")
    successful_reconciliations: int = attribute("How many of them found that all agrees.")
    failed_reconciliations: int = attribute("How many were given up.")
    discrepancies_detected: int = attribute("How many found something that does not agree.")
    unverified: int = attribute("After how many attempts nobody could say yet how a payment ended.")
    average_processing_time: int | None = attribute(
        "How long one took on average, in milliseconds; null when there was none."
    )
    success_rate: Decimal | None = attribute(f"The successful of all processed, {_IN_PERCENT}.")
    error_rate: Decimal | None = attribute(f"Those given up of all processed, {_IN_PERCENT}.")
    discrepancy_rate: Decimal | None = attribute(f"Those with discrepancies of all processed, {_IN_PERCENT}.")


@object_type("Above which figures administrators are told. A figure that equals its threshold is not over it.")
class AlertThresholds:
    discrepancy_rate: Decimal = attribute("Of reconciliations with discrepancies, in percent.")
    error_rate: Decimal = attribute("Of reconciliations that were given up, in percent.")
    processing_ms: int = attribute("Of the average time of one, in milliseconds.", name="processingTime")
    queue_length: int = attribute("Of how many wait.")
    least_processed: int = attribute("Rates and times of fewer reconciliations than this say nothing.")
    window_minutes: int = attribute("How many minutes the figures look back.")
    updated_by: ID | None = global_id("User", "Who said so last; null while the defaults hold.", name="updatedById")
    updated_at: datetime | None = attribute("When that was.")
