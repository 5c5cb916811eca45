"""What the log tells of vouchers; what is in the books, the ledger tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from domain.accounting.dashboard import accounting_dashboard
from domain.accounting.events import (
    ExpenseCreated,
    ExpensePosted,
    JournalDraftPosted,
    JournalEntryDrafted,
    RevenueCreated,
    RevenuePosted,
    TransferCreated,
    TransferProcessed,
    VoucherChanged,
    VoucherSnapshot,
)
from domain.accounting.statements import balance_sheet
from domain.accounting.states import DashboardPeriod
from domain.identity.actor import SYSTEM
from domain.kit.database import fetch
from domain.kit.projections import Board, Facts, Heard, Projection, register_projection

# Every branch that the books know in a currency, and the whole house.
SCOPES: Final = """
select currency, branch_id from ledger_daily union select currency, null from ledger_daily order by 1, 2
"""

VOUCHERS: Final = (
    ExpenseCreated,
    ExpensePosted,
    RevenueCreated,
    RevenuePosted,
    TransferCreated,
    TransferProcessed,
    JournalEntryDrafted,
    JournalDraftPosted,
    VoucherChanged,
)


def _voucher(facts: Facts, heard: Heard) -> None:
    told: VoucherSnapshot = heard.fact.about
    facts.put("voucher", told.id, id=told.id, kind=told.kind, state=told.state, branch_id=told.branch_id)


async def _boards() -> AsyncIterator[Board]:
    """Dashboards of each period, and the balance sheet, for every currency; of every branch those of the month."""
    for row in await fetch(SCOPES):
        currency, branch_id = row["currency"], row["branch_id"]
        for period in DashboardPeriod if branch_id is None else [DashboardPeriod.MONTH]:
            board = await accounting_dashboard(SYSTEM, period=period, currency=currency, branch_id=branch_id)
            yield Board(f"dashboard.{branch_id or 'house'}.{currency}.{period.value}", board)
        if branch_id is None:
            yield Board(f"balance_sheet.{currency}", await balance_sheet(SYSTEM, currency=currency))


register_projection(
    Projection(
        name="accounting",
        tables=("voucher",),
        applies=dict.fromkeys(VOUCHERS, _voucher),
        boards=_boards,
    )
)
