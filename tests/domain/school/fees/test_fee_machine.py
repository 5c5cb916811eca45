"""Fees as a state machine: whatever is done to them in whatever order, the books have what is paid of each, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.kit.money import Money
from domain.school.errors import FeeChangedMeanwhile
from domain.school.models import SchoolFee, SchoolTransaction
from domain.school.rules.fees import Figures
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.verification import verify_fees
from tests.support.happenings import assert_integrity
from tests.support.school import School, a_pupil, a_school
from tests.support.school_fees import charged, corrected, paid

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")

amounts = st.integers(1, 400_000) | st.sampled_from([100_000, 100_001])


def ghs(minor: int) -> Money:
    return Money(minor, "GHS")


class FeeMachine(RuleBasedStateMachine):
    """``said`` is what each fee should be by what was done to it: what is due, and what is paid."""

    loop: asyncio.AbstractEventLoop
    school: School
    fees: Bundle[SchoolFee] = Bundle("fees")

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, tuple[int, int]] = {}
        self.version: dict[str, int] = {}

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    @initialize()
    def enrol(self) -> None:
        self.student = self.wait(a_pupil(self.school))

    def keep(self, fee: SchoolFee, due: int, paid_minor: int) -> None:
        self.said[fee.number], self.version[fee.number] = (due, paid_minor), fee.version

    @rule(target=fees, due=st.just(0) | amounts, part=st.none() | amounts)
    def add(self, due: int, part: int | None) -> SchoolFee:
        fee = self.wait(charged(self.school.bursar, self.student, ghs(due), None if part is None else ghs(part)))
        self.keep(fee, due, part or 0)
        return fee

    @rule(fee=fees, amount=amounts)
    def pay(self, fee: SchoolFee, amount: int) -> None:
        due, had = self.said[fee.number]
        self.keep(self.wait(paid(self.school.bursar, fee, ghs(amount))).fee, due, had + amount)

    @rule(fee=fees, amount=st.just(0) | amounts)
    def correct(self, fee: SchoolFee, amount: int) -> None:
        due, _ = self.said[fee.number]
        settled = self.wait(corrected(self.school.bursar, fee, ghs(amount), expected_version=self.version[fee.number]))
        self.keep(settled.fee, due, amount)

    @rule(fee=fees, due=st.just(0) | amounts, amount=st.none() | amounts)
    def change(self, fee: SchoolFee, due: int, amount: int | None) -> None:
        edits = FeeEdits(amount_due=ghs(due), amount_paid=None if amount is None else ghs(amount))
        _, had = self.said[fee.number]
        settled = self.wait(update_fee(self.school.bursar, fee_id=fee.id, edits=edits))
        self.keep(settled.fee, due, had if amount is None else amount)

    @rule(fee=fees, amount=amounts)
    def come_second(self, fee: SchoolFee, amount: int) -> None:
        """Somebody who read the fee before the last change, or will read it after the next."""
        with pytest.raises(FeeChangedMeanwhile):
            self.wait(corrected(self.school.bursar, fee, ghs(amount), expected_version=self.version[fee.number] + 1))

    @rule(fee=consumes(fees))
    def delete(self, fee: SchoolFee) -> None:
        self.wait(delete_fee(self.school.bursar, fee_id=fee.id))
        del self.said[fee.number]

    @precondition(lambda self: hasattr(self, "student"))
    @invariant()
    def the_books_follow(self) -> None:
        self.wait(self._the_books_follow())

    async def _the_books_follow(self) -> None:
        fees = {fee.number: fee for fee in await SchoolFee.filter(student_id=self.student.id)}
        live = await SchoolTransaction.filter(fee_id__in=[fee.id for fee in fees.values()], reversed_at__isnull=True)
        paid_of = {name: had for name, (_, had) in self.said.items() if had}
        assert sorted((row.reference, row.amount_minor) for row in live) == sorted(paid_of.items())
        figures = {name: Figures.of(ghs(due), ghs(had)) for name, (due, had) in self.said.items()}
        standing = {name: fee for name, fee in fees.items() if not fee.void}
        assert {name: fee.figures for name, fee in standing.items()} == figures
        assert all(fee.arrears_minor == fee.figures.arrears.amount_minor for fee in standing.values())
        assert await verify_fees() == []


async def test_the_books_have_what_is_paid_of_each_fee() -> None:
    FeeMachine.loop, FeeMachine.school = asyncio.get_running_loop(), await a_school()
    profile = settings(
        max_examples=3,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    await asyncio.to_thread(run_state_machine_as_test, FeeMachine, settings=profile)
    await assert_integrity("school", "ledger")
