"""Many cashiers at once: on a fee each, on one fee, with what they have read in mind, and killed in the middle."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from uuid import UUID

import pytest

from domain.identity.actor import Actor
from domain.kit.idempotency import once
from domain.school.errors import FeeChangedMeanwhile
from domain.school.models import FeePayment, SchoolFee, SchoolTransaction
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from tests.support.happenings import assert_integrity
from tests.support.races import at_once, outcomes_of
from tests.support.school import a_pupil, a_school
from tests.support.school_fees import charged, corrected, ghs, listed, paid

pytestmark = pytest.mark.usefixtures("database")

CASHIERS = 50


async def test_fifty_cashiers_on_fifty_fees_of_one_student() -> None:
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    terms = FeeTerms(title="Lunch", amount_due=ghs(20))
    await at_once(add_fee(bursar, student_id=student.id, terms=terms, amount_paid=ghs(3)) for _ in range(CASHIERS))
    fees = await SchoolFee.all()
    assert ({fee.paid_minor for fee in fees}, len({fee.number for fee in fees})) == ({300}, CASHIERS)
    receipts = await FeePayment.filter(receipt_serial__isnull=False).order_by("receipt_serial").values_list("receipt_serial")
    first = receipts[0][0]
    assert [serial for (serial,) in receipts] == list(range(first, first + CASHIERS))
    await assert_integrity()


async def test_fifty_cashiers_on_one_fee() -> None:
    """Whoever says what they have read comes first or not at all; whoever only brings money is never refused."""
    school = await a_school()
    student, bursar = await a_pupil(school), school.bursar
    fee = await charged(bursar, student, ghs(1500))
    said = [corrected(bursar, fee, ghs(number), expected_version=1) for number in range(1, CASHIERS + 1)]
    outcomes = await outcomes_of(said)
    assert Counter(type(each).__name__ for each in outcomes) == {"Settled": 1, FeeChangedMeanwhile.__name__: CASHIERS - 1}
    [first] = [each for each in outcomes if not isinstance(each, BaseException)]
    await at_once(paid(bursar, fee, ghs(10)) for _ in range(CASHIERS))
    assert await listed(fee) == [(fee.number, first.fee.paid + ghs(10 * CASHIERS))]
    rows = await SchoolTransaction.filter(fee_id=fee.id)
    assert ([row.live for row in rows].count(True), len(rows)) == (1, CASHIERS + 1)
    assert (await SchoolFee.get(id=fee.id)).version == CASHIERS + 2
    await assert_integrity()


async def _pay(actor: Actor, *, fee_id: UUID) -> str:
    settled = await pay_fee(actor, fee_id=fee_id, amount=ghs(10))
    return settled.fee.number


async def test_who_is_killed_in_between_pays_once_in_the_end() -> None:
    """Each is killed at some moment, and comes again with the same key: none of it is lost, and none is there twice."""
    school = await a_school()
    student, bursar, chance = await a_pupil(school), school.bursar, random.Random(20)
    fees = [await charged(bursar, student, ghs(100)) for _ in range(3)]
    await at_once(_killed(bursar, fees[number % 3], f"key-{number}", chance.random() * 0.12) for number in range(15))
    for number in range(15):
        await once(f"key-{number}", _pay, bursar, fee_id=fees[number % 3].id)
    assert [await listed(fee) for fee in fees] == [[(fee.number, ghs(50))] for fee in fees]
    await assert_integrity()


async def _killed(actor: Actor, fee: SchoolFee, key: str, after_s: float) -> None:
    work = asyncio.ensure_future(once(key, _pay, actor, fee_id=fee.id))
    await asyncio.sleep(after_s)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
