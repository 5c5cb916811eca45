"""People look at what does not agree, deal with it at once and together, and find it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.kit.paging import PageRequest
from domain.payments.errors import (
    DiscrepancyNotFound,
    DiscrepancyNotResolved,
    DiscrepancyResolved,
    ReconcilerNotFound,
)
from domain.payments.models import Discrepancy
from domain.payments.queries.discrepancies import (
    DiscrepancyFilter,
    DiscrepancyOrder,
    discrepancies,
    discrepancies_by_id,
    discrepancies_of_payments,
    waiting_of_receipts,
)
from domain.payments.service.discrepancies import (
    assign_discrepancy,
    reopen_discrepancy,
    resolve_discrepancy,
)
from domain.payments.states import (
    Channel,
    DiscrepancyStatus,
    DiscrepancyType,
    Purpose,
    Resolution,
    Severity,
)
from tests.domain.payments.disagreeing import ADMIN, nobodys, orphan_beside, paid_short, refused, resolved, the
from tests.domain.payments.rules.factory import LATER, OTHER, RECEIPT, SOON, callback, confirmation, kes, taken_back
from tests.domain.payments.settling.factory import a_payment, books, told, told_of_nobody
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.people import a_user, an_actor, somebody
from tests.support.races import outcomes_of

pytestmark = pytest.mark.usefixtures("database")

R = Resolution
EVERYTHING = PageRequest(first=100)


async def test_of_two_who_deal_with_it_at_once_one_does() -> None:
    _, row = await paid_short()
    acts = [
        resolve_discrepancy(ADMIN, discrepancy_id=row.id, resolution=each, note="now")
        for each in (R.WRITTEN_OFF, R.ACCEPTED, R.WRITTEN_OFF, R.CORRECTED)
    ]
    outcomes = await outcomes_of(acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["Discrepancy", *["DiscrepancyResolved"] * 3]
    await assert_integrity()


async def test_a_receipt_is_given_to_one_payment_though_two_people_say_otherwise() -> None:
    one, two, row = await a_payment(prompted=False), await a_payment(prompted=False), await nobodys()
    acts = [
        resolve_discrepancy(ADMIN, discrepancy_id=row.id, resolution=R.MATCHED_BY_HAND, note="mine", payment_id=each.id)
        for each in (one, two)
    ]
    outcomes = await outcomes_of(acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["Discrepancy", "DiscrepancyResolved"]
    assert await books() == {"1210": 250_000, "2910": 250_000}
    await assert_integrity()


async def test_dealing_with_it_while_more_is_told() -> None:
    """A person and the provider are at the same payment at once: the books are right, whoever is first."""
    made, row = await paid_short()
    with clock.clock_set_to(LATER):
        outcomes = await outcomes_of(
            [
                resolve_discrepancy(ADMIN, discrepancy_id=row.id, resolution=R.ACCEPTED, note="now"),
                told(made, taken_back(kes(499), channel=Channel.QUERY)),
                told(made, confirmation(amount=kes(2_499))),
            ]
        )
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert (await books())["2910"] == 200_000
    await assert_integrity()


async def test_somebody_is_to_look_at_it() -> None:
    admin, clerk = await an_actor(Role.ADMIN, name="Grace Njeri"), await a_user(Role.ACCOUNTANT)
    _, row = await paid_short()
    for assignee in (clerk.id, new_id()):
        async with nothing_happens():
            with pytest.raises(ReconcilerNotFound):
                await assign_discrepancy(admin, discrepancy_id=row.id, assignee_id=assignee)
    taken = await assign_discrepancy(admin, discrepancy_id=row.id)
    assert (taken.status, taken.assigned_to) == (DiscrepancyStatus.ASSIGNED, admin.id)
    async with nothing_happens():
        assert (await assign_discrepancy(admin, discrepancy_id=row.id)).version == taken.version
    other = await a_user(Role.ADMIN)
    assert (await assign_discrepancy(admin, discrepancy_id=row.id, assignee_id=other.id)).assigned_to == other.id
    [first, second] = [each.fact for each in await events_so_far() if each.name == "payments.discrepancy_changed"]
    assert (first.discrepancy.assigned_to, second.discrepancy.assigned_to) == (admin.id, other.id)
    await resolved(row, R.WRITTEN_OFF)
    with pytest.raises(DiscrepancyResolved):
        await assign_discrepancy(admin, discrepancy_id=row.id)
    again = await reopen_discrepancy(admin, discrepancy_id=row.id, note="look again")
    assert (again.status, again.assigned_to, again.note) == (DiscrepancyStatus.OPEN, None, "look again")
    async with nothing_happens():
        with pytest.raises(DiscrepancyNotResolved):
            await reopen_discrepancy(admin, discrepancy_id=row.id, note="look again")


async def test_who_may_not_and_what_is_not_there() -> None:
    _, row = await paid_short()
    clerk, unknown = somebody(Role.ACCOUNTANT), new_id()
    why: dict[str, Any] = {"note": "why"}
    how = why | {"resolution": R.WRITTEN_OFF}
    for actor, found, refusal in ((clerk, row.id, Forbidden), (ADMIN, unknown, DiscrepancyNotFound)):
        async with nothing_happens():
            with pytest.raises(refusal):
                await assign_discrepancy(actor, discrepancy_id=found)
            with pytest.raises(refusal):
                await resolve_discrepancy(actor, discrepancy_id=found, **how)
            with pytest.raises(refusal):
                await reopen_discrepancy(actor, discrepancy_id=found, **why)
    for note in ("", "  ", "x" * 501, "a\x00b"):
        await refused(row, R.WRITTEN_OFF, InvalidInput, "1 to 500", note=note)


async def test_discrepancies_are_found_again() -> None:
    made, short = await paid_short()
    orphan_came = await orphan_beside()
    admin = await an_actor(Role.ADMIN)
    await assign_discrepancy(admin, discrepancy_id=short.id)
    filters: list[tuple[dict[str, Any], set[Any]]] = [
        ({}, {short.id, orphan_came.id}),
        ({"statuses": [DiscrepancyStatus.ASSIGNED]}, {short.id}),
        ({"statuses": [DiscrepancyStatus.OPEN, DiscrepancyStatus.ASSIGNED]}, {short.id, orphan_came.id}),
        ({"severities": [Severity.LOW]}, set()),
        ({"types": [DiscrepancyType.ORPHAN_TRANSACTION]}, {orphan_came.id}),
        ({"purposes": [Purpose.SERVICE_SESSION]}, {short.id}),
        ({"purposes": [Purpose.MILL_SALE]}, set()),
        ({"assignee_id": admin.id}, {short.id}),
        ({"payment_id": made.id}, {short.id}),
        ({"receipt": "tc61qwer3t "}, {orphan_came.id}),
        ({"receipt": "what"}, set()),
        ({"since": SOON + timedelta(seconds=1)}, set()),
        ({"until": SOON + timedelta(seconds=1)}, {short.id, orphan_came.id}),
    ]
    for wanted, found in filters:
        page = await discrepancies(ADMIN, EVERYTHING, DiscrepancyFilter(**wanted))
        assert {row.id for row in page.rows} == found, wanted
    assert set(await discrepancies_by_id(ADMIN, [short.id, new_id()])) == {short.id}
    assert [row.id for row in (await discrepancies_of_payments(ADMIN, [made.id]))[made.id]] == [short.id]
    assert await waiting_of_receipts(ADMIN, [RECEIPT, OTHER]) == {RECEIPT: kes(2_499), OTHER: kes(1_000)}
    clerk = somebody(Role.ACCOUNTANT)
    with pytest.raises(Forbidden):
        await discrepancies(clerk, EVERYTHING)
    assert await discrepancies_by_id(clerk, [short.id]) == {}
    assert await discrepancies_of_payments(clerk, [made.id]) == {}
    assert await waiting_of_receipts(clerk, [RECEIPT]) == {}


async def test_the_most_urgent_are_what_waits_longest_of_the_most_severe() -> None:
    made = await a_payment()
    await told(made, callback(after_s=590, receipt="TC71LATER1"), at=SOON + timedelta(minutes=9, seconds=31))
    late = await the(DiscrepancyType.LATE_CALLBACK, made)
    (_, first), second = await paid_short(OTHER), await orphan_beside_later()
    by_urgency: dict[str, Any] = {"order": DiscrepancyOrder.MOST_URGENT_FIRST}
    assert [row.id for row in (await discrepancies(ADMIN, EVERYTHING, **by_urgency)).rows] == [first.id, second.id, late.id]
    page = await discrepancies(ADMIN, PageRequest(first=1), **by_urgency)
    rest = await discrepancies(ADMIN, PageRequest(first=5, after=page.cursors[0]), **by_urgency)
    assert [row.id for row in rest.rows] == [second.id, late.id]
    with pytest.raises(InvalidInput, match="not a cursor of this list"):
        await discrepancies(ADMIN, PageRequest(first=5, after=page.cursors[0]))
    await resolved(first, R.WRITTEN_OFF)
    assert [row.id for row in (await discrepancies(ADMIN, EVERYTHING, **by_urgency)).rows] == [second.id, late.id]
    assert len((await discrepancies(ADMIN, EVERYTHING)).rows) == 3


async def orphan_beside_later() -> Discrepancy:
    await told_of_nobody(confirmation(amount=kes(1_000)), at=SOON + timedelta(seconds=5))
    return await the(DiscrepancyType.ORPHAN_TRANSACTION)
