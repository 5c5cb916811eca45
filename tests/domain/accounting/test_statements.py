"""Statements: what was posted shows in each of them, in the right place, on the right day, and they agree."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounting import accounts, general_ledger, statements
from domain.accounting.dashboard import accounting_dashboard
from domain.accounting.service import reverse_expense
from domain.accounting.states import BreakdownBy, DashboardPeriod, VoucherKind, VoucherState
from domain.identity.actor import SYSTEM, Actor
from domain.identity.errors import BranchNotFound
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput, NotFound
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.ledger.chart import BANK, CASH, CREDITORS, DEBTORS, INTEREST_INCOME, WALLETS, house_account
from domain.ledger.jobs import take_snapshots
from domain.ledger.service import credit, debit, open_account, post_entry, reverse_entry
from tests.support.accounting import (
    a_drafted_expense,
    a_manager_of,
    a_posted_expense,
    a_posted_revenue,
    an_accountant,
    capital,
    id_of,
    inr,
)
from tests.support.cleaning import empty_all_tables
from tests.support.happenings import assert_integrity
from tests.support.invoices import an_investor
from tests.support.people import a_branch, a_user

pytestmark = pytest.mark.usefixtures("database")

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 20)


async def test_profit_and_loss_beside_the_stretch_before() -> None:
    accountant = an_accountant()
    await a_posted_revenue(accountant, dated_on=FEB, amount=inr(400))
    await a_posted_expense(accountant, dated_on=FEB, amount=inr(100))
    await a_posted_revenue(accountant, dated_on=MAR, amount=inr(900))
    await a_posted_expense(accountant, dated_on=MAR, category_account_id=id_of(accounts.TRAVEL), amount=inr(1_000))
    await a_posted_expense(accountant, dated_on=JAN, amount=inr(5))
    march = await statements.profit_and_loss(
        accountant, since=date(2026, 3, 1), until=date(2026, 3, 31), currency="INR", compare=True
    )
    assert [(row.code, row.amount, row.before) for row in march.income] == [("4120", inr(900), inr(400))]
    assert [(row.name, row.amount, row.before) for row in march.expenses] == [
        ("Office Rent", inr(0), inr(100)),
        ("Travel Expenses", inr(1_000), inr(0)),
    ]
    assert (march.total_income, march.total_expenses, march.net) == (inr(900), inr(1_000), inr(-100))
    assert march.before is not None
    assert (march.before.since, march.before.net) == (date(2026, 2, 1), inr(300))
    alone = await statements.profit_and_loss(accountant, since=MAR, until=MAR, currency="INR")
    assert alone.before is None
    assert [row.before for row in alone.income] == [None]
    empty = await statements.profit_and_loss(accountant, since=MAR, until=MAR, currency="KES")
    assert (empty.income, empty.net) == ([], Money.zero("KES"))


async def test_statements_refuse_what_is_no_stretch() -> None:
    accountant = an_accountant()
    with pytest.raises(InvalidInput):
        await statements.profit_and_loss(accountant, since=MAR, until=FEB)
    with pytest.raises(InvalidInput):
        await statements.profit_and_loss(accountant, since=date.min, until=date.max)
    with pytest.raises(InvalidInput):
        await statements.balance_sheet(accountant, currency="XYZ")
    year = {"since": date(2025, 1, 1), "until": date(2026, 1, 2), "currency": "INR"}
    with pytest.raises(InvalidInput):
        await statements.revenue_breakdown(accountant, by=BreakdownBy.DAY, **year)  # type: ignore[arg-type]
    await statements.revenue_breakdown(accountant, by=BreakdownBy.MONTH, **year)  # type: ignore[arg-type]
    for read in (
        statements.profit_and_loss(an_investor(), since=MAR, until=MAR),
        statements.cash_position(an_investor()),
        statements.balance_sheet(an_investor()),
        statements.revenue_breakdown(an_investor(), since=MAR, until=MAR, by=BreakdownBy.DAY),
        accounting_dashboard(an_investor()),
    ):
        with pytest.raises(Forbidden):
            await read


async def test_the_cash_position_tells_what_is_the_owners_of_wallets() -> None:
    accountant = an_accountant()
    await capital(10_000, on=JAN)
    await capital(500, into=CASH, on=FEB)
    owner = await a_user()
    wallet = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=owner.id)
    lines = [debit(await house_account(BANK, "INR"), inr(2_000)), credit(wallet, inr(2_000))]
    await post_entry(kind="test.pay_in", description="In", lines=lines, effective_on=MAR)
    position = await statements.cash_position(accountant, as_of=MAR, currency="INR")
    held = {row.code: row.amount for row in position.accounts}
    assert (held["1110"], held["1200"]) == (inr(500), inr(12_000))
    assert (position.total, position.owed_to_wallets, position.own) == (inr(12_500), inr(2_000), inr(10_500))
    earlier = await statements.cash_position(accountant, as_of=date(2026, 2, 9), currency="INR")
    assert (earlier.total, earlier.owed_to_wallets) == (inr(10_000), inr(0))


async def test_revenue_is_taken_apart_in_every_way() -> None:
    accountant, branch = an_accountant(), await a_branch("Nakuru")
    await a_posted_revenue(accountant, dated_on=FEB, amount=inr(300), branch_id=branch.id)
    await a_posted_revenue(accountant, dated_on=MAR, amount=inr(100))
    lines = [
        debit(await house_account(CASH, "INR"), inr(600)),
        credit(await house_account(INTEREST_INCOME, "INR"), inr(600)),
    ]
    await post_entry(kind="lending.interest", description="Interest", lines=lines, effective_on=MAR, branch_id=branch.id)

    async def parts(by: BreakdownBy, **more: Any) -> list[tuple[str, Money, Decimal | None]]:
        found = await statements.revenue_breakdown(
            accountant, since=date(2026, 1, 1), until=date(2026, 12, 31), by=by, currency="INR", **more
        )
        assert found.total == sum((each.amount for each in found.slices), inr(0))
        return [(each.label, each.amount, each.share) for each in found.slices]

    thirty, seventy = Decimal("30.00"), Decimal("70.00")
    assert await parts(BreakdownBy.ACCOUNT) == [
        ("Interest Income", inr(600), Decimal("60.00")),
        ("Service Income", inr(400), Decimal("40.00")),
    ]
    assert await parts(BreakdownBy.MONTH) == [("2026-02", inr(300), thirty), ("2026-03", inr(700), seventy)]
    assert await parts(BreakdownBy.DAY) == [("2026-02-10", inr(300), thirty), ("2026-03-20", inr(700), seventy)]
    assert [label for label, _, _ in await parts(BreakdownBy.BUSINESS)] == ["Lending", "Accounting"]
    assert [(label, amount) for label, amount, _ in await parts(BreakdownBy.BRANCH)] == [
        ("Nakuru", inr(900)),
        ("No branch", inr(100)),
    ]
    assert await parts(BreakdownBy.ACCOUNT, branch_id=branch.id) == [
        ("Interest Income", inr(600), Decimal("66.67")),
        ("Service Income", inr(300), Decimal("33.33")),
    ]


async def test_the_balance_sheet_has_two_equal_sides() -> None:
    accountant = an_accountant()
    owner = await a_user()
    await capital(10_000, on=JAN)
    await a_posted_revenue(accountant, dated_on=MAR, received_into_account_id=id_of(DEBTORS))
    await a_posted_expense(accountant, dated_on=MAR, paid_from_account_id=id_of(CREDITORS))
    wallet = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=owner.id)
    lines = [debit(await house_account(BANK, "INR"), inr(50)), credit(wallet, inr(50))]
    await post_entry(kind="test.pay_in", description="In", lines=lines, effective_on=MAR)
    sheet = await statements.balance_sheet(accountant, as_of=MAR, currency="INR")
    assert [(row.code, row.amount) for row in sheet.assets] == [("1200", inr(10_050)), ("1310", inr(5_000))]
    assert [(row.code, row.name, row.account_id is None) for row in sheet.liabilities] == [
        ("2110", "Creditors", False),
        ("2310", "Wallets", True),
    ]
    assert (sheet.total_assets, sheet.total_liabilities) == (inr(15_050), inr(1_250))
    assert (sheet.current_result, sheet.total_equity, sheet.balanced) == (inr(3_800), inr(13_800), True)
    earlier = await statements.balance_sheet(accountant, as_of=JAN, currency="INR")
    assert (earlier.total_assets, earlier.current_result, earlier.balanced) == (inr(10_000), inr(0), True)


async def test_the_general_ledger_runs_on_from_page_to_page() -> None:
    accountant = an_accountant()
    for day in range(1, 10):
        await capital(day, on=date(2026, 3, day))
    back_dated = await capital(100, on=date(2026, 3, 5))
    await reverse_entry(back_dated, kind="test.reversal", description="No", effective_on=date(2026, 3, 6))
    await take_snapshots.run()
    await capital(1_000, on=date(2026, 2, 28))
    bank = id_of(BANK)
    since, until = date(2026, 3, 2), date(2026, 3, 8)
    ledger = await general_ledger.general_ledger(accountant, account_id=bank, since=since, until=until)
    assert (ledger.opening, ledger.debits, ledger.credits, ledger.closing) == (inr(1_001), inr(135), inr(100), inr(1_036))
    seen: list[general_ledger.LedgerLine] = []
    after: str | None = None
    while True:
        page = await general_ledger.general_ledger_lines(
            accountant, PageRequest(first=2, after=after), account_id=bank, since=since, until=until
        )
        seen += page.rows
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert [line.balance for line in seen] == [
        inr(n) for n in (1_003, 1_006, 1_010, 1_015, 1_115, 1_121, 1_021, 1_028, 1_036)
    ]
    assert seen[-1].balance == ledger.closing
    assert (seen[6].debit, seen[6].credit) == (None, inr(100))
    backwards = await general_ledger.general_ledger_lines(
        accountant, PageRequest(last=2), account_id=bank, since=since, until=until
    )
    assert [line.balance for line in backwards.rows] == [inr(1_028), inr(1_036)]
    with pytest.raises(NotFound):
        await general_ledger.general_ledger(accountant, account_id=new_id(), since=since, until=until)


async def test_the_ledger_of_a_credit_account_and_of_a_wallet() -> None:
    accountant, owner = an_accountant(), await a_user()
    wallet = await open_account(WALLETS, name="Wallet", currency="INR", owner_id=owner.id)
    for amount in (5, 7):
        lines = [debit(await house_account(BANK, "INR"), inr(amount)), credit(wallet, inr(amount))]
        await post_entry(kind="test.pay_in", description="In", lines=lines, effective_on=MAR)
    ledger = await general_ledger.general_ledger(accountant, account_id=wallet, since=MAR, until=MAR)
    assert (ledger.opening, ledger.debits, ledger.credits, ledger.closing) == (inr(0), inr(0), inr(12), inr(12))
    page = await general_ledger.general_ledger_lines(accountant, PageRequest(), account_id=wallet, since=MAR, until=MAR)
    assert [line.balance for line in page.rows] == [inr(5), inr(12)]


async def test_staff_of_a_branch_read_its_accounts_and_no_others() -> None:
    nakuru, kisumu = await a_branch("Nakuru"), await a_branch("Kisumu")
    accountant, manager = an_accountant(), a_manager_of(nakuru.id)
    await a_posted_revenue(accountant, amount=inr(70), branch_id=nakuru.id)
    await a_posted_revenue(accountant, amount=inr(30), branch_id=kisumu.id)
    await a_posted_revenue(accountant, amount=inr(1))
    today = clock.today()

    async def earned(actor: Actor, **more: Any) -> Money:
        return (await statements.profit_and_loss(actor, since=today, until=today, currency="INR", **more)).total_income

    assert await earned(accountant) == inr(101)
    assert await earned(accountant, branch_id=kisumu.id) == inr(30)
    assert await earned(manager) == inr(70)
    assert (await accounting_dashboard(manager, currency="INR")).cash_position.total == inr(70)
    with pytest.raises(BranchNotFound):
        await earned(manager, branch_id=kisumu.id)
    with pytest.raises(Forbidden):
        await statements.balance_sheet(manager)
    with pytest.raises(Forbidden):
        await general_ledger.general_ledger(manager, account_id=id_of(CASH), since=today, until=today)


async def test_the_dashboard_shows_what_was_posted_and_what_waits() -> None:
    accountant = an_accountant()
    expense = await a_posted_expense(accountant)
    await a_posted_revenue(accountant)
    await a_drafted_expense(accountant)
    board = await accounting_dashboard(accountant, period=DashboardPeriod.TODAY, currency="INR")
    assert (board.profit_and_loss.net, board.cash_position.total) == (inr(3_800), inr(3_800))
    assert [(each.label, each.amount) for each in board.revenue_breakdown.slices] == [("Accounting", inr(5_000))]
    assert [(each.kind, each.state, each.count) for each in board.waiting] == [(VoucherKind.EXPENSE, VoucherState.DRAFT, 1)]
    assert (board.draft_count, board.pending_approval_count) == (1, 0)
    assert [entry.kind for entry in board.recent_entries] == ["accounting.revenue", "accounting.expense"]
    await reverse_expense(accountant, expense_id=expense.id, reason="Mistake")
    board = await accounting_dashboard(accountant, period=DashboardPeriod.YEAR, currency="INR")
    assert board.profit_and_loss.net == inr(5_000)
    await assert_integrity()


documents = st.lists(
    st.tuples(
        st.sampled_from(["expense", "on credit", "revenue", "due", "capital", "sum up"]),
        st.integers(1, 10**7),
        st.integers(0, 60),
    ),
    max_size=12,
)


async def test_profit_is_the_growth_of_equity_and_the_sheet_balances_whatever_happens() -> None:
    """The result of any stretch is what equity grew by, capital aside; the balance sheet balances at both ends."""
    loop = asyncio.get_running_loop()

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents, st.integers(0, 60), st.integers(0, 60))
    def holds(done: list[tuple[str, int, int]], first: int, last: int) -> None:
        asyncio.run_coroutine_threadsafe(_growth_is_profit(done, *sorted((first, last))), loop).result(60)

    await asyncio.to_thread(holds)


async def _growth_is_profit(done: list[tuple[str, int, int]], first: int, last: int) -> None:
    await empty_all_tables()
    put_in = 0
    for what, minor, day in done:
        capital_of_it = await _do(what, Money(minor, "INR"), JAN + timedelta(days=day))
        put_in += capital_of_it if first <= day <= last else 0
    since, until = JAN + timedelta(days=first), JAN + timedelta(days=last)
    before = await statements.balance_sheet(SYSTEM, as_of=since - timedelta(days=1), currency="INR")
    after = await statements.balance_sheet(SYSTEM, as_of=until, currency="INR")
    result = await statements.profit_and_loss(SYSTEM, since=since, until=until, currency="INR")
    assert before.balanced and after.balanced
    assert after.total_equity - before.total_equity == result.net + Money(put_in, "INR")
    await assert_integrity("accounting", "ledger")


async def _do(what: str, amount: Money, day: date) -> int:
    """Do one thing on a day; returns what the owners put in by it, in minor units."""
    maker = an_accountant()
    match what:
        case "expense":
            await a_posted_expense(maker, amount=amount, dated_on=day)
        case "on credit":
            await a_posted_expense(maker, amount=amount, dated_on=day, paid_from_account_id=id_of(CREDITORS))
        case "revenue":
            await a_posted_revenue(maker, amount=amount, dated_on=day)
        case "due":
            await a_posted_revenue(maker, amount=amount, dated_on=day, received_into_account_id=id_of(DEBTORS))
        case "capital":
            await capital(amount.amount, on=day)
            return amount.amount_minor
        case _:
            await take_snapshots.run()
    return 0
