"""What people see: the browser tests of frontend-contract/e2e, on the app as it was built."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsers.stage import a_stage


@pytest.mark.timeout(420)
async def test_what_people_see_in_their_browsers(told_home: Path) -> None:
    async with a_stage(told_home) as stage:
        code, said = await stage.play()
    assert code == 0, said
