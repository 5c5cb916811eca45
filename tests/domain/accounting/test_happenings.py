"""Each act announces exactly its events, once and in order, and leaves its trace in the activity log."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.accounting import settings
from domain.accounting.models import FiscalPeriod
from domain.accounting.service import (
    JournalTerms,
    close_fiscal_period,
    close_fiscal_year,
    create_fiscal_year,
    create_journal_entry,
    create_revenue,
    post_by_hand,
    post_expense,
    post_journal_draft,
    post_revenue,
    process_transfer,
    reopen_fiscal_period,
    reopen_fiscal_year,
    reverse_by_hand,
    reverse_expense,
    reverse_revenue,
    reverse_transfer,
    update_expense,
    update_journal_entry,
    void_expense,
    void_journal_draft,
)
from domain.accounting.settings import AccountingSettings
from domain.approvals.models import Approval
from domain.approvals.service import approve, reject
from domain.kit.context import CallContext, call_context
from domain.kit.database import fetch
from domain.kit.ids import new_id
from domain.ledger.chart import BANK, CAPITAL
from domain.ledger.service import Line, credit, debit
from tests.support.accounting import (
    a_drafted_expense,
    a_drafted_transfer,
    a_revenue,
    an_accountant,
    capital,
    id_of,
    inr,
)
from tests.support.happenings import names_of_events

pytestmark = pytest.mark.usefixtures("database")

MAKER, CHECKER = an_accountant(), an_accountant("Brian Kiptoo")
CHANGED, POSTED = "accounting.voucher_changed", "ledger.entry_posted"
LINES: list[Line] = [debit(id_of(BANK), inr(10)), credit(id_of(CAPITAL), inr(10))]
LARGE: list[Line] = [debit(id_of(BANK), inr(9_000)), credit(id_of(CAPITAL), inr(9_000))]


@pytest.fixture(autouse=True)
def threshold() -> Iterator[None]:
    settings.configure(AccountingSettings(approval_threshold=Decimal(5_000)))
    yield
    settings.configure(AccountingSettings())


async def announced(act: Awaitable[Any]) -> tuple[Any, list[str]]:
    before = len(await names_of_events())
    result = await act
    return result, (await names_of_events())[before:]


async def test_what_each_act_of_an_expense_announces() -> None:
    expense, events = await announced(a_drafted_expense(MAKER, amount=inr(6_000)))
    which: Any = {"expense_id": expense.id}
    assert events == ["accounting.expense_created"]
    assert (await announced(update_expense(MAKER, **which, changes={"payee": "Landlord"})))[1] == [CHANGED]
    assert (await announced(post_expense(MAKER, **which)))[1] == [CHANGED, "approvals.requested"]
    request = await Approval.get(subject_id=expense.id)
    rejected = reject(CHECKER, approval_id=request.id, comment="No")
    assert (await announced(rejected))[1] == [CHANGED, "approvals.decided"]
    assert (await announced(update_expense(MAKER, **which, changes={"amount": inr(7_000)})))[1] == [CHANGED]
    assert (await announced(post_expense(MAKER, **which)))[1] == [CHANGED, "approvals.requested"]
    withdrawn = update_expense(MAKER, **which, changes={"amount": inr(6_500)})
    assert (await announced(withdrawn))[1] == [CHANGED, "approvals.decided"]
    await post_expense(MAKER, **which)
    request = await Approval.get(subject_id=expense.id, status="PENDING")
    approved = approve(CHECKER, approval_id=request.id)
    assert (await announced(approved))[1] == [POSTED, "accounting.expense_posted", "approvals.decided"]
    undone = reverse_expense(CHECKER, **which, reason="No")
    assert (await announced(undone))[1] == [POSTED, CHANGED]
    other = await a_drafted_expense(MAKER)
    assert (await announced(void_expense(MAKER, expense_id=other.id)))[1] == [CHANGED]


async def test_what_each_act_of_the_others_announces() -> None:
    await capital(5_000)
    revenue, events = await announced(create_revenue(MAKER, terms=a_revenue()))
    assert events == ["accounting.revenue_created"]
    posted = post_revenue(MAKER, revenue_id=revenue.id)
    assert (await announced(posted))[1] == [POSTED, "accounting.revenue_posted"]
    undone = reverse_revenue(MAKER, revenue_id=revenue.id, reason="No")
    assert (await announced(undone))[1] == [POSTED, CHANGED]
    transfer, events = await announced(a_drafted_transfer(MAKER))
    assert events == ["accounting.transfer_created"]
    processed = process_transfer(MAKER, transfer_id=transfer.id)
    assert (await announced(processed))[1] == [POSTED, "accounting.transfer_processed"]
    undone_transfer = reverse_transfer(MAKER, transfer_id=transfer.id, reason="No")
    assert (await announced(undone_transfer))[1] == [POSTED, CHANGED]


async def test_what_each_act_of_an_entry_by_hand_announces() -> None:
    drafting = create_journal_entry(MAKER, terms=JournalTerms(lines=LINES, description="Capital"))
    draft, events = await announced(drafting)
    assert events == ["accounting.journal_entry_drafted"]
    changing = update_journal_entry(MAKER, draft_id=draft.id, changes={"description": "More"})
    assert (await announced(changing))[1] == [CHANGED]
    posted, events = await announced(post_journal_draft(MAKER, draft_id=draft.id))
    assert events == [POSTED, "accounting.journal_draft_posted"]
    undone = reverse_by_hand(MAKER, entry_id=posted.entry.id, reason="No")
    assert (await announced(undone))[1] == [POSTED, CHANGED]
    at_once = post_by_hand(MAKER, lines=LINES, description="At once")
    entry, events = await announced(at_once)
    assert events == [POSTED]
    assert (await announced(reverse_by_hand(MAKER, entry_id=entry.entry.id, reason="No")))[1] == [POSTED]
    large, events = await announced(post_by_hand(MAKER, lines=LARGE, description="Large"))
    assert events == ["accounting.journal_entry_drafted", CHANGED, "approvals.requested"]
    voided = void_journal_draft(MAKER, draft_id=large.draft.id)
    assert (await announced(voided))[1] == [CHANGED, "approvals.decided"]


async def test_what_periods_announce() -> None:
    await post_revenue(MAKER, revenue_id=(await create_revenue(MAKER, terms=a_revenue(dated_on=date(2024, 3, 3)))).id)
    year, events = await announced(create_fiscal_year(MAKER, starts_on=date(2024, 1, 1)))
    assert events == ["accounting.fiscal_year_changed"]
    period = await FiscalPeriod.get(starts_on=date(2024, 5, 1))
    for act in (close_fiscal_period, reopen_fiscal_period):
        assert (await announced(act(MAKER, period_id=period.id)))[1] == ["accounting.fiscal_period_changed"]
    for change in (close_fiscal_year, reopen_fiscal_year):
        assert (await announced(change(MAKER, year_id=year.id)))[1] == [POSTED, "accounting.fiscal_year_changed"]


async def test_the_activity_log_shows_what_was_changed_and_by_whom() -> None:
    correlation_id = new_id()
    with call_context(CallContext(actor_id=MAKER.id, correlation_id=correlation_id)):
        expense = await a_drafted_expense(MAKER)
        await update_expense(MAKER, expense_id=expense.id, changes={"amount": inr(900)})
    rows = await fetch("select * from row_change where object_id = $1 and object_kind = 'expense' order by id", expense.id)
    assert [(row["operation"], row["actor_id"], row["correlation_id"]) for row in rows] == [
        ("INSERT", MAKER.id, correlation_id),
        ("UPDATE", MAKER.id, correlation_id),
    ]
    assert (rows[1]["before"]["amount_minor"], rows[1]["after"]["amount_minor"]) == (120_000, 90_000)
