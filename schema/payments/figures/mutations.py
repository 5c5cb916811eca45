"""Saying above which figures to be told, and forgetting old results."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.payments.service import purging, thresholds
from schema.kit import Answer, Info, Payload, argument, attribute, input_type, mutation, optional, payload_type
from schema.payments.figures.types import AlertThresholds


@input_type("Which thresholds to change; at least one. What is not said stays.")
class UpdateAlertThresholdsInput:
    discrepancy_rate: Decimal | None = optional("Of reconciliations with discrepancies, 0 to 100 percent, 2 decimals.")
    error_rate: Decimal | None = optional("Of reconciliations that were given up, 0 to 100 percent, 2 decimals.")
    processing_time: int | None = optional("Of the average time of one, in milliseconds.")
    queue_length: int | None = optional("Of how many wait.")
    least_processed: int | None = optional("Of fewer reconciliations than this rates and times say nothing.")
    window_minutes: int | None = optional(
        f"How many minutes the figures look back, 1 to {thresholds.LONGEST_WINDOW_MINUTES}."
    )


@payload_type("The thresholds as they are now.")
class UpdateAlertThresholdsPayload(Payload):
    thresholds: AlertThresholds | None = attribute("All of them.")


@input_type("Which results to forget.")
class PurgeReconciliationResultsInput:
    older_than: datetime = attribute("Those that came to an end before this moment, which is at least 24 hours ago.")


@payload_type("How much was forgotten.")
class PurgeReconciliationResultsPayload(Payload):
    purged: int | None = attribute("So many results.")
    more: bool | None = attribute("There are more, because a purge ends at its limit; purge again.")


@strawberry.type
class Mutation:
    @mutation(
        UpdateAlertThresholdsPayload,
        "Change above which figures administrators are told. Who changed what is in the activity log.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def update_alert_thresholds(
        self, info: Info, input: Annotated[UpdateAlertThresholdsInput, argument("Which, and to what.")]
    ) -> Answer:
        changed = await thresholds.update_alert_thresholds(
            info.context.actor,
            discrepancy_rate=input.discrepancy_rate,
            error_rate=input.error_rate,
            processing_ms=input.processing_time,
            queue_length=input.queue_length,
            least_processed=input.least_processed,
            window_minutes=input.window_minutes,
        )
        return Answer(thresholds=changed)

    @mutation(
        PurgeReconciliationResultsPayload,
        "Forget old results. Totals, trends, the audit trail, and results by which a discrepancy was found stay.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def purge_reconciliation_results(
        self, info: Info, input: Annotated[PurgeReconciliationResultsInput, argument("Which.")]
    ) -> Answer:
        outcome = await purging.purge_reconciliation_results(info.context.actor, older_than=input.older_than)
        return Answer(purged=outcome.purged, more=outcome.more)
