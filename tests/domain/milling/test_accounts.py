"""The sides of every entry balance, and say what happened in the field's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.ledger.chart import BANK
from domain.milling import accounts
from domain.milling.accounts import Side
from domain.milling.states import PaymentMethod


def summed(*sides: Side) -> dict[str, int]:
    sums: dict[str, int] = {}
    for side in sides:
        sums[side.account.name] = sums.get(side.account.name, 0) + side.amount_minor
    return {name: amount for name, amount in sums.items() if amount}


@pytest.mark.parametrize(
    "entry",
    [
        accounts.sold,
        accounts.taken_back,
        accounts.billed,
        accounts.overhead_absorbed,
        lambda amount: accounts.paid_to_supplier(BANK, amount),
        lambda amount: accounts.sent_back(amount, amount // 2),
    ],
)
@pytest.mark.parametrize("amount", [0, 1, 7, 10**15])
def test_every_entry_balances(entry: Callable[[int], list[Side]], amount: int) -> None:
    sides = entry(amount)
    assert sum(side.amount_minor for side in sides) == 0
    assert all(side.amount_minor for side in sides)
    assert bool(sides) == (amount != 0)


def test_a_sale_that_comes_back_leaves_its_two_incomes_and_nothing_receivable() -> None:
    assert summed(*accounts.sold(500), *accounts.taken_back(500)) == {"Sales": -500, "Sales Returns": 500}


def test_goods_that_were_billed_and_paid_are_owed_to_nobody() -> None:
    receipt = [Side(accounts.RAW_MATERIALS, 900), Side(accounts.NOT_BILLED, -900)]
    assert summed(*receipt, *accounts.billed(900), *accounts.paid_to_supplier(BANK, 900)) == {
        "Raw Materials": 900,
        "Bank": -900,
    }


def test_only_wallets_are_nobodys_drawer() -> None:
    assert set(PaymentMethod) - set(accounts.MONEY_AT) == {PaymentMethod.WALLET}
    assert all(account.is_cash for account in accounts.MONEY_AT.values())


def test_the_accounts_of_stock_take_no_entries_by_hand() -> None:
    assert all(account.by_process for account in accounts.STOCK_OF.values())
    assert len({account.code for account in accounts.STOCK_OF.values()}) == len(accounts.STOCK_OF)
