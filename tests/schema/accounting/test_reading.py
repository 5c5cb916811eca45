"""Statements, periods and feeds in the API: an expense that is posted shows wherever accountants look."""

from __future__ import annotations

from typing import Any

import pytest

from domain.accounting import accounts
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.ledger.chart import BANK, CAPITAL
from tests.support.accounting import (
    a_drafted_expense,
    a_drafted_transfer,
    a_posted_expense,
    a_posted_revenue,
    capital,
    id_of,
    inr,
)
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.operations import operation, shown, state_shown
from tests.support.people import a_branch, an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

DASHBOARD, DASHBOARD_FEED = (operation(f"accounting/AccountingDashboard{which}") for which in ("", "Updated"))
PROFIT, CASH_POSITION = operation("accounting/ProfitAndLoss"), operation("accounting/CashPosition")
REVENUE, SHEET = operation("accounting/RevenueBreakdown"), operation("accounting/BalanceSheet")
LEDGER, LINES = operation("accounting/GeneralLedger"), operation("accounting/GeneralLedgerLines")


@pytest.fixture
async def accountant() -> Actor:
    return await an_actor(Role.ACCOUNTANT, name="Achieng Otieno")


async def test_a_posted_expense_shows_wherever_accountants_look(accountant: Actor) -> None:
    today = clock.today().isoformat()
    stretch = {"from": today, "to": today, "currency": "INR"}
    await refused_to_strangers(PROFIT, **stretch)
    await refused_to_strangers(DASHBOARD)
    assert (await ask(accountant, PROFIT, **stretch))["net"] == shown("0.00")
    await capital(10_000)
    await a_posted_expense(accountant)
    result = await ask(accountant, PROFIT, **stretch)
    assert [(row["code"], row["amount"]) for row in result["expenses"]] == [("5209", shown("1,200.00"))]
    assert result["net"]["amount"] == "-1200.00"
    position = await ask(accountant, CASH_POSITION, currency="INR")
    assert (position["total"], position["own"]) == (shown("8,800.00"), shown("8,800.00"))
    [told] = await heard(accountant, operation("accounting/ExpensePosted"))
    assert (told["expense"]["payee"], told["expense"]["amount"]) == ("Kijani Properties", shown("1,200.00"))
    state = await state_shown(accountant, DASHBOARD_FEED, currency="INR", period="TODAY")
    assert state["profitAndLoss"]["totalExpenses"] == shown("1,200.00")
    assert state["cashPosition"]["total"] == shown("8,800.00")
    assert [entry["kind"] for entry in state["recentEntries"]] == ["accounting.expense", "test.capital"]
    read = await ask(accountant, DASHBOARD, currency="INR", period="TODAY")
    assert read == state
    stranger = await an_actor(Role.INVESTOR)
    for document, variables in ((PROFIT, stretch), (CASH_POSITION, {}), (DASHBOARD, {}), (SHEET, {})):
        assert await ask_refused(stranger, document, **variables) == "FORBIDDEN"
    assert await feed_refused(stranger, DASHBOARD_FEED) == "FORBIDDEN"


async def test_each_feed_tells_its_own(accountant: Actor) -> None:
    await capital(10_000)
    await a_posted_expense(accountant)
    await a_posted_revenue(accountant)
    transfer = await a_drafted_transfer(accountant)
    process = operation("accounting/ProcessTransfer")
    await do(accountant, process, input={"transferId": encode_id("Transfer", transfer.id)})

    async def told(name: str, **variables: Any) -> list[str]:
        return [item["__typename"] for item in await heard(accountant, operation(f"accounting/{name}"), **variables)]

    for name in ("ExpenseCreated", "ExpensePosted", "RevenueCreated", "RevenuePosted", "TransferProcessed"):
        assert await told(name) == [name]
    assert await told("VoucherUpdated") == [
        "ExpenseCreated",
        "ExpensePosted",
        "RevenueCreated",
        "RevenuePosted",
        "TransferCreated",
        "TransferProcessed",
    ]
    assert await told("JournalEntryPosted") == ["JournalEntryPosted"] * 4
    rent = encode_id("Account", id_of(accounts.RENT))
    [entry] = await heard(accountant, operation("accounting/JournalEntryPosted"), accountId=rent)
    assert (entry["kind"], entry["lines"][0]["debit"]) == ("accounting.expense", shown("1,200.00"))
    stranger = await an_actor(Role.INVESTOR)
    for name in ("ExpenseCreated", "VoucherUpdated", "JournalEntryPosted", "FiscalPeriodChanged"):
        assert await feed_refused(stranger, operation(f"accounting/{name}")) == "FORBIDDEN"


