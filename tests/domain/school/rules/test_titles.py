"""Names of statistics: whole titles, titles that leave something out, and words that are none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.statistics import ATTENDANCE, MONEY, Key, Metric
from domain.school.rules.titles import BadTitle, Title
from tests.domain.school.rules.factory import FEW, ident

M = Metric
P3 = ident(3)
BY_CLASS = (M.CLASS_STUDENTS, M.CLASS_TEACHERS)
days = st.dates(date(1900, 1, 1))


def keys() -> st.SearchStrategy[Key]:
    """Of every kind that there is."""
    people = st.sampled_from([Key(M.STUDENTS), Key(M.TEACHERS), *(Key(metric, P3) for metric in BY_CLASS)])
    marks = st.builds(Key, st.sampled_from(list(ATTENDANCE.values())), st.just(P3), days)
    months = days.map(lambda day: day.replace(day=1))
    money = st.builds(Key, st.sampled_from(sorted(MONEY)), st.none(), months, st.sampled_from(["GHS", "KES"]))
    return people | marks | money


@FEW
@given(keys())
def test_a_title_is_read_as_it_was_written(key: Key) -> None:
    title = Title.parse(key.title)
    assert (title.metric, title.class_id, title.on, title.currency or "") == (key.metric, key.class_id, key.on, key.currency)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("class_students", Title(M.CLASS_STUDENTS)),
        ("fees_collected", Title(M.FEES_COLLECTED)),
        ("fees_collected:KES", Title(M.FEES_COLLECTED, currency="KES")),
        ("income:2026-03", Title(M.INCOME, on=date(2026, 3, 1))),
        ("attendance_late:2026-03-10", Title(M.ATTENDANCE_LATE, on=date(2026, 3, 10))),
    ],
)
def test_what_is_not_said_is_left_open(text: str, title: Title) -> None:
    assert Title.parse(text) == title


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "Students",
            "grades",
            "students:GHS",
            f"teachers:{P3}",
            "income:2026-3",
            "income:2026-13",
            "income:2026-03-10",
        ),
        *(
            "income:KES:2026-01",
            "income:kes",
            "attendance_late:2026-02-31",
            "attendance_late:2026-02",
            "income:",
            "attendance_late",
        ),
        *("income:٢٠٢٦-٠٣", "fees_collected:0000-01", f"class_students:{P3.hex}", "students:" + "9" * 10_000),
    ],
)
def test_other_words_are_no_titles(text: str) -> None:
    with pytest.raises(BadTitle) as refused:
        Title.parse(text)
    assert len(str(refused.value)) < 200
