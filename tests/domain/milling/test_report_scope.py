"""A report tells of the documents that whoever asked for it may see, and of no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.milling.access import visible_productions
from tests.domain.lending.test_reports import rows_of
from tests.domain.reports.kinds import ask_for, made
from tests.support.milled import COMPLETED, a_mill, a_production
from tests.support.milling import a_warehouse
from tests.support.people import a_branch, an_actor

pytestmark = pytest.mark.usefixtures("database")


async def test_a_production_is_reported_to_the_branch_whose_it_is() -> None:
    mill, elsewhere = await a_mill(), await a_branch()
    depot, today = await a_warehouse("Depot", branch_id=elsewhere.id), clock.today()
    milled = await a_production(mill, up_to=COMPLETED, output_warehouse_id=depot.id)
    for branch, theirs in ((mill.branch, [milled.number]), (elsewhere, [])):
        keeper = await an_actor(Role.STOREKEEPER, branch_id=branch.id)
        report = await made(await ask_for(keeper, "mill_productions", from_date=today - timedelta(days=1), to_date=today))
        told = [row[1] for row in (await rows_of(keeper, report))[1:] if row[1]]
        assert told == theirs == [each.number for each in await visible_productions(keeper)]
