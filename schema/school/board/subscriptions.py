"""Following the school at a glance and its statistics: states, which are shown at most once in 250 ms to each client; and
who owes very much: events, of which none is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import strawberry

from domain.events.event import Event
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.school import events
from domain.school.events import SCHOOL, school_topic
from domain.school.queries import board
from schema.kit import ID, LiveEvent, Money, attribute, event_feed, event_type, global_id, state_feed
from schema.school.board.queries import FromMonth, InCurrency, OfCampus, ToMonth, in_currency, read_campus
from schema.school.board.types import FeeStats, FinancialStats, SchoolDashboard
from schema.school.fees.types import SchoolFee
from subscriptions.feed import kind_topic

OF_BOOKS: Final[tuple[type[Event], ...]] = (events.FinancialTransactionChanged, events.StatisticsRepaired)
OF_FEES: Final[tuple[type[Event], ...]] = (events.FeeChanged, events.StatisticsRepaired)
OF_PEOPLE: Final[tuple[type[Event], ...]] = (
    events.StudentEnrolled,
    events.StudentPromoted,
    events.EnrolmentChanged,
    events.StudentChanged,
    events.TeacherChanged,
)
"""What may change the numbers of a board."""

ON_BOARD: Final = tuple(dict.fromkeys((*OF_PEOPLE, *OF_FEES, *OF_BOOKS)))


@event_type("Arrears of a fee rose above the threshold.")
class ArrearsAlertRaised(LiveEvent):
    alert_id: ID = global_id("ArrearsAlert", "The alert.")
    fee: SchoolFee = attribute("The fee as it stood then.")
    threshold: Money = attribute("Above how much arrears were high.")
    raised_at: datetime = attribute("When the alert was raised.")


@event_type("Arrears of a fee are at the threshold or below it again, or the fee was deleted.")
class ArrearsAlertCleared(LiveEvent):
    alert_id: ID = global_id("ArrearsAlert", "The alert.")
    fee: SchoolFee = attribute("The fee as it stood then.")
    threshold: Money = attribute("Above how much arrears were high.")
    cleared_at: datetime = attribute("When the alert was cleared.")


ALERTS: Final[Mapping[type[Event], type]] = {
    events.ArrearsAlertRaised: ArrearsAlertRaised,
    events.ArrearsAlertCleared: ArrearsAlertCleared,
}


async def _dashboard(actor: Actor, currency: str | None = None, branch_id: str | None = None) -> board.SchoolDashboard:
    return await board.school_dashboard(actor, in_currency(currency), read_campus(branch_id))


async def _financial_stats(
    actor: Actor,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
    branch_id: str | None = None,
) -> board.FinancialStats:
    campus = read_campus(branch_id)
    return await board.financial_stats(actor, in_currency(currency), since=since, until=until, branch_id=campus)


async def _fee_stats(
    actor: Actor,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
    branch_id: str | None = None,
) -> board.FeeStats:
    campus = read_campus(branch_id)
    return await board.fee_stats(actor, in_currency(currency), since=since, until=until, branch_id=campus)


async def _seen(actor: Actor, permission: Permission, branch_id: str | None) -> list[str]:
    """The topics of what happens in the part of the school that is looked at; a recount is of all parts."""
    scope = await board.seen_branch(actor, permission, read_campus(branch_id))
    return [SCHOOL] if scope is None else [school_topic(scope), kind_topic(events.StatisticsRepaired.name)]


@strawberry.type
class Subscription:
    @state_feed(
        "The school at a glance, anew when something of it changes.",
        requires=Permission.SCHOOL_READ,
        state=_dashboard,
        shows=SchoolDashboard,
        on=ON_BOARD,
    )
    async def school_dashboard_updated(
        actor: Actor,
        currency: InCurrency = None,
        branch_id: OfCampus = None,
    ) -> list[str]:
        return await _seen(actor, Permission.SCHOOL_READ, branch_id)

    @state_feed(
        "Income and expenses of whole months, anew when something of them changes.",
        requires=Permission.FEES_READ,
        state=_financial_stats,
        shows=FinancialStats,
        on=OF_BOOKS,
    )
    async def financial_stats_updated(
        actor: Actor,
        currency: InCurrency = None,
        since: FromMonth = None,
        until: ToMonth = None,
        branch_id: OfCampus = None,
    ) -> list[str]:
        return await _seen(actor, Permission.FEES_READ, branch_id)

    @state_feed(
        "What fees ask for, what was collected and what is outstanding, anew when something of it changes.",
        requires=Permission.FEES_READ,
        state=_fee_stats,
        shows=FeeStats,
        on=OF_FEES,
    )
    async def fee_stats_updated(
        actor: Actor,
        currency: InCurrency = None,
        since: FromMonth = None,
        until: ToMonth = None,
        branch_id: OfCampus = None,
    ) -> list[str]:
        return await _seen(actor, Permission.FEES_READ, branch_id)

    @event_feed(
        "High arrears: each fee of which they rise above the threshold, and each of which they are at it or below again. "
        "Once for each time that the threshold is crossed, by a payment, by a change of what is due, or of the threshold.",
        requires=Permission.FEES_READ,
        shows=ALERTS,
    )
    async def arrears_alert(actor: Actor, branch_id: OfCampus = None) -> list[str]:
        return await _seen(actor, Permission.FEES_READ, branch_id)
