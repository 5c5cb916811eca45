"""The engine: a loan's state as a pure function of its terms and its facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.kit.errors import InvalidInput
from domain.lending.rules.apr import CashFlow, apr
from domain.lending.rules.assembly import assemble
from domain.lending.rules.book import Book
from domain.lending.rules.calendar import nominal_days, periods_per_year, step
from domain.lending.rules.facts import AnyFact, Disbursed
from domain.lending.rules.plan import project
from domain.lending.rules.prepayment import closing
from domain.lending.rules.state import Components, InstalmentKind, InstalmentState, LoanState, PaymentKind, Payoff, Quote
from domain.lending.rules.telling import advance, tell
from domain.lending.rules.terms import MAX_INSTALMENTS, LoanTerms

NO_FACT = UUID(int=0)


def quote(terms: LoanTerms, disbursed_on: date) -> Quote:
    """What the loan would cost if paid out in one sum on that day, and the schedule that would be booked."""
    payout = Disbursed(id=NO_FACT, on=disbursed_on, sequence=1, amount_minor=terms.principal.amount_minor)
    state = replay(terms, [payout], disbursed_on)
    rows = state.instalments
    normal = [row for row in rows if row.kind is InstalmentKind.NORMAL]
    _require_amortising(terms, normal)
    return Quote(
        disbursed_on=disbursed_on,
        instalments=rows,
        principal=state.disbursed,
        total_interest=state.due.interest,
        total_fees=state.due.fee + state.due.penalty,
        total_payable=state.due.total,
        regular_payment=_regular_payment(normal),
        apr=_apr_of(terms, state),
        maturity_on=normal[-1].due_on,
    )


def _require_amortising(terms: LoanTerms, rows: list[InstalmentState]) -> None:
    """A fixed instalment has to pay the loan off within the limits, and each row more than its interest."""
    if terms.fixed_instalment is None:
        return
    fixed = terms.fixed_instalment.amount_minor
    if len(rows) >= MAX_INSTALMENTS and rows[-1].due.principal + rows[-1].due.interest > fixed:
        raise InvalidInput("the instalment is too small to pay the loan off", field=("input", "fixedInstalment"))


def _regular_payment(rows: list[InstalmentState]) -> int:
    """The most frequent amount of a row; among equally frequent ones the earliest that repays principal."""
    amounts = [row.due.total for row in rows if row.due.principal] or [row.due.total for row in rows]
    return max(amounts, key=amounts.count)


def _apr_of(terms: LoanTerms, state: LoanState) -> Decimal:
    """From what the borrower gets and pays. Unit periods are the repayment periods; odd first days count by their share."""
    deducted = sum(paid.amount for paid in state.payments if paid.kind is PaymentKind.DEDUCTION)
    flows = [CashFlow(Decimal(0), state.disbursed - deducted)]
    normal = [row for row in state.instalments if row.kind is InstalmentKind.NORMAL]
    first = _first_period(terms, normal[0])
    flows += [CashFlow(first + place, -row.due.total) for place, row in enumerate(normal)]
    down = sum(row.due.total for row in state.instalments if row.kind is InstalmentKind.DOWN_PAYMENT)
    flows.append(CashFlow(Decimal(0), -down))
    return apr(flows, Decimal(periods_per_year(terms)) / terms.every)


def _first_period(terms: LoanTerms, row: InstalmentState) -> Decimal:
    if terms.first_due_on is None or terms.first_due_on == step(row.from_on, terms.every, terms.unit):
        return Decimal(1)
    return Decimal((row.due_on - row.from_on).days) / (terms.every * nominal_days(terms.unit))


def replay(terms: LoanTerms, facts: Iterable[AnyFact], as_of: date) -> LoanState:
    """The state at the end of the day ``as_of``. Facts come in any order; later ones than ``as_of`` are not looked at."""
    book = _told(terms, facts, as_of)
    if book.first_on is not None and book.written_off_on is None and book.projected_on != as_of:
        project(book, as_of)
    return assemble(book, as_of)


def _told(terms: LoanTerms, facts: Iterable[AnyFact], as_of: date) -> Book:
    """The book after all facts until the end of the day."""
    book = Book(terms)
    for fact in sorted(facts, key=lambda fact: (fact.on, fact.sequence, fact.id)):
        if fact.on > as_of:
            break
        if book.first_on is None and not isinstance(fact, Disbursed):
            continue
        tell(book, fact)
    if book.written_off_on is None:
        advance(book, as_of)
    return book


def payoff(terms: LoanTerms, facts: Iterable[AnyFact], on: date) -> Payoff:
    """What closes the loan on that day, by the terms' rule about interest. Without recalculation it is all outstanding."""
    told = sorted(facts, key=lambda fact: (fact.on, fact.sequence, fact.id))
    book = _told(terms, told, on)
    scheduled = replay(terms, told, on).outstanding
    if not book.is_daily or book.first_on is None or book.written_off_on is not None:
        return Payoff(on, on, scheduled, 0)
    end = closing(book, on)
    due = Components.sum(
        Components(*(row.unpaid_of(index) for index in range(4)))
        for row in (*book.rows[: book.closed], *(row for row in book.others if row.due_on <= on))
    )
    amounts = due + Components(end.principal, end.interest, end.fee, end.penalty)
    return Payoff(on, end.interest_until, amounts, max(0, scheduled.interest - amounts.interest))
