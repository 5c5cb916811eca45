"""When payments are looked at and tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.backoff import delay_s, full_delay_s, next_attempt_at
from domain.payments.rules.timing import RECON_INTERVAL, Stuck, callback_work_due_at, to_check

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


def a_stuck(number: int, checked_at: datetime | None = None) -> Stuck:
    return Stuck(payment_id=UUID(int=number), since_at=NOON - timedelta(minutes=60 - number), checked_at=checked_at)


def test_a_callback_is_worked_on_two_seconds_later() -> None:
    assert callback_work_due_at(NOON) == NOON + timedelta(seconds=2)


def test_eleven_stuck_payments_are_ten_and_then_one() -> None:
    """Those of the first check have ended by the next, fifteen minutes later."""
    stuck = [a_stuck(number) for number in range(11)]
    first = to_check(reversed(stuck))
    assert first == stuck[:10]
    left = [each for each in stuck if each not in first]
    assert to_check(left) == stuck[10:]
    assert timedelta(minutes=15) == RECON_INTERVAL


def test_a_payment_that_stays_stuck_does_not_keep_others_from_their_turn() -> None:
    checked = [a_stuck(number, NOON) for number in range(10)]
    assert to_check([*checked, a_stuck(10)])[0] == a_stuck(10)


@given(st.integers(1, 60), st.integers(1, 12))
def test_everybody_has_a_turn(count: int, limit: int) -> None:
    stuck = {number: a_stuck(number) for number in range(count)}
    for round_ in range(-(-count // limit)):
        for each in to_check(stuck.values(), limit=limit):
            assert each.checked_at is None or len([1 for other in stuck.values() if other.checked_at is None]) < limit
            stuck[each.payment_id.int] = a_stuck(each.payment_id.int, NOON + round_ * RECON_INTERVAL)
    assert all(each.checked_at for each in stuck.values())


def test_the_delays_double_up_to_the_cap() -> None:
    assert [full_delay_s(attempts) for attempts in range(1, 12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert full_delay_s(10**6) == 300


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_chance_takes_away_up_to_half(attempts: int, seed: int) -> None:
    delay = delay_s(attempts, Random(seed).random)
    assert full_delay_s(attempts) / 2 <= delay <= full_delay_s(attempts)
    assert next_attempt_at(NOON, attempts, Random(seed).random) == NOON + timedelta(seconds=delay)
