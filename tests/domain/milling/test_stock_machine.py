"""Stock as a state machine over the real database: whatever is booked, dated back and cancelled, everything agrees.

After every few steps the invariants of stock hold, the ledger has what the bins are worth, and a replay of all movements
comes to what is stored: what an act has broken no other one mends. What is refused leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from domain.kit.checks import every_check
from domain.kit.clock import clock_set_to
from domain.kit.database import fetch
from domain.kit.errors import DomainError
from domain.kit.unit_of_work import unit_of_work
from domain.ledger.chart import forget_known_accounts
from domain.milling.models import Item, Warehouse
from domain.milling.states import ItemCategory, MovementKind
from domain.milling.stock import Booked, release, reserve
from domain.milling.stock.rebuilding import rebuild
from domain.milling.verification import verify_stock
from tests.support.cleaning import empty_all_tables
from tests.support.happenings import assert_integrity
from tests.support.milling import (
    FIFO,
    a_document,
    a_warehouse,
    add_cost,
    an_item,
    booked,
    count_stock,
    issue,
    leg,
    receive,
    repack,
    send_back,
    stocked,
    take_back,
    taken_out,
    transfer,
)

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")
K = MovementKind

quantities = st.integers(1, 40_000).map(lambda milli: Decimal(milli).scaleb(-3))
amounts = st.integers(0, 100_000)
A_FEW = 4
hours_ago = st.one_of(st.none(), st.none(), st.integers(0, 60))
two = st.integers(0, 1)


async def broken() -> list[str]:
    """What does not hold of stock: the invariants of the mill alone, and its proof."""
    checks = [each for each in every_check() if each.domain == "milling"]
    found = [row[0] for row in await fetch(" union all ".join(f"({each.sql})" for each in checks))]
    return found + await verify_stock()


@dataclass
class Act:
    """Something that was booked, and whether it was cancelled."""

    booked: Booked
    cancelled: bool = False


class StockMachine(RuleBasedStateMachine):
    """Two items (oldest first, and an average that may go under zero) in two warehouses."""

    loop: asyncio.AbstractEventLoop
    now: datetime

    def __init__(self) -> None:
        super().__init__()
        type(self).now = datetime(2026, 3, 10, tzinfo=UTC)
        self.items: list[Item] = []
        self.warehouses: list[Warehouse] = []
        self.acts: dict[str, list[Act]] = {}
        self.held: list[Any] = []
        self.steps = 0
        self.wait(self._begin())

    async def _begin(self) -> None:
        self.items = [
            await an_item("Wheat", valuation_method=FIFO, reorder_level=Decimal(10)),
            await an_item("Flour", allow_negative=True, category=ItemCategory.FINISHED, reorder_level=Decimal(5)),
        ]
        self.warehouses = [await a_warehouse(capacity_kg=Decimal(100)), await a_warehouse()]
        for item in self.items:
            await stocked(item, self.warehouses[0], 20, 1_999)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def at(self, ago: int | None) -> datetime | None:
        return None if ago is None else self.now - timedelta(hours=ago)

    def do(self, what: str, work: Coroutine[Any, Any, Booked]) -> None:
        """Book something, or see it refused."""
        type(self).now += timedelta(hours=1)
        with suppress(DomainError):
            self.acts.setdefault(what, []).append(Act(self.wait(work)))

    def one(self, what: str, which: int) -> Booked:
        """Something that was booked before; it may have been cancelled since, which is then refused or asserted."""
        acts = [act for act in self.acts[what] if not act.cancelled]
        return acts[which % len(acts)].booked

    def has(self, *kinds: str) -> bool:
        return any(not act.cancelled for what in kinds for act in self.acts.get(what, []))

    @rule(item=two, place=two, quantity=quantities, value=amounts, ago=hours_ago)
    def receive(self, item: int, place: int, quantity: Decimal, value: int, ago: int | None) -> None:
        self.do("receipt", receive(self.items[item], self.warehouses[place], quantity, value, at=self.at(ago)))

    @rule(item=two, place=two, quantity=quantities, ago=hours_ago)
    def deliver(self, item: int, place: int, quantity: Decimal, ago: int | None) -> None:
        self.do("delivery", issue(self.items[item], self.warehouses[place], quantity, at=self.at(ago)))

    @rule(item=two, place=two, quantity=quantities, ago=hours_ago)
    def transfer(self, item: int, place: int, quantity: Decimal, ago: int | None) -> None:
        source, target = self.warehouses[place], self.warehouses[1 - place]
        self.do("transfer", transfer(self.items[item], source, target, quantity, at=self.at(ago)))

    @rule(item=two, place=two, quantity=quantities, ago=hours_ago)
    def count(self, item: int, place: int, quantity: Decimal, ago: int | None) -> None:
        self.do("count", count_stock(self.items[item], self.warehouses[place], quantity, at=self.at(ago)))

    @rule(item=two, place=two, quantity=quantities, more=st.booleans(), ago=hours_ago)
    def adjust(self, item: int, place: int, quantity: Decimal, more: bool, ago: int | None) -> None:
        signed = quantity if more else -quantity
        self.do("adjustment", booked(leg(self.items[item], self.warehouses[place], K.ADJUSTMENT, signed), at=self.at(ago)))

    @rule(source=two, place=two, quantity=quantities, out=quantities, by=quantities, overhead=amounts, ago=hours_ago)
    def repack(
        self, source: int, place: int, quantity: Decimal, out: Decimal, by: Decimal, overhead: int, ago: int | None
    ) -> None:
        inputs = [(self.items[source], quantity)]
        outputs = [(self.items[1 - source], out), (self.items[source], by)]
        act = repack(inputs, outputs, self.warehouses[place], overhead_minor=overhead, at=self.at(ago))
        self.do("repack", act)

    @precondition(lambda self: self.has("delivery"))
    @rule(which=st.integers(0, 20), part=st.integers(1, 4), ago=hours_ago)
    def bring_back(self, which: int, part: int, ago: int | None) -> None:
        """A part of a delivery comes back; parts of several returns may come to more, which the documents refuse."""
        sold = self.one("delivery", which)
        quantity = (-sold.moved[0].quantity * part / 8).quantize(Decimal("0.001"))
        at = self.at(ago)
        if quantity and (at is None or at >= sold.at):
            self.do("sale return", take_back(sold, quantity, at=at))

    @precondition(lambda self: self.has("receipt"))
    @rule(which=st.integers(0, 20), part=st.integers(1, 4), ago=hours_ago)
    def send_back(self, which: int, part: int, ago: int | None) -> None:
        got = self.one("receipt", which)
        quantity = (got.moved[0].quantity * part / 4).quantize(Decimal("0.001"))
        at = self.at(ago)
        if quantity and (at is None or at >= got.at):
            self.do("purchase return", send_back(got, quantity, at=at))

    @precondition(lambda self: self.has("receipt"))
    @rule(which=st.integers(0, 20), value=amounts)
    def add_cost(self, which: int, value: int) -> None:
        self.do("landed cost", add_cost(self.one("receipt", which), value))

    @precondition(lambda self: self.has(*self.acts))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        standing = [act for acts in self.acts.values() for act in acts if not act.cancelled]
        act = data.draw(st.sampled_from(standing), label="act")
        type(self).now += timedelta(hours=1)
        with suppress(DomainError):
            self.wait(taken_out(act.booked))
            act.cancelled = True

    @rule(item=two, place=two, quantity=quantities)
    def hold_back(self, item: int, place: int, quantity: Decimal) -> None:
        document, wanted = a_document(), {(self.items[item].id, self.warehouses[place].id): quantity}

        async def held() -> None:
            async with unit_of_work() as work:
                await reserve(work, document, wanted)

        with suppress(DomainError):
            self.wait(held())
            self.held.append(document)

    @precondition(lambda self: bool(self.held))
    @rule()
    def let_go(self) -> None:
        document = self.held.pop()

        async def released() -> None:
            async with unit_of_work() as work:
                await release(work, document)

        self.wait(released())

    @invariant()
    def everything_agrees(self) -> None:
        self.steps += 1
        if self.steps % A_FEW == 0:
            assert self.wait(broken()) == []

    def teardown(self) -> None:
        self.wait(assert_integrity("events", "ledger"))
        assert self.wait(broken()) == []
        assert self.wait(rebuild()) == 0
        assert self.wait(broken()) == []
        self.wait(empty_all_tables())
        forget_known_accounts()


async def test_stock_ledger_and_replay_agree_whatever_is_booked() -> None:
    StockMachine.loop = asyncio.get_running_loop()
    StockMachine.now = datetime(2026, 3, 10, tzinfo=UTC)
    profile = settings(
        max_examples=5, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    with clock_set_to(lambda: StockMachine.now):
        await asyncio.to_thread(run_state_machine_as_test, StockMachine, settings=profile)
