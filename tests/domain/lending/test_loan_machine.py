"""A loan as a state machine: whatever is done to it in whatever order, its books, rows and figures follow from its facts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from domain.kit import clock
from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.lending.events import LoanUpdated
from domain.lending.models import Loan, LoanCharge, LoanTransaction
from domain.lending.rules.terms import (
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    InterestMethod,
    InterestPeriod,
    PrepaymentPolicy,
    Recalculation,
)
from domain.lending.service import (
    NewPlan,
    add_loan_charge,
    bring_up_to_date,
    change_rate,
    charge_back,
    charge_off_loan,
    disburse_loan,
    pause_delinquency,
    record_loan_repayment,
    record_recovery,
    refund_overpayment,
    request_reschedule,
    request_write_off,
    reschedule_loan,
    reverse_loan_repayment,
    undo_charge_off,
    undo_charge_waiver,
    waive_interest,
    waive_loan_charge,
    write_off_loan,
)
from domain.lending.states import PaymentChannel, RescheduleKind, TransactionKind
from domain.lending.verification import verify_loan
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loans import Office, a_running_loan, an_office, kes

pytestmark = pytest.mark.usefixtures("database")

T = TypeVar("T")
START = datetime(2030, 1, 31, 12, tzinfo=UTC)

FEE = ChargeRule(
    code="FEE", title="Fee", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL, value=Decimal(1)
)
SERVICE = ChargeRule(
    code="SERVICE", title="Service", time=ChargeTime.INSTALMENT, basis=ChargeBasis.FLAT, value=Decimal("1.25")
)
LATE = ChargeRule(
    code="LATE",
    title="Late",
    time=ChargeTime.OVERDUE_INSTALMENT,
    basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
    value=Decimal(2),
    penalty=True,
    grace_days=3,
)
PENAL = ChargeRule(
    code="PENAL",
    title="Penal interest",
    time=ChargeTime.OVERDUE_INSTALMENT,
    basis=ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST,
    value=Decimal(36),
    penalty=True,
    grace_days=3,
)
DAILY = {"interest_period": InterestPeriod.DAILY, "recalculation": Recalculation.DAILY}
PRODUCTS: list[dict[str, Any]] = [
    {"charges": (FEE, SERVICE, LATE)},
    {"charges": (LATE, PENAL), **DAILY},
    {"charges": (SERVICE,), "prepayment": PrepaymentPolicy.REDUCE_INSTALLMENT_AMOUNT, **DAILY},
    {"interest_method": InterestMethod.FLAT, "down_payment_percent": Decimal(10), "residual_tolerance": kes(2)},
]

TOLD = (
    "status", "approved_principal", "disbursed_amount", "principal_outstanding", "interest_outstanding", "fee_outstanding",
    "penalty_outstanding", "paid_amount", "waived_amount", "written_off_amount", "overpaid_amount", "recovered_amount",
    "next_due_on", "next_due_amount", "maturity_on", "disbursed_on", "charged_off_on", "written_off_on", "closed_on",
)  # fmt: skip
"""What the log alone says of a loan. How late it is follows from the day on which somebody asks."""

amounts = st.integers(1, 40_000) | st.integers(40_000, 100_000)
picks = st.integers(0, 1_000)


class LoanMachine(RuleBasedStateMachine):
    """One loan of 600 over six months, of which 400 are paid out at first. Refusals are as good as acts; errors are not."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stack = ExitStack()
        self.stack.enter_context(clock.clock_set_to(lambda: self.now))

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def attempt(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            self.wait(work)
        except DomainError:
            return
        finally:
            assert self.wait(verify_loan(self.loan_id)) == []

    @initialize(product=st.sampled_from(PRODUCTS))
    def pay_out(self, product: dict[str, Any]) -> None:
        self.wait(self._pay_out(product))

    async def _pay_out(self, product: dict[str, Any]) -> None:
        self.office: Office = await an_office()
        stated = {"principal": kes(600), "annual_rate": Decimal(24), "instalments": 6} | product
        loan = await a_running_loan(self.office, paid_out=kes(400), **stated)
        self.loan_id: UUID = loan.id

    @property
    def today(self) -> date:
        return self.now.date()

    @rule(days=st.integers(1, 45))
    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.attempt(bring_up_to_date(self.loan_id))

    @rule(amount=amounts, back=st.sampled_from([0, 0, 0, 5, 40]))
    def repay(self, amount: int, back: int) -> None:
        received_on = self.today - timedelta(days=back)
        self.attempt(
            record_loan_repayment(
                self.office.officer, loan_id=self.loan_id, amount=Money(amount, "KES"), received_on=received_on
            )
        )

    @rule(pick=picks, fee=st.booleans())
    def reverse(self, pick: int, fee: bool) -> None:
        self.attempt(self._reverse(pick, kes(10) if fee else None))

    async def _reverse(self, pick: int, fee: Money | None) -> None:
        if repayments := await self._repayments():
            chosen = repayments[pick % len(repayments)].id
            await reverse_loan_repayment(self.office.manager, transaction_id=chosen, reason="bounced", nsf_fee=fee)

    @rule(pick=picks, amount=st.none() | amounts)
    def take_back(self, pick: int, amount: int | None) -> None:
        self.attempt(self._take_back(pick, amount))

    async def _take_back(self, pick: int, amount: int | None) -> None:
        if repayments := await self._repayments():
            chosen = repayments[pick % len(repayments)].id
            money = None if amount is None else Money(amount, "KES")
            await charge_back(self.office.manager, transaction_id=chosen, amount=money)

    async def _repayments(self) -> list[LoanTransaction]:
        return await LoanTransaction.filter(
            loan_id=self.loan_id, kind=TransactionKind.REPAYMENT, reversed_at__isnull=True
        ).order_by("id")

    @rule(value=st.integers(1, 30), ahead=st.sampled_from([0, 0, 10, 200]), penalty=st.booleans())
    def charge(self, value: int, ahead: int, penalty: bool) -> None:
        self.attempt(
            add_loan_charge(
                self.office.manager,
                loan_id=self.loan_id,
                title="Visit",
                value=Decimal(value),
                due_on=self.today + timedelta(days=ahead),
                penalty=penalty,
            )
        )

    @rule(pick=picks, back=st.booleans())
    def waive(self, pick: int, back: bool) -> None:
        self.attempt(self._waive(pick, back))

    async def _waive(self, pick: int, back: bool) -> None:
        if charges := await LoanCharge.filter(loan_id=self.loan_id).order_by("key"):
            act = undo_charge_waiver if back else waive_loan_charge
            await act(self.office.manager, charge_id=charges[pick % len(charges)].id, reason="goodwill")

    @rule(amount=st.integers(1, 2_000))
    def waive_some_interest(self, amount: int) -> None:
        self.attempt(
            waive_interest(self.office.manager, loan_id=self.loan_id, amount=Money(amount, "KES"), reason="goodwill")
        )

    @rule(amount=st.none() | amounts)
    def refund(self, amount: int | None) -> None:
        money = None if amount is None else Money(amount, "KES")
        self.attempt(
            refund_overpayment(self.office.manager, loan_id=self.loan_id, amount=money, channel=PaymentChannel.CASH)
        )

    @rule(amount=st.none() | amounts)
    def pay_out_more(self, amount: int | None) -> None:
        money = None if amount is None else Money(amount, "KES")
        self.attempt(disburse_loan(self.office.admin, loan_id=self.loan_id, amount=money, channel=PaymentChannel.CASH))

    @rule(rate=st.integers(0, 40), ahead=st.sampled_from([-20, 0, 20]))
    def change(self, rate: int, ahead: int) -> None:
        on = self.today + timedelta(days=ahead)
        self.attempt(
            change_rate(
                self.office.manager, loan_id=self.loan_id, annual_rate=Decimal(rate), effective_on=on, reason="the bank"
            )
        )

    @rule(kind=st.sampled_from(RescheduleKind), extra=st.integers(0, 3), ahead=st.integers(1, 60))
    def replan(self, kind: RescheduleKind, extra: int, ahead: int) -> None:
        plan = NewPlan(
            kind=kind, from_on=self.today, extra_instalments=extra, annual_rate=Decimal(18),
            first_due_on=self.today + timedelta(days=ahead), instalments=3 + extra,
        )  # fmt: skip
        self.attempt(self._replan(plan))

    async def _replan(self, plan: NewPlan) -> None:
        await request_reschedule(self.office.manager, loan_id=self.loan_id, plan=plan, reason="the harvest failed")
        await reschedule_loan(self.office.admin, loan_id=self.loan_id)

    @rule(days=st.integers(0, 30))
    def pause(self, days: int) -> None:
        self.attempt(
            pause_delinquency(
                self.office.manager,
                loan_id=self.loan_id,
                starts_on=self.today,
                ends_on=self.today + timedelta(days=days),
                reason="flood",
            )
        )

    @rule(back=st.booleans())
    def charge_off(self, back: bool) -> None:
        act = undo_charge_off if back else charge_off_loan
        self.attempt(act(self.office.manager, loan_id=self.loan_id, reason="nobody answers"))

    @precondition(lambda self: self.now > START + timedelta(days=120))
    @rule(amount=amounts)
    def give_up(self, amount: int) -> None:
        self.attempt(self._give_up(amount))

    async def _give_up(self, amount: int) -> None:
        await request_write_off(self.office.manager, loan_id=self.loan_id, reason="gone")
        await write_off_loan(self.office.admin, loan_id=self.loan_id)
        await record_recovery(self.office.officer, loan_id=self.loan_id, amount=Money(amount, "KES"))

    def teardown(self) -> None:
        try:
            if hasattr(self, "loan_id"):
                self.wait(self._settled())
        finally:
            self.stack.close()

    async def _settled(self) -> None:
        loan = await Loan.get(id=self.loan_id)
        assert loan.overpaid_minor == 0 or loan.outstanding_minor == 0
        await assert_integrity("lending", "ledger")
        told = [logged.fact for logged in await events_so_far() if logged.name == LoanUpdated.name]
        last = next(fact.loan for fact in reversed(told) if fact.loan.id == loan.id)
        assert {name: getattr(last, name) for name in TOLD} == {name: getattr(loan, name) for name in TOLD}


async def test_a_loan_always_follows_from_its_facts() -> None:
    LoanMachine.loop = asyncio.get_running_loop()
    # A failure is told as it was found: to make it smaller would take minutes.
    profile = settings(
        max_examples=12,
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    await asyncio.to_thread(run_state_machine_as_test, LoanMachine, settings=profile)
