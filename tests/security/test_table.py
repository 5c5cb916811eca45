"""The page of defences: nothing is declared that no test proves, and it is what the marks say."""

from __future__ import annotations

from functools import cache

from tests.security import table
from tests.security.classes import ATTACKS


@cache
def proofs() -> list[table.Proof]:
    return table.proofs()


def test_every_defence_is_proved_on_every_way_in_that_it_names() -> None:
    assert table.gaps(proofs()) == []


def test_no_class_is_declared_twice() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_the_page_is_what_the_marks_say() -> None:
    assert table.PAGE.read_text(encoding="utf-8") == table.page(proofs()), "run: python -m tests.security.table"
