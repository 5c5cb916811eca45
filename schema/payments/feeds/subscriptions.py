"""Following reconciliation, for administrators."""

from __future__ import annotations

from typing import Final

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.payments import events, figures
from domain.payments.events import RECONCILIATION
from domain.payments.figures.clients import FEED
from schema.kit import Beside, Greeting, event_feed, state_feed
from schema.payments.feeds.types import (
    Connected,
    DiscrepancyAlert,
    DiscrepancyRateAlert,
    MpesaMessageRejected,
    ReconciliationFinished,
    Welcome,
)
from schema.payments.figures.types import ReconciliationStats

EVERY_SECONDS: Final = 5
"""What waits and who looks on change without an event, so statistics are shown now and then when nothing happens."""

COUNTS: Final = (events.ReconciliationFinished, events.ReconciliationsPurged)
"""What changes the statistics at once."""


@strawberry.type
class Subscription:
    @event_feed(
        "Reconciliation as it happens: that you are connected, then results, discrepancies, alarms and messages that were "
        "rejected, each once and in order, and between them the statistics of now, at most once in 250 ms, and every 5 "
        "seconds when nothing happens. Statistics are no part of what is told again after a cut.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={
            events.ReconciliationFinished: ReconciliationFinished,
            events.DiscrepancyFound: DiscrepancyAlert,
            events.AlarmChanged: DiscrepancyRateAlert,
            events.MessageRejected: MpesaMessageRejected,
        },
        beside=Beside(state=figures.reconciliation_stats, shows=ReconciliationStats, on=COUNTS, every_seconds=EVERY_SECONDS),
        greeting=Greeting(says=Welcome.of, shows=Connected),
        name=FEED,
    )
    async def reconciliation_feed(actor: Actor) -> list[str]:
        return [RECONCILIATION]

    @state_feed(
        "The statistics of reconciliation, anew when a reconciliation ends, and every 5 seconds unless `everySeconds` says "
        "otherwise.",
        requires=Permission.PAYMENTS_RECONCILE,
        state=figures.reconciliation_stats,
        shows=ReconciliationStats,
        on=COUNTS,
        same_for_all=True,
        every_seconds=lambda: EVERY_SECONDS,
    )
    async def reconciliation_stats_updated(actor: Actor) -> list[str]:
        return [RECONCILIATION]

    @event_feed(
        "Every reconciliation as it ends, or could not be verified yet.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={events.ReconciliationFinished: ReconciliationFinished},
    )
    async def reconciliation_result(actor: Actor) -> list[str]:
        return [RECONCILIATION]

    @event_feed(
        "Everything that does not agree, as it is found.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={events.DiscrepancyFound: DiscrepancyAlert},
    )
    async def discrepancy_alert(actor: Actor) -> list[str]:
        return [RECONCILIATION]

    @event_feed(
        "That the discrepancy rate, or another figure of the last minutes, went over its threshold, or is back.",
        requires=Permission.PAYMENTS_RECONCILE,
        shows={events.AlarmChanged: DiscrepancyRateAlert},
    )
    async def discrepancy_rate_alert(actor: Actor) -> list[str]:
        return [RECONCILIATION]