async def test_what_happens_to_a_voucher_is_told(accountant: Actor) -> None:
    expense = await a_drafted_expense(accountant)
    act = {"expenseId": encode_id("Expense", expense.id)}
    await do(accountant, operation("accounting/UpdateExpense"), input=act | {"payee": "Landlord"})
    await do(accountant, operation("accounting/VoidExpense"), input=act)
    items = await heard(accountant, operation("accounting/VoucherUpdated"))
    assert [item.get("change") for item in items] == [None, "EDITED", "VOIDED"]
    assert (items[2]["voucherId"], items[2]["state"], items[2]["kind"]) == (act["expenseId"], "VOIDED", "EXPENSE")


async def test_staff_of_a_branch_hear_of_its_vouchers_alone(accountant: Actor) -> None:
    nakuru, kisumu = await a_branch("Nakuru"), await a_branch("Kisumu")
    manager = await an_actor(Role.BRANCH_MANAGER, branch_id=nakuru.id)
    await a_posted_expense(accountant, branch_id=nakuru.id)
    await a_posted_expense(accountant, branch_id=kisumu.id)
    await a_posted_expense(accountant)
    feed = operation("accounting/ExpensePosted")
    [told] = await heard(manager, feed)
    assert told["expense"]["branchId"] == encode_id("Branch", nakuru.id)
    assert len(await heard(accountant, feed)) == 3
    [seen] = (await ask(manager, operation("accounting/Expenses")))["nodes"]
    assert seen["branchId"] == encode_id("Branch", nakuru.id)
    read = await state_shown(manager, DASHBOARD_FEED, currency="INR", period="TODAY")
    assert read["profitAndLoss"]["totalExpenses"] == shown("1,200.00")
    assert read["recentEntries"] == []
    other = encode_id("Branch", kisumu.id)
    assert await ask_refused(manager, DASHBOARD, branchId=other) == "BRANCH_NOT_FOUND"
    assert await feed_refused(manager, DASHBOARD_FEED, branchId=other) == "BRANCH_NOT_FOUND"
    assert await ask_refused(manager, SHEET) == "FORBIDDEN"


async def test_revenue_and_the_balance_sheet(accountant: Actor) -> None:
    await capital(10_000)
    await a_posted_revenue(accountant)
    today = clock.today().isoformat()
    taken_apart = await ask(accountant, REVENUE, **{"from": today, "to": today, "by": "BUSINESS", "currency": "INR"})
    assert taken_apart["slices"] == [
        {"key": "accounting", "label": "Accounting", "amount": shown("5,000.00"), "share": "100.00"}
    ]
    sheet = await ask(accountant, SHEET, currency="INR")
    assert sheet["balanced"] is True
    assert (sheet["totalAssets"], sheet["currentResult"]) == (shown("15,000.00"), shown("5,000.00"))
    assert [row["code"] for row in sheet["equity"]] == ["3100"]
    wrong = {"from": "2026-02-02", "to": "2026-02-01", "by": "DAY"}
    assert await ask_refused(accountant, REVENUE, **wrong) == "INVALID_INPUT"


async def test_the_general_ledger_is_read_page_by_page(accountant: Actor) -> None:
    for amount in (10, 20, 30):
        await capital(amount)
    today = clock.today().isoformat()
    asked = {"accountId": encode_id("Account", id_of(CAPITAL)), "from": today, "to": today}
    await refused_to_strangers(LEDGER, **asked)
    ledger = await ask(accountant, LEDGER, **asked)
    assert (ledger["opening"], ledger["credits"], ledger["closing"]) == (shown("0.00"), shown("60.00"), shown("60.00"))
    first = await ask(accountant, LINES, **asked, first=2)
    assert [line["balance"] for line in first["nodes"]] == [shown("10.00"), shown("30.00")]
    rest = await ask(accountant, LINES, **asked, first=2, after=first["pageInfo"]["endCursor"])
    assert [(line["balance"], line["entry"]["kind"]) for line in rest["nodes"]] == [(shown("60.00"), "test.capital")]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert await ask_refused(accountant, LEDGER, **(asked | {"accountId": encode_id("Account", new_id())})) == "NOT_FOUND"
    assert await ask_refused(accountant, LINES, **asked, after="nonsense") == "INVALID_INPUT"
    assert await ask_refused(await an_actor(Role.INVESTOR), LEDGER, **asked) == "FORBIDDEN"


