"""The engine: a loan's state as a pure function of its terms and its facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.lending.rules.facts import AnyFact
from domain.lending.rules.state import LoanState, Payoff, Quote
from domain.lending.rules.terms import LoanTerms


def quote(terms: LoanTerms, disbursed_on: date) -> Quote:
    """What the loan would cost if paid out in one sum on that day, and the schedule that would be booked."""
    raise NotImplementedError


def replay(terms: LoanTerms, facts: Iterable[AnyFact], as_of: date) -> LoanState:
    """The state at the end of the day ``as_of``. Facts come in any order; later ones than ``as_of`` are not looked at."""
    raise NotImplementedError


def payoff(terms: LoanTerms, facts: Iterable[AnyFact], on: date) -> Payoff:
    """What closes the loan on that day, by the terms' rule about interest."""
    raise NotImplementedError
