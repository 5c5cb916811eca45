"""Money before there is a fee for it, and credit that moves: fee credits are what is unused and what is beyond the fees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.school.errors import (
    AdvanceTooSmall,
    FeeChannelNotPossible,
    FeeCreditTooSmall,
    FeeDayInvalid,
    FeeMoneyFromElsewhere,
    FeeMoneyUndone,
    FeeNotFound,
    FeePaymentNotFound,
    StudentNotFound,
)
from domain.school.models import SchoolFee, StudentAdvance
from domain.school.queries.terms import unused_advances
from domain.school.service.advances import (
    give_back_advance,
    move_fee_credit,
    record_advance,
    return_advance,
    use_advance,
)
from domain.school.service.changing_fees import delete_fee
from domain.school.service.counter import IN_CASH, Way
from domain.school.states import FeePaymentMethod, FeeStatus
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import a_branch_row, a_pupil, a_school, known
from tests.support.school_fees import balance, charged, ghs, kes, listed

pytestmark = pytest.mark.usefixtures("database")

AT_THE_BANK = Way(method=FeePaymentMethod.BANK, reference="SLIP 7")


async def test_an_advance_waits_for_a_fee_and_is_income_when_it_is_used() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    first = await record_advance(school.bursar, student_id=pupil.id, amount=ghs(700), way=AT_THE_BANK)
    assert first.receipt_number is not None and first.receipt_number.startswith("RCT-")
    assert (await balance("1200"), await balance("2430"), await balance("4510")) == (ghs(700), -ghs(700), ghs(0))

    fee = await charged(school.bursar, pupil, ghs(500))
    used = await use_advance(school.bursar, fee_id=fee.id, amount=ghs(450), expected_version=fee.version)
    assert (used.unused, used.settled.fee.status) == (ghs(250), FeeStatus.PARTIALLY_PAID)
    assert (await balance("2430"), await balance("4510")) == (-ghs(250), -ghs(450))
    assert await listed(fee) == [(fee.number, ghs(450))] and used.settled.payments[0].receipt_number is not None
    used = await use_advance(school.bursar, fee_id=fee.id)
    assert (used.unused, used.settled.fee.status) == (ghs(200), FeeStatus.PAID)

    with pytest.raises(FeeMoneyFromElsewhere):
        await delete_fee(school.bursar, fee_id=fee.id)
    back = await return_advance(school.bursar, fee_payment_id=used.settled.payments[0].id)
    assert (back.unused, back.settled.fee.paid) == (ghs(250), ghs(450))
    with pytest.raises(FeeMoneyUndone):
        await return_advance(school.bursar, fee_payment_id=used.settled.payments[0].id)
    await give_back_advance(school.bursar, student_id=pupil.id, amount=ghs(250), way=IN_CASH)
    assert (await balance("2430"), await balance("1110")) == (ghs(0), -ghs(250))
    assert (await unused_advances(school.bursar, [pupil.id]))[pupil.id] == []
    assert [row.amount for row in await StudentAdvance.all().order_by("serial")] == [
        ghs(700), -ghs(450), -ghs(50), ghs(50), -ghs(250),
    ]  # fmt: skip
    assert (await names_of_events()).count("school.advance_changed") == 5
    await assert_integrity("school")


async def test_two_who_use_one_advance_at_once_use_it_once() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    await record_advance(school.bursar, student_id=pupil.id, amount=ghs(500), way=IN_CASH)
    fees = [await charged(school.bursar, pupil, ghs(400)) for _ in range(3)]
    found = await outcomes_of(
        [
            *(use_advance(school.bursar, fee_id=fee.id, amount=ghs(400)) for fee in fees),
            give_back_advance(school.bursar, student_id=pupil.id, amount=ghs(400), way=IN_CASH),
        ]
    )
    refused = [each for each in found if isinstance(each, AdvanceTooSmall)]
    assert len(refused) == 3 and all(each.available == ghs(100) for each in refused)
    assert (await unused_advances(school.bursar, [pupil.id]))[pupil.id] == [ghs(100)]
    assert await balance("2430") == -ghs(100)
    await assert_integrity("school")


async def test_credit_moves_to_another_fee_or_waits_for_one() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    source = await charged(school.bursar, pupil, ghs(500), ghs(900))
    target = await charged(school.bursar, pupil, ghs(300))
    moved = await move_fee_credit(school.bursar, from_fee_id=source.id, to_fee_id=target.id)
    assert moved.target is not None and moved.target.fee.status is FeeStatus.PAID
    assert (moved.source.fee.paid, await balance("2430"), await balance("4510")) == (ghs(600), -ghs(100), -ghs(800))
    assert (await listed(source), await listed(target)) == ([(source.number, ghs(600))], [(target.number, ghs(300))])
    waiting = await move_fee_credit(school.bursar, from_fee_id=source.id)
    assert waiting.advance is not None and waiting.advance.amount == ghs(100)
    assert (waiting.source.fee.status, await balance("2430")) == (FeeStatus.PAID, -ghs(100))
    third = await charged(school.bursar, pupil, ghs(100))
    assert (await use_advance(school.bursar, fee_id=third.id)).settled.fee.status is FeeStatus.PAID
    assert (await balance("2430"), await balance("1110")) == (ghs(0), ghs(900))
    found = await outcomes_of(
        move_fee_credit(school.bursar, from_fee_id=a.id, to_fee_id=b.id) for a, b in ((source, third), (third, source))
    )
    assert [type(each) for each in found] == [FeeCreditTooSmall] * 2
    await assert_integrity("school")


async def test_what_is_not_there_is_not_used_and_nothing_happens() -> None:
    school = await a_school()
    pupil, other = await a_pupil(school), await a_pupil(school)
    await record_advance(school.bursar, student_id=pupil.id, amount=ghs(100), way=IN_CASH)
    fee, paid = await charged(school.bursar, pupil, ghs(500)), await charged(school.bursar, pupil, ghs(10), ghs(60))
    shillings = await charged(school.bursar, pupil, kes(500))
    somebody_elses = await charged(school.bursar, other, ghs(500))
    theirs = await known(Role.BURSAR, branch=await a_branch_row())
    ahead = clock.today() + timedelta(days=1)
    by_phone = Way(method=FeePaymentMethod.MPESA)
    async with nothing_happens():
        for error, act in (
            (AdvanceTooSmall, use_advance(school.bursar, fee_id=fee.id, amount=ghs("100.01"))),
            (InvalidAmount, use_advance(school.bursar, fee_id=paid.id, amount=ghs(1))),
            (InvalidAmount, use_advance(school.bursar, fee_id=fee.id, amount=ghs(501))),
            (InvalidAmount, use_advance(school.bursar, fee_id=fee.id, amount=ghs(-1))),
            (AdvanceTooSmall, use_advance(school.bursar, fee_id=shillings.id)),
            (AdvanceTooSmall, use_advance(school.bursar, fee_id=somebody_elses.id)),
            (CurrencyMismatch, use_advance(school.bursar, fee_id=fee.id, amount=Money.of(1, "KES"))),
            (FeeNotFound, use_advance(theirs, fee_id=fee.id)),
            (Forbidden, use_advance(school.registrar, fee_id=fee.id)),
            (FeePaymentNotFound, return_advance(school.bursar, fee_payment_id=new_id())),
            (AdvanceTooSmall, give_back_advance(school.bursar, student_id=pupil.id, amount=ghs(101), way=IN_CASH)),
            (StudentNotFound, give_back_advance(theirs, student_id=pupil.id, amount=ghs(1), way=IN_CASH)),
            (StudentNotFound, record_advance(theirs, student_id=pupil.id, amount=ghs(1), way=IN_CASH)),
            (InvalidAmount, record_advance(school.bursar, student_id=pupil.id, amount=ghs(0), way=IN_CASH)),
            (FeeChannelNotPossible, record_advance(school.bursar, student_id=pupil.id, amount=ghs(1), way=by_phone)),
            (
                FeeDayInvalid,
                record_advance(school.bursar, student_id=pupil.id, amount=ghs(1), way=IN_CASH, paid_on=ahead),
            ),
            (FeeCreditTooSmall, move_fee_credit(school.bursar, from_fee_id=fee.id, to_fee_id=paid.id)),
            (FeeCreditTooSmall, move_fee_credit(school.bursar, from_fee_id=paid.id, amount=ghs(51))),
            (FeeNotFound, move_fee_credit(school.bursar, from_fee_id=paid.id, to_fee_id=somebody_elses.id)),
            (CurrencyMismatch, move_fee_credit(school.bursar, from_fee_id=paid.id, to_fee_id=shillings.id)),
            (DomainError, move_fee_credit(school.bursar, from_fee_id=paid.id, to_fee_id=paid.id)),
            (FeeNotFound, move_fee_credit(theirs, from_fee_id=paid.id)),
        ):
            with pytest.raises(error):
                await act
    assert await SchoolFee.filter(version__gt=1).count() == 0
