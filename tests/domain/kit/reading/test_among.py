"""Rows that belong to what somebody may see are looked for among those that were asked for, and not among all of that."""

from __future__ import annotations

import pytest
from tortoise.expressions import Q

from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.kit.reading import RowsWith, lasting
from domain.kit.reading.shapes import among
from domain.lending import queries
from domain.lending.models import Loan
from tests.support.people import somebody
from tests.support.statements import statements

OF_LOANS = Q(loan_id__in=RowsWith(Loan, Q(currency="INR")))


@pytest.mark.usefixtures("database")
async def test_both_the_rows_and_what_they_belong_to_are_found_by_the_keys() -> None:
    keys = [new_id(), new_id()]
    with statements() as seen:
        assert await queries.instalments_of(somebody(Role.ADMIN), keys) == {}
    [statement] = seen
    assert '"loan_id"=ANY($1)' in statement.replace(" ", "")
    assert 'FROM"loan"WHERE"id"=ANY($2)AND' in statement.replace(" ", "")


def test_a_condition_that_lasts_is_narrowed_as_well() -> None:
    narrowed = among([1, 2], "loan_id", lasting(lambda actor: OF_LOANS)(somebody(Role.ADMIN)))
    within: object = narrowed.filters["loan_id__in"]
    assert isinstance(within, RowsWith)
    assert [condition.filters for condition in within.conditions] == [{"id__in": [1, 2]}, {"currency": "INR"}]


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(Q(currency="INR"), id="says nothing of other rows"),
        pytest.param(~OF_LOANS, id="is about the others"),
        pytest.param(OF_LOANS | Q(currency="INR"), id="is one of two"),
        pytest.param(Q(loan_id__in=RowsWith(Loan), currency="INR"), id="says more"),
        pytest.param(Q(id__in=RowsWith(Loan)), id="is about another column"),
    ],
)
def test_other_conditions_stay_as_they_are(seen: Q) -> None:
    assert among([1, 2], "loan_id", seen) is seen
