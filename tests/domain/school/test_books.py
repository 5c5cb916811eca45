"""Other income and expenses of the school: written down, changed by a reversal and a new row, deleted, and never a fee's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.accounting.models import FiscalPeriod
from domain.accounting.service.periods import close_fiscal_period, create_fiscal_year
from domain.identity.actor import SYSTEM
from domain.identity.errors import BranchNotFound
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.errors import Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.errors import AccountNotFound, AccountNotManual, PeriodClosed
from domain.school.errors import (
    FeeChannelNotPossible,
    FeeDayInvalid,
    TransactionChangedMeanwhile,
    TransactionNotFound,
)
from domain.school.models import SchoolTransaction, UserActivity
from domain.school.service.books import (
    TransactionEdits,
    TransactionTerms,
    add_expense,
    add_income,
    change_transaction,
    delete_transaction,
)
from domain.school.states import FeePaymentMethod, TransactionKind
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, known

pytestmark = pytest.mark.usefixtures("database")


def ghs(amount: int | str) -> Money:
    return Money.of(amount, "GHS")


def said(cedis: int | str = 200, **changes: Any) -> TransactionTerms:
    usual: dict[str, Any] = {"category": "Stationery", "description": "Chalk and paper", "amount": ghs(cedis)}
    return TransactionTerms(**(usual | changes))


async def balance(code: str) -> int:
    """In whole cedis, debits positive."""
    minor = await fetchval(
        """select coalesce(sum(h.amount_minor), 0)::bigint from ledger_account a join house_balance h on h.account_id = a.id
           where a.code = $1 and a.currency = 'GHS'""",
        code,
    )
    return int(minor) // 100


async def test_what_is_spent_and_what_comes_in() -> None:
    bursar = await known(Role.BURSAR, branch=await a_branch_row())
    spent = await add_expense(bursar, terms=said(account_code="5211", method=FeePaymentMethod.BANK, reference="Bill 17"))
    assert (spent.kind, spent.reference, spent.branch_id) == (TransactionKind.EXPENSE, "Bill 17", bursar.branch_id)
    given = await add_income(bursar, terms=said(500, category="Donations", description="From the old boys"))
    assert (given.kind, given.on_date, given.shares) == (TransactionKind.INCOME, clock.today(), {"4529": 500_00})
    assert given.reference.startswith("TXN-")
    assert [await balance(code) for code in ("5211", "1200", "4529", "1110")] == [200, -200, -500, 500]
    [first, second] = [each for each in await events_so_far() if each.name == "school.financial_transaction_changed"]
    assert (first.fact.change, first.fact.live.amount, first.fact.ended) == ("CREATED", ghs(200), None)
    assert second.fact.reference == given.reference
    activities = await UserActivity.all().order_by("at", "id")
    assert [(each.activity, each.actor_id) for each in activities] == [
        ("expense_added", bursar.id), ("income_added", bursar.id),
    ]  # fmt: skip
    await assert_integrity()


async def test_a_change_is_a_reversal_and_a_new_row() -> None:
    bursar = await known(Role.BURSAR, branch=await a_branch_row())
    day = clock.today() - timedelta(days=1)
    row = await add_expense(bursar, terms=said(on=day))
    changed = await change_transaction(bursar, transaction_id=row.id, edits=TransactionEdits(amount=ghs("250.50")))
    assert (changed.reference, changed.amount, changed.on_date, changed.revises_id) == (
        row.reference, ghs("250.50"), day, row.id,
    )  # fmt: skip
    before = await SchoolTransaction.get(id=row.id)
    assert (before.live, before.reversed_on, before.amount) == (False, day, ghs(200))
    async with nothing_happens():
        same = await change_transaction(bursar, transaction_id=changed.id, edits=TransactionEdits(category=" Stationery "))
        assert same.id == changed.id, "nothing differs"
        with pytest.raises(TransactionChangedMeanwhile):
            await change_transaction(bursar, transaction_id=row.id, edits=TransactionEdits(amount=ghs(1)))
        with pytest.raises(TransactionChangedMeanwhile):
            await delete_transaction(bursar, transaction_id=row.id)
    told = [each.fact for each in await events_so_far() if each.name == "school.financial_transaction_changed"][-1]
    assert (told.change, told.live.amount, told.ended.amount) == ("UPDATED", ghs("250.50"), ghs(200))
    gone = await delete_transaction(bursar, transaction_id=changed.id)
    assert (gone.live, await SchoolTransaction.filter(reversed_at__isnull=True).count()) == (False, 0)
    assert [await balance(code) for code in ("5290", "1110")] == [0, 0]
    await assert_integrity()


async def test_of_many_who_change_one_transaction_one_does() -> None:
    bursar = await known(Role.BURSAR, branch=await a_branch_row())
    row = await add_expense(bursar, terms=said())
    edits = [TransactionEdits(amount=ghs(amount)) for amount in (201, 202, 203)]
    acts = [change_transaction(bursar, transaction_id=row.id, edits=each) for each in edits]
    outcomes = await outcomes_of([*acts, delete_transaction(bursar, transaction_id=row.id)])
    assert [type(each) for each in outcomes].count(TransactionChangedMeanwhile) == 3
    assert await SchoolTransaction.filter(reversed_at__isnull=True).count() <= 1
    await assert_integrity()


async def test_a_closed_month_stays_as_it_is() -> None:
    bursar = await known(Role.BURSAR, branch=await a_branch_row())
    day = clock.today().replace(day=1) - timedelta(days=10)
    row, other = [await add_expense(bursar, terms=said(on=day)) for _ in range(2)]
    await create_fiscal_year(SYSTEM, starts_on=day.replace(day=1))
    closed = await FiscalPeriod.get(starts_on=day.replace(day=1))
    await close_fiscal_period(SYSTEM, period_id=closed.id)
    changed = await change_transaction(bursar, transaction_id=row.id, edits=TransactionEdits(amount=ghs(150)))
    assert changed.on_date == (await SchoolTransaction.get(id=row.id)).reversed_on == clock.today()
    assert (await delete_transaction(bursar, transaction_id=other.id)).reversed_on == clock.today()
    async with nothing_happens():
        with pytest.raises(PeriodClosed):
            await add_expense(bursar, terms=said(on=day))
        with pytest.raises(PeriodClosed):
            await change_transaction(bursar, transaction_id=changed.id, edits=TransactionEdits(on=day))
    await assert_integrity()


async def test_what_is_refused() -> None:
    bursar = await known(Role.BURSAR, branch=await a_branch_row())
    tomorrow = clock.today() + timedelta(days=1)
    refusals: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"amount": ghs(0)}, InvalidAmount),
        ({"amount": ghs(-5)}, InvalidAmount),
        ({"category": "  "}, InvalidInput),
        ({"category": "school  FEES"}, InvalidInput),
        ({"category": "x" * 81}, InvalidInput),
        ({"description": ""}, InvalidInput),
        ({"description": "bell\a"}, InvalidInput),
        ({"reference": "fee-1"}, InvalidInput),
        ({"on": tomorrow}, FeeDayInvalid),
        ({"on": date(1999, 12, 31)}, FeeDayInvalid),
        ({"method": FeePaymentMethod.MPESA}, FeeChannelNotPossible),
        ({"account_code": "9999"}, AccountNotFound),
        ({"account_code": "4529"}, AccountNotFound),
        ({"branch_id": new_id()}, BranchNotFound),
        ({"branch_id": (await a_branch_row()).id}, BranchNotFound),
    ]
    row, elsewhere = await add_expense(bursar, terms=said()), await known(Role.BURSAR, branch=await a_branch_row())
    async with nothing_happens():
        for changes, refusal in refusals:
            with pytest.raises(refusal):
                await add_expense(bursar, terms=said(**changes))
        with pytest.raises(AccountNotManual):
            await add_income(bursar, terms=said(account_code="4511"))
        for stranger in (somebody(Role.CASHIER), somebody(Role.REGISTRAR), somebody(Role.GUARDIAN)):
            with pytest.raises(Forbidden):
                await add_expense(stranger, terms=said())
        for actor, transaction_id in ((bursar, new_id()), (elsewhere, row.id)):
            with pytest.raises(TransactionNotFound):
                await delete_transaction(actor, transaction_id=transaction_id)
