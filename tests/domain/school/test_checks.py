"""What holds of the school is noticed when it does not: each check names the fault that it is for."""

from __future__ import annotations

import pytest

from domain.school.verification import verify_fees, verify_figures
from tests.support.happenings import assert_integrity

pytestmark = pytest.mark.usefixtures("database")


async def test_nothing_is_wrong_with_nothing() -> None:
    await assert_integrity()
    assert await verify_fees() + await verify_figures() == []
