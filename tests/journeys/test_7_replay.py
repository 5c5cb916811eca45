"""After all journeys the log alone says what every dashboard shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Journeys


@pytest.mark.timeout(300)
async def test_history_alone_comes_to_every_figure_that_is_shown(journeys: Journeys) -> None:
    await journeys.all_arrive()
    await journeys.road.settled()
    code, said = await journeys.road.place.daftari("replay", "--figures")
    assert code == 0, [line for line in said.splitlines() if line.startswith("DIFFERS")] or said[-3000:]
    assert "0 differ from what is shown" in said
