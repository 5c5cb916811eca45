"""When payments are looked at and tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.payments.rules.backoff import delay_s, full_delay_s, next_attempt_at
from domain.payments.rules.timing import callback_work_due_at

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


def test_a_callback_is_worked_on_two_seconds_later() -> None:
    assert callback_work_due_at(NOON) == NOON + timedelta(seconds=2)


def test_the_delays_double_up_to_the_cap() -> None:
    assert [full_delay_s(attempts) for attempts in range(1, 12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert full_delay_s(10**6) == 300


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_chance_takes_away_up_to_half(attempts: int, seed: int) -> None:
    delay = delay_s(attempts, Random(seed).random)
    assert full_delay_s(attempts) / 2 <= delay <= full_delay_s(attempts)
    assert next_attempt_at(NOON, attempts, Random(seed).random) == NOON + timedelta(seconds=delay)
