"""A circuit breaker: whoever does not answer is left alone for a while, and then asked by one of us first.

Written here because it is this small: what PyPI offers either keeps its own clock, lets everybody through at once when the
pause is over, or has not been touched for years.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.payments.provider import CIRCUIT_OPEN, ProviderAway


class CircuitBreaker:
    """Opens after so many failures in a row. While it is open nobody gets through but, after the pause, one probe.

    Only :class:`ProviderAway` is a failure: whoever says no, or not so fast, is there.
    """

    def __init__(self, *, failures_to_open: int, open_for_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures_to_open
        self._open_for_s = open_for_s
        self._now = now
        self._failures = 0
        self._closed_again_at: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        return self._closed_again_at is not None

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Around one exchange; raises :class:`ProviderAway` when there shall be none."""
        probe = self._admit()
        try:
            yield
        except ProviderAway:
            self._note_failure()
            raise
        except Exception:
            self._note_answer()
            raise
        else:
            self._note_answer()
        finally:
            # Also when the probe was cancelled, which says nothing: the next one tries.
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._closed_again_at is None:
            return False
        left_s = self._closed_again_at - self._now()
        if left_s > 0 or self._probing:
            raise ProviderAway("the provider has not answered lately", code=CIRCUIT_OPEN, after_s=max(left_s, 0.0))
        self._probing = True
        return True

    def _note_failure(self) -> None:
        self._failures += 1
        if self._failures >= self._limit:
            self._closed_again_at = self._now() + self._open_for_s

    def _note_answer(self) -> None:
        self._failures = 0
        self._closed_again_at = None
