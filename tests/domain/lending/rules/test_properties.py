"""What holds of every loan, whatever its terms and whatever happened to it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kit.money import Money
from domain.lending.rules import payoff, quote, replay
from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import Components, InstalmentKind, LoanCondition, LoanState, PaymentKind
from domain.lending.rules.terms import (
    ALLOCATIONS,
    AllocationOrder,
    Amortisation,
    ChargeBasis,
    ChargeRule,
    ChargeTime,
    DayCount,
    FutureRule,
    Grace,
    InstalmentBasis,
    InterestMethod,
    InterestPeriod,
    InterestRounding,
    LoanTerms,
    PayoffInterest,
    PeriodUnit,
    PrepaymentPolicy,
    Recalculation,
    Rounding,
    RoundingMode,
)
from tests.domain.lending.rules import factory as make

START = date(2024, 1, 31)
CHARGES = (
    ChargeRule(
        code="SETUP", title="Setup", time=ChargeTime.DISBURSEMENT, basis=ChargeBasis.PERCENT_OF_PRINCIPAL, value=Decimal(1)
    ),
    ChargeRule(
        code="ROW",
        title="Service",
        time=ChargeTime.INSTALMENT,
        basis=ChargeBasis.PERCENT_OF_PRINCIPAL_AND_INTEREST,
        value=Decimal("1.5"),
    ),
    ChargeRule(
        code="LATE",
        title="Late",
        time=ChargeTime.OVERDUE_INSTALMENT,
        basis=ChargeBasis.PERCENT_OF_PRINCIPAL,
        value=Decimal(2),
        penalty=True,
        grace_days=3,
    ),
)
PENAL = ChargeRule(
    code="PENAL",
    title="Penal interest",
    time=ChargeTime.OVERDUE_INSTALMENT,
    basis=ChargeBasis.PERCENT_PER_YEAR_OF_OVERDUE_PRINCIPAL_AND_INTEREST,
    value=Decimal(36),
    penalty=True,
    grace_days=2,
)
FUTURE_RULES = [AllocationOrder(future_rule=rule) for rule in FutureRule]


@st.composite
def any_terms(draw: st.DrawFn) -> LoanTerms:
    method = draw(st.sampled_from(InterestMethod))
    recalculation = Recalculation.NONE if method is InterestMethod.FLAT else draw(st.sampled_from(Recalculation))
    instalments = draw(st.integers(1, 9))
    grace = Grace(
        draw(st.integers(0, min(2, instalments - 1))),
        draw(st.integers(0, min(2, instalments - 1))),
        draw(st.integers(0, min(2, instalments))),
    )
    return LoanTerms(
        principal=Money(draw(st.integers(100, 5_000_000)), "INR"),
        annual_rate=draw(st.sampled_from([Decimal(0), Decimal("7"), Decimal("9.4822"), Decimal("36"), Decimal("180")])),
        instalments=instalments,
        unit=draw(st.sampled_from(PeriodUnit)),
        every=draw(st.sampled_from([1, 2, 15])),
        interest_method=method,
        amortisation=draw(st.sampled_from(Amortisation)),
        interest_period=draw(st.sampled_from(InterestPeriod)),
        instalment_basis=draw(st.sampled_from(InstalmentBasis)),
        interest_rounding=draw(st.sampled_from(InterestRounding)),
        day_count=draw(st.sampled_from(DayCount)),
        rounding=Rounding(
            draw(st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(5)])), draw(st.sampled_from(RoundingMode))
        ),
        grace=grace,
        down_payment_percent=draw(st.sampled_from([Decimal(0), Decimal(0), Decimal(25)])),
        recalculation=recalculation,
        prepayment=draw(st.sampled_from(PrepaymentPolicy)),
        payoff_interest=draw(st.sampled_from(PayoffInterest)),
        allocation=draw(st.sampled_from([*ALLOCATIONS.values(), *FUTURE_RULES])),
        charges=draw(st.sampled_from([(), CHARGES, (*CHARGES, PENAL)])),
    )


@st.composite
def any_facts(draw: st.DrawFn, loan: LoanTerms) -> list[AnyFact]:
    """A payout and up to nine things that happen after it, in date order."""
    total = loan.principal.amount_minor
    facts: list[Any] = [make.disbursed(START, loan.principal.amount)]
    on = START
    for _ in range(draw(st.integers(0, 9))):
        on += timedelta(days=draw(st.integers(0, 40)))
        amount = Decimal(draw(st.integers(1, total))) / 100
        payments = [fact for fact in facts if type(fact).__name__ == "Repaid"]
        kind = draw(st.integers(0, 13))
        if kind <= 5:
            facts.append(
                make.repaid(on, amount / draw(st.sampled_from([1, 3, 8])) // Decimal("0.01") * Decimal("0.01") or amount)
            )
        elif kind == 6:
            facts.append(make.charged(on, 10, due_on=on + timedelta(days=draw(st.integers(0, 200)))))
        elif kind == 7:
            facts.append(make.rate_changed(on, draw(st.sampled_from(["0", "5", "24"]))))
        elif kind == 8:
            facts.append(make.disbursed(on, amount))
        elif kind == 9 and payments:
            facts.append(make.charged_back(on, payments[-1], Decimal(payments[-1].amount_minor) / 100))
        elif kind == 10:
            facts.append(make.interest_waived(on, 3))
        elif kind == 11:
            moved = draw(st.sampled_from([None, on + timedelta(days=70)]))
            extra = draw(st.integers(0, 3))
            facts.append(make.rescheduled(on, on, new_due_on=moved, extra_instalments=extra))
        elif kind == 12:
            facts.append(draw(st.sampled_from([make.reamortised(on), make.reaged(on, on + timedelta(days=20), 4)])))
        else:
            charges = [fact for fact in facts if type(fact).__name__ == "ChargeAdded"]
            facts += [make.charge_waived(on, str(charges[-1].id))] if charges else [make.refunded(on, 1)]
    return facts


cases = any_terms().flatmap(lambda loan: st.tuples(st.just(loan), any_facts(loan)))


def assert_sound(loan: LoanTerms, state: LoanState) -> None:
    for row in state.instalments:
        for part in (row.due, row.paid, row.waived, row.written_off, row.unpaid):
            assert min(part.principal, part.interest, part.fee, part.penalty) >= 0, row
        assert row.completed_on is None or not row.unpaid
        assert row.balance_after >= 0
    assert [row.number for row in state.instalments] == list(range(1, len(state.instalments) + 1))
    assert state.instalments[-1].balance_after == 0
    assert Components.sum(row.due for row in state.instalments) == state.due
    assert state.outstanding == state.due - state.paid - state.waived - state.written_off
    parts = Components.sum(part.amounts for paid in state.payments for part in paid.parts)
    assert parts == state.paid
    for paid in state.payments:
        assert paid.total.total + paid.overpaid == paid.amount
    for row in state.instalments:
        charges = [charge for charge in state.charges if charge.instalment == row.number]
        assert sum(charge.amount for charge in charges) == row.due.fee + row.due.penalty
        assert sum(charge.paid for charge in charges) == row.paid.fee + row.paid.penalty
        assert all(charge.unpaid >= 0 for charge in charges)
    assert not (state.overpaid and state.outstanding)
    assert state.accrued_interest >= 0
    received = sum(paid.amount for paid in state.payments if paid.kind is PaymentKind.REPAYMENT)
    used = sum(paid.total.total for paid in state.payments if paid.kind is not PaymentKind.DEDUCTION)
    owed_again = state.due.principal - state.disbursed
    assert 0 <= owed_again <= state.charged_back + state.refunded
    assert received == used + state.overpaid + state.charged_back + state.refunded - owed_again


@given(any_terms(), st.dates(date(2023, 1, 1), date(2028, 12, 31)))
@settings(max_examples=40, deadline=None)
def test_a_quote_repays_exactly_what_was_paid_out(loan: LoanTerms, on: date) -> None:
    offer = quote(loan, on)
    assert sum(row.due.principal for row in offer.instalments) == loan.principal.amount_minor
    assert offer.instalments[-1].balance_after == 0
    assert offer.total_payable == offer.principal + offer.total_interest + offer.total_fees
    assert offer.apr >= 0


@given(any_terms())
@settings(max_examples=40, deadline=None)
def test_the_quote_is_the_schedule_that_is_booked(loan: LoanTerms) -> None:
    booked = replay(loan, [make.disbursed(START, loan.principal.amount)], START)
    assert booked.instalments == quote(loan, START).instalments


@given(cases, st.integers(0, 400))
@settings(max_examples=80, deadline=None)
def test_every_state_is_sound(case: tuple[LoanTerms, list[AnyFact]], later: int) -> None:
    loan, facts = case
    assert_sound(loan, replay(loan, facts, facts[-1].on + timedelta(days=later)))


@given(cases, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_facts_are_handed_over_does_not_matter(
    case: tuple[LoanTerms, list[AnyFact]], random: Random
) -> None:
    loan, facts = case
    shuffled = list(facts)
    random.shuffle(shuffled)
    as_of = facts[-1].on + timedelta(days=50)
    assert replay(loan, shuffled, as_of) == replay(loan, facts, as_of)


@given(cases)
@settings(max_examples=30, deadline=None)
def test_undoing_the_last_fact_gives_the_state_before_it(case: tuple[LoanTerms, list[AnyFact]]) -> None:
    loan, facts = case
    as_of = facts[-1].on
    before = replay(loan, facts[:-1], as_of)
    replay(loan, facts, as_of)
    undone = [fact for fact in facts if fact is not facts[-1]]
    assert replay(loan, undone, as_of) == before


@given(cases)
@settings(max_examples=50, deadline=None)
def test_paid_rows_never_change(case: tuple[LoanTerms, list[AnyFact]]) -> None:
    loan, facts = case
    for length in range(1, len(facts)):
        before = replay(loan, facts[:length], facts[length].on)
        after = replay(loan, facts[: length + 1], facts[length].on)
        kept = {
            (row.kind, row.from_on, row.due_on, row.due, row.paid, row.waived, row.completed_on) for row in after.instalments
        }
        for row in before.instalments:
            if row.is_complete and row.due:
                assert (row.kind, row.from_on, row.due_on, row.due, row.paid, row.waived, row.completed_on) in kept


@given(cases, st.integers(0, 90))
@settings(max_examples=50, deadline=None)
def test_a_pay_off_leaves_nothing(case: tuple[LoanTerms, list[AnyFact]], later: int) -> None:
    loan, facts = case
    on = facts[-1].on + timedelta(days=later)
    quoted = payoff(loan, facts, on)
    if quoted.amounts.total == 0:
        return
    paid = make.repaid(on, Decimal(quoted.amounts.total) / 100)
    state = replay(loan, [*facts, paid], on)
    assert not state.outstanding
    assert state.condition in (LoanCondition.CLOSED, LoanCondition.OVERPAID)
    assert state.payments[-1].total == quoted.amounts
    assert_sound(loan, state)


@given(cases, st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_a_write_off_gives_up_all_that_is_unpaid(case: tuple[LoanTerms, list[AnyFact]], later: int) -> None:
    loan, facts = case
    on = facts[-1].on + timedelta(days=later)
    state = replay(loan, [*facts, make.written_off(on), make.repaid(on, 5), make.recovered(on, 7)], on + timedelta(days=99))
    assert state.condition is LoanCondition.WRITTEN_OFF
    assert not state.outstanding
    assert state.recovered == 700
    assert_sound(loan, state)


@given(st.dates(date(2023, 1, 1), date(2030, 1, 1)), st.integers(1, 3), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_month_ends_never_drift(on: date, every: int, instalments: int) -> None:
    rows = quote(make.terms(5_000, "12", instalments, every=every), on).instalments
    for place, row in enumerate(rows, start=1):
        months = on.month - 1 + place * every
        assert (row.due_on.year, row.due_on.month) == (on.year + months // 12, months % 12 + 1)
        following = row.due_on + timedelta(days=1)
        assert row.due_on.day == on.day or (row.due_on.day < on.day and following.day == 1)
    assert all(row.kind is InstalmentKind.NORMAL for row in rows)
