"""Totals, thresholds and the reports of days; who looks on; and the rules by which statements are matched."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from domain.payments.rules.rule_matching import Strategy
from domain.payments.rules.statistics import Alarm

THE_THRESHOLDS: Final = UUID(int=1)
"""The id of the only row of thresholds."""


class ReconciliationTally(Model):
    """How many reconciliations came to an end in an hour, in one of several slots; the key is both together."""

    hour = fields.DatetimeField(primary_key=True)
    slot = fields.SmallIntField()
    matched = fields.BigIntField(default=0)
    failed = fields.BigIntField(default=0)
    discrepancies = fields.BigIntField(default=0)
    unverified = fields.BigIntField(default=0)
    processing_ms = fields.BigIntField(default=0)

    class Meta:
        table = "reconciliation_tally"


class AlertThresholds(Model):
    """Above which figures of the last ``window_minutes`` somebody is told; one row, and none while the defaults hold."""

    id = fields.UUIDField(primary_key=True)
    discrepancy_rate = fields.DecimalField(max_digits=5, decimal_places=2)
    error_rate = fields.DecimalField(max_digits=5, decimal_places=2)
    processing_ms = fields.IntField()
    queue_length = fields.IntField()
    least_processed = fields.IntField()
    window_minutes = fields.IntField()
    updated_by = fields.UUIDField(null=True)
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "alert_thresholds"


class AlarmState(Model):
    """What is over its threshold now."""

    alarm = fields.CharEnumField(Alarm, primary_key=True, max_length=20)
    raised_at = fields.DatetimeField()
    figure = fields.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        table = "alarm_state"


class PipelinePulse(Model):
    """Since when the pipeline has been at work without a break; one row."""

    id = fields.IntField(primary_key=True, generated=False)
    up_since = fields.DatetimeField()
    seen_at = fields.DatetimeField()

    class Meta:
        table = "pipeline_pulse"


class MatchRule(Model):
    """How rows of statements are matched with payments; each of ``criteria`` has the fields of a Criterion."""

    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=120)
    position = fields.IntField()
    strategy = fields.CharEnumField(Strategy, max_length=11)
    criteria: Any = fields.JSONField()
    is_active = fields.BooleanField(default=True)
    created_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "match_rule"


class DailyReconciliation(Model):
    """The figures of a day, as they stood when its report was made."""

    on_date = fields.DateField(primary_key=True)
    figures: Any = fields.JSONField()
    made_at = fields.DatetimeField()

    class Meta:
        table = "daily_reconciliation"


class FeedClient(Model):
    """A live connection that has the feed of reconciliations open."""

    id = fields.UUIDField(primary_key=True)
    server_id = fields.UUIDField()
    actor_id = fields.UUIDField()
    connected_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()

    class Meta:
        table = "feed_client"
