"""The page of defences: nothing is declared that no test proves, and it is what the marks say."""

from __future__ import annotations

import pytest

from tests.security import table
from tests.security.classes import ATTACKS


@pytest.fixture
def proofs(request: pytest.FixtureRequest) -> list[table.Proof]:
    """As this run has collected them, where it has collected all."""
    chosen, items = request.config.option, request.session.items
    narrowed = chosen.keyword or chosen.markexpr or any("::" in each for each in request.config.args)
    if not narrowed and {item.path for item in items}.issuperset(table.marked_files()):
        return table.proofs_among(items)
    return table.proofs()


def test_every_defence_is_proved_and_the_page_says_by_what(proofs: list[table.Proof]) -> None:
    assert table.gaps(proofs) == []
    assert table.PAGE.read_text(encoding="utf-8") == table.page(proofs), "run: python -m tests.security.table"


def test_no_class_is_declared_twice() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