async def test_periods_are_set_up_closed_and_reopened(accountant: Actor) -> None:
    create, close = operation("accounting/CreateFiscalYear"), operation("accounting/CloseFiscalPeriod")
    reopen, close_year = operation("accounting/ReopenFiscalPeriod"), operation("accounting/CloseFiscalYear")
    stated = {"startsOn": "2025-01-01", "idempotencyKey": "2025"}
    await refused_to_strangers(create, input=stated)
    year = (await do(accountant, create, input=stated))["fiscalYear"]
    assert (await do(accountant, create, input=stated))["replayed"] is True
    assert (year["name"], year["endsOn"], year["state"]) == ("2025", "2025-12-31", "OPEN")
    assert await do_refused(accountant, create, input={"startsOn": "2025-06-01"}) == ("YEAR_OVERLAPS", ["input", "startsOn"])
    periods = (await ask(accountant, operation("accounting/FiscalPeriods"), yearId=year["id"]))["nodes"]
    assert [period["name"] for period in periods] == [f"2025-{month:02}" for month in range(1, 13)]
    await a_posted_revenue(accountant, dated_on=clock.today().replace(year=2025, month=3, day=5), amount=inr(70))
    act = {"periodId": periods[2]["id"]}
    assert (await do(accountant, close, input=act))["fiscalPeriod"]["state"] == "CLOSED"
    assert await do_refused(accountant, close, input=act) == ("PERIOD_ALREADY_CLOSED", ["input", "periodId"])
    entry = {
        "description": "Too late",
        "effectiveOn": "2025-03-31",
        "lines": [
            {"accountId": encode_id("Account", id_of(BANK)), "debit": {"amount": "1", "currency": "INR"}},
            {"accountId": encode_id("Account", id_of(CAPITAL)), "credit": {"amount": "1", "currency": "INR"}},
        ],
    }
    late = await do_refused(accountant, operation("accounting/PostJournalEntry"), input=entry)
    assert late == ("PERIOD_CLOSED", ["input", "effectiveOn"])
    assert (await do(accountant, reopen, input=act))["fiscalPeriod"]["state"] == "OPEN"
    closed = (await do(accountant, close_year, input={"yearId": year["id"]}))["fiscalYear"]
    assert (closed["state"], closed["results"]) == ("CLOSED", [shown("70.00") | {"currency": "INR"}])
    assert await do_refused(accountant, reopen, input=act) == ("YEAR_IS_CLOSED", ["input", "periodId"])
    reopened = await do(accountant, operation("accounting/ReopenFiscalYear"), input={"yearId": year["id"]})
    assert (reopened["fiscalYear"]["state"], reopened["fiscalYear"]["results"]) == ("OPEN", [])
    [listed] = (await ask(accountant, operation("accounting/FiscalYears")))["nodes"]
    assert listed["id"] == year["id"]
    told = await heard(accountant, operation("accounting/FiscalPeriodChanged"))
    assert [item.get("periodName") or item["yearName"] for item in told] == ["2025", "2025-03", "2025-03", "2025", "2025"]
    assert await ask_refused(await an_actor(Role.BRANCH_MANAGER), close, input=act) == "FORBIDDEN"


async def test_the_dashboard_and_a_list_of_vouchers_ask_the_database_few_times(accountant: Actor) -> None:
    for _ in range(6):
        await a_posted_expense(accountant)
    with statements() as asked:
        await ask(accountant, DASHBOARD, currency="INR")
    assert len(asked) <= 8
    everything = """{ expenses(first: 6) { nodes {
        categoryAccount { name } paidFromAccount { name } branch { name } creator { name } decider { name }
        entry { number lines { debit { amount } } }
    } } }"""
    with statements() as asked:
        await ask(accountant, everything)
    assert len(asked) <= 6
