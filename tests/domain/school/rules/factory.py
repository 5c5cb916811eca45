"""A school year as the rules see it."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from hypothesis import settings

from domain.school.rules.calendar import AcademicYear, Holiday, Span, Term

FEW: Final = settings(max_examples=30, deadline=None)
"""So many examples of each property: there are dozens of them, about small figures."""


def ident(number: int) -> UUID:
    return UUID(int=number)


def span(starts_on: str, ends_on: str) -> Span:
    return Span(date.fromisoformat(starts_on), date.fromisoformat(ends_on))


FIRST = Term(ident(1), "First Term", span("2025-09-09", "2025-12-18"))
SECOND = Term(ident(2), "Second Term", span("2026-01-08", "2026-04-01"))
THIRD = Term(ident(3), "Third Term", span("2026-05-05", "2026-07-31"))

YEAR = AcademicYear(
    id=ident(10),
    title="2025/26",
    span=span("2025-09-09", "2026-07-31"),
    terms=(FIRST, SECOND, THIRD),
    holidays=(
        Holiday("Christmas", span("2025-12-25", "2025-12-26")),
        Holiday("Independence Day", span("2026-03-06", "2026-03-06")),
    ),
)
"""Three terms from September to July, Mondays to Fridays."""
