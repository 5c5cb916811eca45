"""Expenses and revenues: drafted, changed, posted by one or by two, taken back; and what is wrong with them."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from domain.accounting import accounts, queries
from domain.accounting.errors import (
    AccountNotSuitable,
    DateInFuture,
    ExpenseNotFound,
    MissingInput,
    NotPosted,
    NotUnposted,
)
from domain.accounting.models import Expense
from domain.accounting.service import (
    ExpenseTerms,
    create_expense,
    post_expense,
    post_revenue,
    reverse_expense,
    reverse_revenue,
    update_expense,
    validate_expense,
    validate_revenue,
    void_expense,
)
from domain.accounting.states import VoucherState
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import execute
from domain.kit.errors import CurrencyMismatch, Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.paging import PageRequest
from domain.ledger.chart import BANK, CASH, CREDITORS, DEBTORS, WALLETS, id_of_house_account
from domain.ledger.errors import AccountNotFound
from domain.ledger.models import JournalEntry
from tests.support.accounting import (
    a_drafted_expense,
    a_posted_expense,
    a_posted_revenue,
    a_revenue,
    an_accountant,
    an_expense,
    id_of,
    in_account,
    inr,
)
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.invoices import an_investor
from tests.support.people import a_branch
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")


async def test_an_expense_is_drafted_and_posted() -> None:
    accountant = an_accountant()
    drafted = await a_drafted_expense(accountant)
    assert (drafted.state, drafted.number, drafted.entry_id) == (VoucherState.DRAFT, drafted.number, None)
    assert await JournalEntry.all().count() == 0
    posted = await post_expense(accountant, expense_id=drafted.id)
    assert posted.state is VoucherState.POSTED
    assert posted.posted_by == accountant.id
    entry = await JournalEntry.get(id=posted.entry_id)
    assert (entry.kind, entry.reference_kind, entry.reference_id) == ("accounting.expense", "expense", drafted.id)
    assert await in_account(accounts.RENT) == inr(1_200)
    assert await in_account(BANK) == inr(-1_200)
    assert await names_of_events() == ["accounting.expense_created", "ledger.entry_posted", "accounting.expense_posted"]
    await assert_integrity()


async def test_an_expense_may_be_owed_and_a_revenue_due() -> None:
    accountant = an_accountant()
    await a_posted_expense(accountant, paid_from_account_id=id_of(CREDITORS))
    await a_posted_revenue(accountant, received_into_account_id=id_of(DEBTORS))
    assert await in_account(CREDITORS) == inr(1_200)
    assert await in_account(DEBTORS) == inr(5_000)
    assert (await names_of_events())[-3:] == [
        "accounting.revenue_created",
        "ledger.entry_posted",
        "accounting.revenue_posted",
    ]
    await assert_integrity()


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"amount": None}, MissingInput, "amount"),
    ({"payee": "  "}, MissingInput, "payee"),
    ({"payee": "x" * 121}, InvalidInput, "payee"),
    ({"description": ""}, MissingInput, "description"),
    ({"description": "a\x00b"}, InvalidInput, "description"),
    ({"reference": "a\nb"}, InvalidInput, "reference"),
    ({"category_account_id": None}, MissingInput, "categoryAccountId"),
    ({"category_account_id": id_of_house_account(accounts.SERVICE_INCOME, "INR")}, AccountNotSuitable, "categoryAccountId"),
    ({"category_account_id": id_of_house_account(accounts.RENT, "KES")}, CurrencyMismatch, "categoryAccountId"),
    ({"category_account_id": new_id()}, AccountNotFound, "categoryAccountId"),
    ({"paid_from_account_id": id_of_house_account(WALLETS, "INR")}, AccountNotFound, "paidFromAccountId"),
    ({"paid_from_account_id": id_of_house_account(DEBTORS, "INR")}, AccountNotSuitable, "paidFromAccountId"),
    ({"branch_id": new_id()}, BranchNotFound, "branchId"),
]


@pytest.mark.parametrize(("change", "refusal", "field"), WRONG)
async def test_what_is_wrong_is_found_by_the_form_and_refused_by_the_act(
    change: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    accountant = an_accountant()
    terms = an_expense(**change)
    async with nothing_happens():
        problems = await validate_expense(accountant, terms=terms)
        assert [(type(problem), problem.field) for problem in problems] == [(refusal, ("input", field))]
        with pytest.raises(refusal):
            await create_expense(accountant, terms=terms)


async def test_the_form_finds_all_that_is_wrong_at_once() -> None:
    problems = await validate_expense(an_accountant(), terms=ExpenseTerms())
    assert [problem.field and problem.field[1] for problem in problems] == [
        "description",
        "payee",
        "amount",
        "categoryAccountId",
        "paidFromAccountId",
    ]
    assert await validate_expense(an_accountant(), terms=an_expense()) == []
    assert await validate_revenue(an_accountant(), terms=a_revenue()) == []


async def test_the_books_tell_of_what_has_happened() -> None:
    accountant, today = an_accountant(), clock.today()
    await a_drafted_expense(accountant, dated_on=today + timedelta(days=1))
    async with nothing_happens():
        with pytest.raises(DateInFuture):
            await a_drafted_expense(accountant, dated_on=today + timedelta(days=2))
        with pytest.raises(InvalidInput, match="before the beginning"):
            await a_drafted_expense(accountant, dated_on=date(1969, 12, 31))


async def test_a_draft_is_changed_and_thrown_away() -> None:
    accountant = an_accountant()
    drafted = await a_drafted_expense(accountant)
    changed = await update_expense(accountant, expense_id=drafted.id, changes={"amount": inr(900), "payee": "Landlord"})
    assert (changed.amount, changed.payee, changed.description) == (inr(900), "Landlord", "Office rent")
    async with nothing_happens():
        with pytest.raises(AccountNotSuitable):
            await update_expense(accountant, expense_id=drafted.id, changes={"category_account_id": id_of(BANK)})
    voided = await void_expense(accountant, expense_id=drafted.id)
    assert voided.state is VoucherState.VOIDED
    async with nothing_happens():
        for act in (post_expense, void_expense):
            with pytest.raises(NotUnposted):
                await act(accountant, expense_id=drafted.id)
        with pytest.raises(NotUnposted):
            await update_expense(accountant, expense_id=drafted.id, changes={"payee": "Nobody"})
    assert await names_of_events() == ["accounting.expense_created"] + ["accounting.voucher_changed"] * 2


async def test_a_posted_expense_is_taken_back_once() -> None:
    accountant = an_accountant()
    posted = await a_posted_expense(accountant)
    with pytest.raises(NotUnposted):
        await update_expense(accountant, expense_id=posted.id, changes={"payee": "Nobody"})
    reversed_ = await reverse_expense(accountant, expense_id=posted.id, reason="Paid twice")
    assert reversed_.state is VoucherState.REVERSED
    opposite = await JournalEntry.get(id=reversed_.reversal_id)
    assert (opposite.reverses_id, opposite.kind) == (posted.entry_id, "accounting.expense_reversal")
    assert await in_account(accounts.RENT) == inr(0)
    async with nothing_happens():
        with pytest.raises(NotPosted):
            await reverse_expense(accountant, expense_id=posted.id, reason="Again")
        with pytest.raises(InvalidInput):
            await reverse_expense(accountant, expense_id=posted.id, reason="  ")
    assert (await names_of_events())[-2:] == ["ledger.entry_posted", "accounting.voucher_changed"]
    await assert_integrity()


async def test_posting_at_once_posts_once() -> None:
    accountant = an_accountant()
    drafted = await a_drafted_expense(accountant)
    outcomes = await outcomes_of(post_expense(accountant, expense_id=drafted.id) for _ in range(8))
    assert sum(isinstance(outcome, Expense) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotUnposted) for outcome in outcomes) == 7
    assert await in_account(accounts.RENT) == inr(1_200)
    await assert_integrity()


async def test_taking_back_at_once_takes_back_once() -> None:
    accountant = an_accountant()
    revenue = await a_posted_revenue(accountant)
    acts = (reverse_revenue(accountant, revenue_id=revenue.id, reason="Bounced") for _ in range(6))
    outcomes = await outcomes_of(acts)
    assert sum(isinstance(outcome, NotPosted) for outcome in outcomes) == 5
    assert await in_account(CASH) == inr(0)
    await assert_integrity()


async def test_others_keep_out() -> None:
    accountant = an_accountant()
    drafted = await a_drafted_expense(accountant)
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await a_drafted_expense(an_investor())
        with pytest.raises(Forbidden):
            await post_expense(an_investor(), expense_id=drafted.id)
        with pytest.raises(Forbidden):
            await queries.expenses(an_investor(), PageRequest())
        with pytest.raises(ExpenseNotFound):
            await post_expense(accountant, expense_id=new_id())
        revenue = post_revenue(accountant, revenue_id=drafted.id)
        with pytest.raises(Exception, match="no such thing"):
            await revenue
    assert await queries.expenses_by_id(an_investor(), [drafted.id]) == {}


async def test_expenses_are_found_by_what_they_are() -> None:
    accountant = an_accountant()
    rent = await a_posted_expense(accountant)
    travel = await a_drafted_expense(
        accountant,
        amount=Money.of(80, "KES"),
        category_account_id=id_of(accounts.TRAVEL, "KES"),
        paid_from_account_id=id_of(CASH, "KES"),
        description="Bus to Nakuru",
        dated_on=clock.today() - timedelta(days=10),
    )
    await a_posted_revenue(accountant)

    async def found(**wanted: Any) -> list[Any]:
        page = await queries.expenses(accountant, PageRequest(), queries.VoucherFilter(**wanted))
        return [row.id for row in page.rows]

    assert await found() == [travel.id, rent.id]
    assert await found(states=[VoucherState.POSTED]) == [rent.id]
    assert await found(until=clock.today() - timedelta(days=1)) == [travel.id]
    assert await found(since=clock.today()) == [rent.id]
    assert await found(account_id=id_of(BANK)) == [rent.id]
    assert await found(search="nakuru") == [travel.id]
    assert await found(created_by=new_id()) == []
    assert list(await queries.expenses_by_id(accountant, [rent.id, new_id()])) == [rent.id]
    for nonsense in ("a\x00b", "x" * 121):
        with pytest.raises(InvalidInput):
            await found(search=nonsense)


async def test_whoever_sees_one_branch_writes_for_it() -> None:
    nakuru, kisumu = await a_branch("Nakuru"), await a_branch("Kisumu")
    scopes = frozenset({Permission.ACCOUNTING_READ, Permission.ACCOUNTING_WRITE})
    key = dataclasses.replace(an_accountant(branch_id=nakuru.id), scopes=scopes)
    drafted = await a_drafted_expense(key)
    assert drafted.branch_id == nakuru.id
    elsewhere = await a_drafted_expense(an_accountant(), branch_id=kisumu.id)
    async with nothing_happens():
        with pytest.raises(BranchNotFound):
            await a_drafted_expense(key, branch_id=kisumu.id)
        with pytest.raises(ExpenseNotFound):
            await post_expense(key, expense_id=elsewhere.id)
        with pytest.raises(BranchNotFound):
            await a_drafted_expense(dataclasses.replace(key, branch_id=None))
    assert (await post_expense(key, expense_id=drafted.id)).state is VoucherState.POSTED
    seen = await queries.expenses(key, PageRequest())
    assert [row.id for row in seen.rows] == [drafted.id]
    await assert_integrity()


GUARDED = [
    ("update voucher set state = 'DRAFT' where state = 'POSTED'", "voucher_moves"),
    ("update voucher set amount_minor = 1 where state = 'POSTED'", "voucher_moves"),
    ("update voucher set state = 'REVERSED', reversal_id = entry_id, reversed_at = now(), reversed_by = created_by "
     "where state = 'POSTED'", "voucher_reversal_reverses"),
    ("update voucher set state = 'POSTED', posted_by = created_by, posted_at = now(), "
     "entry_id = (select id from journal_entry limit 1) where state = 'DRAFT'", "voucher_has_one_entry"),
    ("update voucher set state = 'VOIDED', amount_minor = 5 where state = 'DRAFT'", "voucher_terms_are_fixed"),
    ("update voucher set amount_minor = -5 where state = 'DRAFT'", "voucher_amount_is_positive"),
    ("update voucher set amount_minor = null where state = 'DRAFT'", "voucher_has_two_sides"),
    ("update voucher set party = ' ' where state = 'DRAFT'", "voucher_names_its_party"),
    ("update voucher set state = 'POSTED' where state = 'DRAFT'", "voucher_posted_names_its_entry"),
    ("update voucher set decided_by = created_by, decided_at = now() where state = 'DRAFT'", "voucher_maker_is_not_checker"),
    ("delete from voucher", "voucher_is_kept"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "constraint"), GUARDED)
async def test_the_database_guards_every_state(statement: str, constraint: str) -> None:
    accountant = an_accountant()
    await a_posted_expense(accountant)
    await a_drafted_expense(accountant)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await execute(statement)
    assert refused.value.constraint_name == constraint


async def test_an_entry_that_says_something_else_is_not_the_vouchers() -> None:
    accountant = an_accountant()
    revenue = await a_posted_revenue(accountant)
    drafted = await a_drafted_expense(accountant)
    await execute("alter table voucher drop constraint voucher_has_one_entry")
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="says what the voucher says"):
            await execute(
                "update voucher set state = 'POSTED', posted_by = created_by, posted_at = now(), entry_id = $1 "
                "where id = $2",
                revenue.entry_id,
                drafted.id,
            )
    finally:
        await execute("alter table voucher add constraint voucher_has_one_entry unique (entry_id)")
