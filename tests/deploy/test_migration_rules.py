"""New migrations keep what the version before them needs: deploy/upgrade.md says how a change goes in three versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.deploy.installations import ROOT

BEFORE_ANY_RELEASE: Final = frozenset({"notifications/0002_deliveries.sql"})
"""No version ran yet that could have missed what these took away."""

TAKES_AWAY: Final = re.compile(r"\b(drop column|drop table|rename (column|to)|set not null)\b", re.IGNORECASE)
SAYS_WHY: Final = re.compile(r"^\s*-- contract: \S.*\d+\.\d+", re.MULTILINE)
COMMENT: Final = re.compile(r"--.*")


def breaks_the_version_before(sql: str) -> bool:
    return bool(TAKES_AWAY.search(COMMENT.sub("", sql))) and not SAYS_WHY.search(sql)


def forward() -> dict[str, Path]:
    found = (path for path in (ROOT / "domain").glob("*/migrations/*.sql") if not path.name.endswith(".back.sql"))
    return {f"{path.parent.parent.name}/{path.name}": path for path in found}


def test_nothing_is_taken_from_a_version_that_runs() -> None:
    breaking = {name for name, path in forward().items() if breaks_the_version_before(path.read_text(encoding="utf-8"))}
    assert breaking - BEFORE_ANY_RELEASE == set(), "see deploy/upgrade.md"
    assert breaking >= BEFORE_ANY_RELEASE, "the list of exceptions only shrinks"


def test_each_can_be_taken_back() -> None:
    assert [name for name, path in forward().items() if not path.with_suffix(".back.sql").exists()] == []


@pytest.mark.parametrize(
    ("sql", "breaks"),
    [
        ("alter table loan add column note text;", False),
        ("alter table loan drop column note;", True),
        ("alter table loan alter column note set not null;", True),
        ("alter table loan rename column note to remark;", True),
        ("-- we do not drop column note yet", False),
        ("-- contract: since 0.4.0 nobody reads it\nalter table loan drop column note;", False),
        ("-- contract:\nalter table loan drop column note;", True),
    ],
)
def test_what_counts_as_taking_away(sql: str, breaks: bool) -> None:
    assert breaks_the_version_before(sql) is breaks
