"""No package comes in whose licence nobody knows, or which would ask that Daftari itself be given away."""

from __future__ import annotations

import pytest

from tests.deploy import licences


def test_every_licence_is_known_and_fits() -> None:
    assert [each for each in licences.packages() if licences.refused(each.licence)] == []


def test_the_list_is_what_the_locks_say() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "run: python -m tests.deploy.licences"


@pytest.mark.parametrize(
    ("licence", "is_refused"),
    [
        ("MIT", False),
        ("(MIT OR GPL-3.0-only)", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("GPL-3.0-only", True),
        ("MIT AND AGPL-3.0-or-later", True),
        ("SEE LICENSE IN LICENSE.txt", True),
        ("", True),
    ],
)
def test_copyleft_and_riddles_are_refused(licence: str, is_refused: bool) -> None:
    assert licences.refused(licence) is is_refused
