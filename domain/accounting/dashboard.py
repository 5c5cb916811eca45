"""What accountants see at a glance: the period's result, the money at hand, where revenue came from, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.accounting.rules import days_of
from domain.accounting.scope import branch_to_read, currency_to_read
from domain.accounting.statements import (
    CashPosition,
    ProfitAndLoss,
    RevenueBreakdown,
    cash_position,
    profit_and_loss,
    revenue_breakdown,
)
from domain.accounting.states import BreakdownBy, DashboardPeriod, VoucherKind, VoucherState
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import fetch
from domain.ledger.models import JournalEntry

RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class WaitingVouchers:
    """How many vouchers of a kind are in a state that is not the end."""

    kind: VoucherKind
    state: VoucherState
    count: int


@dataclass(frozen=True, slots=True)
class AccountingDashboard:
    """The accounts of a period that ends today, in one currency; the counts are of all currencies."""

    period: DashboardPeriod
    currency: str
    branch_id: UUID | None
    profit_and_loss: ProfitAndLoss
    cash_position: CashPosition
    revenue_breakdown: RevenueBreakdown
    waiting: Sequence[WaitingVouchers]
    recent_entries: Sequence[JournalEntry]

    @property
    def draft_count(self) -> int:
        return sum(each.count for each in self.waiting if each.state is VoucherState.DRAFT)

    @property
    def pending_approval_count(self) -> int:
        return sum(each.count for each in self.waiting if each.state is VoucherState.PENDING_APPROVAL)


# Vouchers that wait for somebody, of one branch ($1) or of all.
WAITING: Final = """
select kind, state, count(*) as count from voucher
where state in ('DRAFT', 'PENDING_APPROVAL', 'REJECTED') and ($1::uuid is null or branch_id = $1)
group by kind, state order by kind, state
"""


async def accounting_dashboard(
    actor: Actor,
    *,
    period: DashboardPeriod = DashboardPeriod.MONTH,
    currency: str | None = None,
    branch_id: UUID | None = None,
) -> AccountingDashboard:
    """Of the whole house, or of a branch; the latest entries for those alone who may read the books."""
    branch_id, currency = branch_to_read(actor, branch_id), currency_to_read(currency)
    days = days_of(period, clock.today())
    return AccountingDashboard(
        period=period,
        currency=currency,
        branch_id=branch_id,
        profit_and_loss=await profit_and_loss(
            actor, since=days.since, until=days.until, currency=currency, branch_id=branch_id, compare=True
        ),
        cash_position=await cash_position(actor, as_of=days.until, currency=currency, branch_id=branch_id),
        revenue_breakdown=await revenue_breakdown(
            actor, since=days.since, until=days.until, by=BreakdownBy.BUSINESS, currency=currency, branch_id=branch_id
        ),
        waiting=await _waiting(branch_id),
        recent_entries=await _recent_entries(actor, branch_id),
    )


async def _waiting(branch_id: UUID | None) -> list[WaitingVouchers]:
    rows = await fetch(WAITING, branch_id)
    return [WaitingVouchers(VoucherKind(row["kind"]), VoucherState(row["state"]), row["count"]) for row in rows]


async def _recent_entries(actor: Actor, branch_id: UUID | None) -> list[JournalEntry]:
    if not actor.may(Permission.LEDGER_READ):
        return []
    query = JournalEntry.all() if branch_id is None else JournalEntry.filter(branch_id=branch_id)
    return await query.order_by("-number").limit(RECENT)
