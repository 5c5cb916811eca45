"""Thresholds: above which figures of the last minutes administrators are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.events import ThresholdFigures, ThresholdsChanged
from domain.payments.models import AlertThresholds
from domain.payments.models.figures import THE_THRESHOLDS
from domain.payments.rules.statistics import Thresholds

WINDOW_MINUTES: Final = 60
"""How far the figures look back, as long as nobody has said otherwise."""
LONGEST_WINDOW_MINUTES: Final = 24 * 60
HUNDREDTH: Final = Decimal("0.01")

_PUBLIC_NAMES: Final = {
    "discrepancy_rate": "discrepancyRate",
    "error_rate": "errorRate",
    "processing_ms": "processingTime",
    "queue_length": "queueLength",
    "least_processed": "leastProcessed",
    "window_minutes": "windowMinutes",
}

# The defaults become a row when somebody first changes one of them.
_MAKE: Final = """
insert into alert_thresholds (id, discrepancy_rate, error_rate, processing_ms, queue_length, least_processed, window_minutes,
                              updated_by, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, null, $8)
on conflict (id) do nothing
"""


async def thresholds_now() -> AlertThresholds:
    """Those that somebody chose, or the defaults."""
    found = await AlertThresholds.get_or_none(id=THE_THRESHOLDS)
    if found is not None:
        return found
    defaults = Thresholds()
    return AlertThresholds(
        id=THE_THRESHOLDS,
        discrepancy_rate=defaults.discrepancy_rate,
        error_rate=defaults.error_rate,
        processing_ms=defaults.processing_ms,
        queue_length=defaults.queue_length,
        least_processed=defaults.least_processed,
        window_minutes=WINDOW_MINUTES,
    )


def rules_of(row: AlertThresholds) -> Thresholds:
    return Thresholds(
        discrepancy_rate=row.discrepancy_rate,
        error_rate=row.error_rate,
        processing_ms=row.processing_ms,
        queue_length=row.queue_length,
        least_processed=row.least_processed,
    )


async def alert_thresholds(actor: Actor) -> AlertThresholds:
    actor.require(Permission.PAYMENTS_RECONCILE)
    return await thresholds_now()


@retried
async def update_alert_thresholds(
    actor: Actor,
    *,
    discrepancy_rate: Decimal | None = None,
    error_rate: Decimal | None = None,
    processing_ms: int | None = None,
    queue_length: int | None = None,
    least_processed: int | None = None,
    window_minutes: int | None = None,
) -> AlertThresholds:
    """Change those that are said. Rates are in percent; what is not said stays."""
    actor.require(Permission.PAYMENTS_RECONCILE)
    said = {
        "discrepancy_rate": discrepancy_rate,
        "error_rate": error_rate,
        "processing_ms": processing_ms,
        "queue_length": queue_length,
        "least_processed": least_processed,
        "window_minutes": window_minutes,
    }
    changes = {name: _checked(name, value) for name, value in said.items() if value is not None}
    if not changes:
        raise InvalidInput("say at least one threshold", field=("input",))
    async with unit_of_work() as work:
        before, now = await thresholds_now(), clock.now()
        await work.execute(_MAKE, THE_THRESHOLDS, *(getattr(before, name) for name in _PUBLIC_NAMES), now)
        row = await AlertThresholds.select_for_update().get(id=THE_THRESHOLDS)
        if all(getattr(row, name) == value for name, value in changes.items()):
            return row
        row.update_from_dict({**changes, "updated_by": actor.id, "updated_at": now, "version": row.version + 1})
        await row.save(update_fields=[*changes, "updated_by", "updated_at", "version"])
        work.record(ThresholdsChanged(thresholds=ThresholdFigures.of(row), changed_by=actor.id))
    return row


def _checked(name: str, value: Any) -> Any:
    field = ("input", _PUBLIC_NAMES[name])
    if name == "window_minutes":
        if not 1 <= value <= LONGEST_WINDOW_MINUTES:
            raise InvalidInput(f"the window is from 1 to {LONGEST_WINDOW_MINUTES} minutes", field=field)
        return value
    try:
        Thresholds(**{name: value})
    except ValueError as error:
        raise InvalidInput(str(error), field=field) from None
    return value.quantize(HUNDREDTH) if isinstance(value, Decimal) else value
