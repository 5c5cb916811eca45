"""The ledger as a state machine: whatever is posted, held, spent, released and reversed, a plain model agrees."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule, run_state_machine_as_test

from domain.identity.actor import SYSTEM
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger import queries
from domain.ledger.chart import BANK, WALLETS, house_account
from domain.ledger.errors import AlreadyReversed, HoldExceeded, HoldNotPending, InsufficientFunds
from domain.ledger.service import (
    credit,
    debit,
    end_holds,
    open_account,
    place_hold,
    post_entry,
    reverse_entry,
    spend_hold,
)
from tests.support.happenings import assert_integrity

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")
amounts = st.integers(1, 500)


def inr(minor: int) -> Money:
    return Money(minor, "INR")


class LedgerMachine(RuleBasedStateMachine):
    """Accounts of persons against one bank; the model is two dictionaries of whole numbers."""

    loop: asyncio.AbstractEventLoop

    accounts = Bundle("accounts")
    entries = Bundle("entries")
    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.balance: dict[UUID, int] = {}
        self.held: dict[UUID, int] = {}
        self.reversed: set[UUID] = set()
        self.bank_balance = 0

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def available(self, account: UUID) -> int:
        return self.balance[account] - self.held[account]

    @rule(target=accounts)
    def open(self) -> UUID:
        account = self.wait(open_account(WALLETS, name="Wallet", currency="INR", owner_id=new_id()))
        self.balance[account] = self.held[account] = 0
        return account

    @rule(target=entries, account=accounts, amount=amounts)
    def pay_in(self, account: UUID, amount: int) -> Any:
        entry = self.wait(self._post_from_bank(account, amount))
        self.balance[account] += amount
        self.bank_balance += amount
        return (entry, None, account, amount)

    async def _post_from_bank(self, account: UUID, amount: int) -> UUID:
        lines = [debit(await house_account(BANK, "INR"), inr(amount)), credit(account, inr(amount))]
        return (await post_entry(kind="t.in", description="in", lines=lines)).entry_id

    @rule(target=entries, source=accounts, to=accounts, amount=amounts)
    def transfer(self, source: UUID, to: UUID, amount: int) -> Any:
        lines = [debit(source, inr(amount)), credit(to, inr(amount))]
        posting = post_entry(kind="t.transfer", description="transfer", lines=lines)
        if source != to and self.available(source) < amount:
            with pytest.raises(InsufficientFunds):
                self.wait(posting)
            return multiple()
        entry = self.wait(posting).entry_id
        self.balance[source] -= amount
        self.balance[to] += amount
        return (entry, source, to, amount)

    @rule(entry=entries)
    def reverse(self, entry: tuple[UUID, UUID | None, UUID, int]) -> None:
        entry_id, source, to, amount = entry
        reversal = reverse_entry(entry_id, kind="t.reversal", description="reversal")
        if entry_id in self.reversed:
            with pytest.raises(AlreadyReversed):
                self.wait(reversal)
        elif source != to and self.available(to) < amount:
            with pytest.raises(InsufficientFunds):
                self.wait(reversal)
        else:
            self.wait(reversal)
            self.reversed.add(entry_id)
            self.balance[to] -= amount
            if source is None:
                self.bank_balance -= amount
            else:
                self.balance[source] += amount

    @rule(target=holds, account=accounts, amount=amounts)
    def hold(self, account: UUID, amount: int) -> Any:
        placing = place_hold(account_id=account, amount=inr(amount), description="hold")
        if self.available(account) < amount:
            with pytest.raises(InsufficientFunds):
                self.wait(placing)
            return multiple()
        self.held[account] += amount
        return (self.wait(placing).id, account, amount)

    @rule(hold=consumes(holds), to=accounts, amount=amounts)
    def spend(self, hold: tuple[UUID, UUID, int], to: UUID, amount: int) -> None:
        hold_id, account, held = hold
        lines = [debit(account, inr(amount)), credit(to, inr(amount))]
        spending = spend_hold(hold_id, inr(amount), kind="t.spend", description="spend", lines=lines)
        if amount > held:
            with pytest.raises(HoldExceeded):
                self.wait(spending)
            self.wait(end_holds([hold_id]))
        else:
            self.wait(spending)
            self.balance[account] -= amount
            self.balance[to] += amount
            with pytest.raises(HoldNotPending):
                self.wait(end_holds([hold_id]))
        self.held[account] -= held

    @rule(hold=consumes(holds))
    def release(self, hold: tuple[UUID, UUID, int]) -> None:
        hold_id, account, held = hold
        self.wait(end_holds([hold_id]))
        self.held[account] -= held

    @rule(account=accounts)
    def look(self, account: UUID) -> None:
        balance = self.wait(queries.account_balance(SYSTEM, account_id=account))
        assert (balance.posted, balance.held) == (inr(self.balance[account]), inr(self.held[account]))

    @invariant()
    def books_are_right(self) -> None:
        assert all(held >= 0 and self.balance[account] >= held for account, held in self.held.items())

    def teardown(self) -> None:
        for account in self.balance:
            self.look(account)
        self.wait(assert_integrity("events", "ledger"))
        if self.bank_balance:
            bank = self.wait(house_account(BANK, "INR"))
            assert self.wait(queries.account_balance(SYSTEM, account_id=bank)).posted.amount_minor >= 0


async def test_the_ledger_agrees_with_a_plain_model() -> None:
    LedgerMachine.loop = asyncio.get_running_loop()
    profile = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    await asyncio.to_thread(run_state_machine_as_test, LedgerMachine, settings=profile)
