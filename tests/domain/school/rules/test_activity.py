"""Recent activities: seven days, at most fifty, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.activity import BadWindow, Window
from tests.domain.school.rules.factory import FEW, ident

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Done:
    id: UUID
    at: datetime


def done(number: int, **ago: float) -> Done:
    return Done(ident(number), NOW - timedelta(**ago))


def test_the_newest_comes_first_and_what_is_older_than_seven_days_is_left_out() -> None:
    just_in, just_out = done(1, days=7), Done(ident(2), NOW - timedelta(days=7, microseconds=1))
    latest, same_moment = done(3, hours=1), done(4, hours=1)
    assert Window().of([just_in, just_out, latest, same_moment], NOW) == [same_moment, latest, just_in]
    assert Window(days=1).of([just_in, latest], NOW) == [latest]


def test_there_are_at_most_fifty() -> None:
    many = [done(number, minutes=number) for number in range(60)]
    assert Window().of(many, NOW) == many[:50]
    assert Window(limit=3).of(many, NOW) == many[:3]


def test_what_is_to_come_has_not_happened() -> None:
    assert Window().of([done(1, seconds=-1)], NOW) == []


@pytest.mark.parametrize(("days", "limit"), [(0, 50), (8, 50), (-1, 50), (7, 0), (7, 51), (7, -1), (10**9, 50)])
def test_windows_have_bounds(days: int, limit: int) -> None:
    with pytest.raises(BadWindow):
        Window(days, limit)


@FEW
@given(st.lists(st.integers(-10, 200), max_size=70), st.integers(1, 7), st.integers(1, 50))
def test_nothing_newer_is_left_out(hours: list[int], days: int, limit: int) -> None:
    known = [done(number, hours=each) for number, each in enumerate(hours)]
    shown = Window(days, limit).of(known, NOW)
    inside = [each for each in known if timedelta(0) <= NOW - each.at <= timedelta(days=days)]
    assert len(shown) == min(limit, len(inside))
    assert [each.at for each in shown] == sorted((each.at for each in inside), reverse=True)[:limit]
