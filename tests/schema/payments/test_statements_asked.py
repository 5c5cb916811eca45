"""Lists of reconciliation cost as many statements for many rows as for a few."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.unit_of_work import unit_of_work
from domain.payments.service.reconciling import bulk_reconcile
from tests.domain.payments.rules.factory import SOON, callback, kes
from tests.domain.payments.settling.factory import payments, write_claims
from tests.support.graphql import ask
from tests.support.people import an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

RESULTS = """
query ($first: Int) {
  reconciliationResults(first: $first) {
    nodes {
      sessionDetails { client } session { number client { name } } requestedBy { name }
      discrepancies { number waiting { amount } evidence { receipt } } evidence { channel }
    }
  }
}
"""
DISCREPANCIES = """
query ($first: Int) {
  discrepancies(first: $first) {
    nodes {
      number session { number } assignedTo { name } branch { name } possibleResolutions
      waiting { amount } commands { state } evidence { receipt }
    }
  }
}
"""


async def test_many_rows_cost_as_many_statements_as_few() -> None:
    admin = await an_actor(Role.ADMIN)
    made = await payments(12)
    with clock.clock_set_to(SOON):
        async with unit_of_work() as work:
            short: list[Any] = [
                (each, callback(receipt=f"TC51ABCD{place:02}", amount=kes(2_000))) for place, each in enumerate(made)
            ]
            await write_claims(work, short)
        await bulk_reconcile(admin, session_ids=[each.id for each in made])
    for document in (RESULTS, DISCREPANCIES):
        asked = {}
        for first in (2, 12):
            with statements() as seen:
                nodes = (await ask(admin, document, first=first))["nodes"]
            assert len(nodes) == first
            asked[first] = len(seen)
        assert asked[2] == asked[12] <= 12, document
