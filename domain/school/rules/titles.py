"""What statistics are called: the title of one sum, or of several that are added up over what it does not say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Self, TypeVar
from uuid import UUID

from domain.school.rules.statistics import ATTENDANCE, MONEY, Key, Metric

T = TypeVar("T")

MAX_TITLE: Final = 80

_METRICS: Final = {metric.value.lower(): metric for metric in Metric}
_BY_CLASS: Final = frozenset({*ATTENDANCE.values(), Metric.CLASS_STUDENTS, Metric.CLASS_TEACHERS})

_CLASS: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d{2}", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)


class BadTitle(ValueError):
    """No statistic is called that."""


@dataclass(frozen=True, slots=True)
class Title:
    """Which sums somebody asks for by a name; what the name does not say is added up over."""

    metric: Metric
    class_id: UUID | None = None
    on: date | None = None
    currency: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The title of a sum, or one that says less: ``fees_collected:GHS``, ``attendance_late:2026-03-10``."""
        word, *rest = text[: MAX_TITLE + 1].split(":")
        metric = _METRICS.get(word)
        if metric is None:
            raise BadTitle(f"there is no statistic {word!r}")
        parts = _Parts(rest)
        class_id = parts.take(_CLASS, UUID) if metric in _BY_CLASS else None
        on = None
        if metric in ATTENDANCE.values():
            on = parts.take(_DAY, date.fromisoformat)
            if on is None:
                raise BadTitle(f"{word} is of a day, such as {word}:2026-03-10")
        elif metric in MONEY:
            on = parts.take(_MONTH, lambda month: date.fromisoformat(f"{month}-01"))
        currency = parts.take(_CURRENCY, str) if metric in MONEY else None
        parts.require_none_left(word)
        return cls(metric, class_id, on, currency)

    @property
    def key(self) -> Key:
        """Of the one sum that is left when the others are added up."""
        return Key(self.metric, self.class_id, self.on, self.currency or "")


class _Parts:
    """What follows the name of a metric, in its order; each part may be left out."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts

    def take(self, form: re.Pattern[str], read: Callable[[str], T]) -> T | None:
        """The next part, if it has this form."""
        if not self._parts or not form.fullmatch(self._parts[0]):
            return None
        part = self._parts.pop(0)
        try:
            return read(part)
        except ValueError as error:
            raise BadTitle(f"{part!r} is not in the calendar") from error

    def require_none_left(self, word: str) -> None:
        if self._parts:
            raise BadTitle(f"{self._parts[0]!r} says nothing about {word}")
