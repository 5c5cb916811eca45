"""The one row of what the school chooses while it runs."""

from __future__ import annotations

from typing import Final

from domain.kit import clock
from domain.kit.unit_of_work import Work
from domain.school.models import SchoolSetting
from domain.school.models.money import THE_SETTING

# The defaults become a row when somebody first changes one of them.
_MAKE: Final = "insert into school_setting (id, updated_at) values ($1, $2) on conflict (id) do nothing"


async def locked_setting(work: Work) -> SchoolSetting:
    """The row, locked until the unit of work ends: whoever chooses something else at once does not undo this."""
    await work.execute(_MAKE, THE_SETTING, clock.now())
    return await SchoolSetting.select_for_update().get(id=THE_SETTING)
