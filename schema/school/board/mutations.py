"""Saying above how much arrears are high, and having the statistics recounted."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.school import settings
from domain.school.queries import statistics as queries
from domain.school.service import statistics, thresholds
from schema.kit import (
    Answer,
    CurrencyCode,
    Info,
    Money,
    Payload,
    argument,
    attribute,
    input_type,
    mutation,
    optional,
    payload_type,
)
from schema.school.board.queries import in_currency
from schema.school.board.types import StatisticsCacheEntry, StatisticsDifference


@input_type("Above how much arrears are high.")
class SetArrearsThresholdInput:
    amount: Decimal = attribute("In major units; 0 for any arrears. Exactly as much is not high.")
    currency: CurrencyCode | None = optional("Of fees in this currency; in the school's own unless another is said.")


@payload_type("What holds now. Alerts follow in the background.")
class SetArrearsThresholdPayload(Payload):
    threshold: Money | None = attribute("Above so much arrears are high.")


@payload_type("What a recount of all rows has found.")
class RefreshStatisticsCachePayload(Payload):
    differences: list[StatisticsDifference] | None = attribute(
        "Figures that were kept otherwise, which are as counted now; none, as long as nobody writes past the guards of the "
        "database."
    )
    statistics: list[StatisticsCacheEntry] | None = attribute("The totals as they are now.")


@strawberry.type
class Mutation:
    @mutation(
        SetArrearsThresholdPayload,
        "Say above how much arrears of a fee are high. Every fee that stands on the other side of it is looked at in the "
        "background, and its alert is raised or cleared.",
        requires=Permission.FEES_MANAGE,
    )
    async def set_arrears_threshold(
        self, info: Info, input: Annotated[SetArrearsThresholdInput, argument("How much.")]
    ) -> Answer:
        threshold = await thresholds.set_arrears_threshold(
            info.context.actor, amount=input.amount, currency=input.currency or settings.current().currency
        )
        return Answer(threshold=threshold)

    @mutation(
        RefreshStatisticsCachePayload,
        "Recount everything that the school counts, and keep what was counted where something else was kept.",
        requires=Permission.SCHOOL_REPAIR,
    )
    async def refresh_statistics_cache(self, info: Info) -> Answer:
        actor = info.context.actor
        refreshed = await statistics.refresh_statistics(actor)
        return Answer(differences=refreshed.differences, statistics=await queries.statistics(actor, in_currency(None)))
