"""High arrears: told of once when the threshold is crossed, whatever crosses it; and a threshold that changes."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from domain.identity.permissions import Role
from domain.kit.errors import DomainError, Forbidden
from domain.kit.paging import PageRequest
from domain.kit.unit_of_work import unit_of_work
from domain.school.errors import BadThreshold
from domain.school.jobs import arrears_watch
from domain.school.models import ArrearsAlert, SchoolFee, SchoolSetting
from domain.school.queries.alerts import arrears_alerts, arrears_threshold
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.service.thresholds import set_arrears_threshold
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.notices import work_off
from tests.support.people import somebody
from tests.support.school import a_branch_row, a_pupil, a_school
from tests.support.school_fees import charged, corrected, ghs, kes

pytestmark = pytest.mark.usefixtures("database")


async def moves(fee: SchoolFee) -> list[str]:
    """What was told of the alerts of a fee, in order."""
    told = [each for each in await events_so_far() if each.name.startswith("school.arrears_alert_")]
    return [each.name.removeprefix("school.arrears_alert_") for each in told if each.fact.fee.id == fee.id]


async def open_alerts() -> set[UUID]:
    return {alert.fee_id for alert in await ArrearsAlert.filter(cleared_at__isnull=True)}


async def test_each_crossing_is_told_of_once() -> None:
    """Up and down by money and by what is due; changes on one side of the threshold tell nobody anything."""
    school = await a_school()
    bursar, fee = school.bursar, await charged(school.bursar, await a_pupil(school), ghs("1000.00"))
    assert await moves(fee) == [], "exactly the threshold is not high"
    for due, paid, alerted in (
        ("1000.01", None, True),
        ("1500", None, True),
        (None, "499.99", True),
        (None, "500", False),
        (None, "500.01", False),
        ("1500.02", None, True),
        ("900", None, False),
        (None, "0", False),
        ("1001", None, True),
        (None, "1001", False),
        (None, "1", False),
        (None, "0", True),
    ):
        if paid is not None:
            fee = (await corrected(bursar, fee, ghs(paid))).fee
        else:
            edits = FeeEdits(amount_due=ghs(due or "0"))
            fee = (await update_fee(bursar, fee_id=fee.id, edits=edits)).fee
        assert (fee.arrears_alerted, (await open_alerts()) == {fee.id}) == (alerted, alerted)
    assert await moves(fee) == ["raised", "cleared"] * 3 + ["raised"]
    await delete_fee(bursar, fee_id=fee.id)
    assert (await moves(fee))[-1] == "cleared"
    assert await open_alerts() == set()
    await assert_integrity()


async def test_another_threshold_raises_and_clears() -> None:
    school = await a_school()
    bursar, pupil = school.bursar, await a_pupil(school)
    low, middle, high = [await charged(bursar, pupil, ghs(due)) for due in (400, 900, 1500)]
    abroad = await charged(bursar, pupil, kes(900))
    versions = {fee.id: fee.version for fee in (low, middle, high)}
    assert await arrears_threshold(bursar, "GHS") == ghs(1000)
    assert await set_arrears_threshold(bursar, amount=Decimal(400), currency="GHS") == ghs(400)
    await assert_integrity()  # What waits for the worker is no fault.
    await work_off()
    assert await open_alerts() == {middle.id, high.id}, "exactly the threshold is not high, and other currencies stay"
    assert [await moves(fee) for fee in (low, middle, high, abroad)] == [[], ["raised"], ["raised"], []]
    await set_arrears_threshold(bursar, amount=Decimal("1500"), currency="GHS")
    await set_arrears_threshold(bursar, amount=Decimal("0"), currency="KES")
    await work_off()
    assert await open_alerts() == {abroad.id}
    assert [await moves(fee) for fee in (low, middle, high)] == [[], ["raised", "cleared"], ["raised", "cleared"]]
    assert {fee.id: fee.version for fee in await SchoolFee.filter(currency="GHS")} == versions, "no fee has changed"
    alerts = await ArrearsAlert.filter(fee_id=middle.id)
    assert [(each.arrears, each.threshold) for each in alerts] == [(ghs(900), ghs(400))]
    told = [each.fact for each in await events_so_far() if each.name == "school.threshold_changed"]
    assert [(fact.before, fact.threshold) for fact in told] == [
        (ghs(1000), ghs(400)),
        (ghs(400), ghs(1500)),
        (kes(1000), kes(0)),
    ]
    async with nothing_happens():
        assert await set_arrears_threshold(bursar, amount=Decimal("1500.00"), currency="GHS") == ghs(1500)
        await work_off()
    await assert_integrity()


async def test_what_changed_in_the_same_moment_is_found_later() -> None:
    """A fee that was charged against the threshold of before is looked at by the clock."""
    school = await a_school()
    fee = await charged(school.bursar, await a_pupil(school), ghs(900))
    async with unit_of_work() as work:
        await SchoolSetting.create(thresholds={"GHS": 500_00}, updated_at=fee.created_at)
        assert not work.events
    assert await arrears_watch.run() == 1
    assert await moves(fee) == ["raised"]
    assert await arrears_watch.run() == 0
    await assert_integrity()


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("-0.01", "GHS"), ("NaN", "GHS"), ("Infinity", "GHS"), ("0.001", "GHS"), ("1", "XXX"), ("1e19", "GHS")],
)
async def test_what_is_no_threshold_is_refused(amount: str, currency: str) -> None:
    bursar = somebody(Role.BURSAR)
    async with nothing_happens():
        with pytest.raises(DomainError) as refused:
            await set_arrears_threshold(bursar, amount=Decimal(amount), currency=currency)
    assert isinstance(refused.value, BadThreshold)


async def test_who_sets_a_threshold_and_who_reads_alerts() -> None:
    school = await a_school()
    fee = await charged(school.bursar, await a_pupil(school), ghs(1500))
    for role in (Role.CASHIER, Role.ACCOUNTANT, Role.REGISTRAR, Role.GUARDIAN):
        async with nothing_happens():
            with pytest.raises(Forbidden):
                await set_arrears_threshold(somebody(role), amount=Decimal(1), currency="GHS")
    with pytest.raises(Forbidden):
        await arrears_alerts(school.registrar, PageRequest())
    elsewhere = somebody(Role.BURSAR, branch=await a_branch_row())
    for who, expected in ((school.bursar, [fee.id]), (somebody(Role.ACCOUNTANT), [fee.id]), (elsewhere, [])):
        assert [alert.fee_id for alert in (await arrears_alerts(who, PageRequest())).rows] == expected
    over = await arrears_alerts(school.bursar, PageRequest(), standing=False)
    other = await arrears_alerts(school.bursar, PageRequest(), standing=None, currency="KES")
    assert (over.rows, other.rows) == ([], [])
    assert "school.arrears_alert_raised" in await names_of_events()
