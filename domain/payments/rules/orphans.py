"""Which of our payments money may belong to that nobody knows: suggestions for a person, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.kit.money import Money
from domain.payments.rules.names import Likeness, likeness_of_names
from domain.payments.rules.phones import Agreement, Sender
from domain.payments.rules.references import likeness

MAX_SUGGESTIONS: Final = 5
LEAST_SCORE: Final = 30
"""Below this a suggestion would be a guess."""

FULL_SCORE: Final = 100
_AMOUNT, _REFERENCE, _PHONE, _TIME, _NAME = 40, 35, 15, 10, 10
_LIKE: Final = Decimal("0.6")
_NEAR_AMOUNT: Final = Decimal("0.01")
_SOON, _LATER = timedelta(hours=1), timedelta(days=1)


class Why(StrEnum):
    """What speaks for a suggestion, or against it."""

    SAME_AMOUNT = "SAME_AMOUNT"
    NEAR_AMOUNT = "NEAR_AMOUNT"
    SAME_REFERENCE = "SAME_REFERENCE"
    LIKE_REFERENCE = "LIKE_REFERENCE"
    SAME_PHONE = "SAME_PHONE"
    CONSISTENT_PHONE = "CONSISTENT_PHONE"
    DIFFERENT_PHONE = "DIFFERENT_PHONE"
    SAME_HOUR = "SAME_HOUR"
    SAME_DAY = "SAME_DAY"
    SAME_NAME = "SAME_NAME"
    LIKE_NAME = "LIKE_NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of either: the money that came, or a payment that is waited for."""

    key: str
    amount: Money
    at: datetime
    reference: str = ""
    sender: Sender | None = None
    name: str = ""
    """Who paid, or is to pay."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A payment that it may be, how much speaks for it of 100, and what."""

    key: str
    score: int
    reasons: tuple[Why, ...]


def suggest(orphan: Known, waiting: Iterable[Known], *, limit: int = MAX_SUGGESTIONS) -> list[Suggestion]:
    """The likeliest first, those equally likely nearest in time first. Money of another currency is never suggested."""
    found = [
        (_judge(orphan, each), abs(orphan.at - each.at))
        for each in waiting
        if each.amount.currency == orphan.amount.currency
    ]
    likely = [(suggestion, apart) for suggestion, apart in found if suggestion.score >= LEAST_SCORE]
    likely.sort(key=lambda pair: (-pair[0].score, pair[1], pair[0].key))
    return [suggestion for suggestion, _ in likely[:limit]]


def _judge(orphan: Known, payment: Known) -> Suggestion:
    judged = (
        _by_amount(orphan, payment),
        _by_reference(orphan, payment),
        _by_phone(orphan, payment),
        _by_time(orphan, payment),
        _by_name(orphan, payment),
    )
    score = sum(points for points, _ in judged)
    return Suggestion(payment.key, min(max(0, score), FULL_SCORE), tuple(why for _, why in judged if why))


def _by_amount(orphan: Known, payment: Known) -> tuple[int, Why | None]:
    apart = abs(orphan.amount.amount_minor - payment.amount.amount_minor)
    if apart == 0:
        return _AMOUNT, Why.SAME_AMOUNT
    near = apart <= payment.amount.amount_minor * _NEAR_AMOUNT
    return (_AMOUNT // 2, Why.NEAR_AMOUNT) if near else (0, None)


def _by_reference(orphan: Known, payment: Known) -> tuple[int, Why | None]:
    like = likeness(orphan.reference, payment.reference)
    if like == 1:
        return _REFERENCE, Why.SAME_REFERENCE
    return (int(_REFERENCE * like), Why.LIKE_REFERENCE) if like >= _LIKE else (0, None)


def _by_phone(orphan: Known, payment: Known) -> tuple[int, Why | None]:
    """A masked number that fits says less than one that is the same; another one speaks against it."""
    if orphan.sender is None or payment.sender is None:
        return 0, None
    match orphan.sender.agrees_with(payment.sender):
        case Agreement.SAME:
            return _PHONE, Why.SAME_PHONE
        case Agreement.CONSISTENT:
            return _PHONE * 2 // 3, Why.CONSISTENT_PHONE
        case Agreement.DIFFERENT:
            return -_PHONE, Why.DIFFERENT_PHONE
        case Agreement.UNKNOWN:
            return 0, None


def _by_time(orphan: Known, payment: Known) -> tuple[int, Why | None]:
    apart = abs(orphan.at - payment.at)
    if apart <= _SOON:
        return _TIME, Why.SAME_HOUR
    return (_TIME // 2, Why.SAME_DAY) if apart <= _LATER else (0, None)


def _by_name(orphan: Known, payment: Known) -> tuple[int, Why | None]:
    """A name says as much as the hour. Another name says nothing: people let others pay for them."""
    match likeness_of_names(orphan.name, payment.name):
        case Likeness.SAME:
            return _NAME, Why.SAME_NAME
        case Likeness.LIKE:
            return _NAME // 2, Why.LIKE_NAME
        case Likeness.NONE:
            return 0, None
