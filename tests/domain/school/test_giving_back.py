"""Money that goes back: by the ladder to who leaves, and what was paid beyond a fee. Never more than was paid, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.school.errors import (
    FeeChangedMeanwhile,
    FeeChannelNotPossible,
    FeeNotFound,
    FeeSettled,
    FeeWithoutStructure,
    GuardianNotFound,
    NothingToRefund,
    RefundTooLarge,
)
from domain.school.models import FeePayment, SchoolFee
from domain.school.rules.refunds import RefundLadder, RefundStep
from domain.school.rules.terms import FeeTerms
from domain.school.service.counter import IN_CASH, Way
from domain.school.service.refunding import refund_fee
from domain.school.states import FeePaymentKind, FeePaymentMethod, FeeStatus
from domain.wallets.service import wallet_of
from tests.support.happenings import assert_integrity, nothing_happens
from tests.support.races import outcomes_of
from tests.support.school import School, a_branch_row, a_guardian, a_pupil, a_school, known
from tests.support.school_fees import balance, charged, ghs, listed, paid
from tests.support.school_structures import a_structure, charged_by, registration, tuition

pytestmark = pytest.mark.usefixtures("database")

FEBRUARY = datetime(2025, 2, 10, 9, tzinfo=UTC)
LADDER = RefundLadder(steps=(RefundStep(14, Decimal(80)), RefundStep(60, Decimal(50))), handling_fee=ghs(15))
INTO_WALLET = Way(method=FeePaymentMethod.WALLET)
LEFT = date(2025, 2, 7)
"""The 38th day of the year."""


async def a_fee(school: School, amount: int = 1500) -> SchoolFee:
    """1,200.00 of tuition and 300.00 of registration, which is not given back, with so much paid in cash."""
    structure = await a_structure(school, tuition(), registration(), terms=FeeTerms(refunds=LADDER))
    fee = await charged_by(school, await a_pupil(school), structure)
    if amount:
        await paid(school.bursar, fee, ghs(amount))
    return await SchoolFee.get(id=fee.id)


async def test_half_of_the_tuition_goes_back_less_what_the_handling_costs() -> None:
    with clock_set_to(FEBRUARY):
        school = await a_school(2025)
        fee = await a_fee(school)
        settled = await refund_fee(school.bursar, fee_id=fee.id, way=IN_CASH, left_on=LEFT, expected_version=fee.version)
    assert (settled.fee.due, settled.fee.paid, settled.fee.refunded) == (ghs(915), ghs(915), ghs(585))
    assert (settled.fee.status, settled.fee.left_on) == (FeeStatus.PAID, LEFT)
    assert await listed(fee) == [(fee.number, ghs(915))]
    assert (await balance("1110"), await balance("4511"), await balance("4516")) == (ghs(915), -ghs(600), -ghs(300))
    assert (await balance("4510"), await balance("2430"), await balance("1330")) == (-ghs(15), ghs(0), ghs(0))
    async with nothing_happens():
        with pytest.raises(FeeSettled):
            await refund_fee(school.bursar, fee_id=fee.id, way=IN_CASH, left_on=LEFT)
        with pytest.raises(NothingToRefund):
            await refund_fee(school.bursar, fee_id=fee.id, way=IN_CASH)
    await assert_integrity("school")


async def test_who_has_paid_little_gets_nothing_and_owes_less() -> None:
    with clock_set_to(FEBRUARY):
        school = await a_school(2025)
        fee = await a_fee(school, 700)
        settled = await refund_fee(school.bursar, fee_id=fee.id, way=IN_CASH, left_on=LEFT)
    assert settled.payments == () and settled.fee.refunded == ghs(0)
    assert (settled.fee.due, settled.fee.figures.outstanding) == (ghs(915), ghs(215))
    await assert_integrity("school")


async def test_what_was_paid_beyond_a_fee_goes_into_the_wallet_of_a_guardian() -> None:
    school = await a_school()
    pupil = await a_pupil(school)
    mother, father = await a_guardian(pupil), await a_guardian(pupil, primary=False, name="Kojo")
    fee = await charged(school.bursar, pupil, ghs(500), ghs(800))
    first = await refund_fee(school.bursar, fee_id=fee.id, way=INTO_WALLET, amount=ghs(100))
    assert (first.fee.status, first.fee.figures.credit) == (FeeStatus.OVERPAID, ghs(200))
    second = await refund_fee(school.bursar, fee_id=fee.id, way=INTO_WALLET, to_user_id=father.id)
    assert (second.fee.status, second.fee.refunded) == (FeeStatus.PAID, ghs(300))
    assert [(await wallet_of(each.id, "GHS")).id for each in (mother, father)]
    kept = await FeePayment.filter(fee_id=fee.id, kind=FeePaymentKind.REFUND).order_by("serial")
    assert [(row.wallet_owner_id, row.amount) for row in kept] == [(mother.id, -ghs(100)), (father.id, -ghs(200))]
    assert (await balance("1110"), await balance("2430")) == (ghs(800), ghs(0))
    await assert_integrity("school", "wallets")


async def test_a_refund_that_is_asked_for_twice_at_once_happens_once() -> None:
    with clock_set_to(FEBRUARY):
        school = await a_school(2025)
        fee = await a_fee(school)
        found = await outcomes_of(refund_fee(school.bursar, fee_id=fee.id, way=IN_CASH, left_on=LEFT) for _ in range(4))
        assert sorted(type(each).__name__ for each in found) == ["FeeSettled"] * 3 + ["Settled"]
        other = await charged(school.bursar, await a_pupil(school), ghs(500), ghs(800))
        again = await outcomes_of(
            refund_fee(school.bursar, fee_id=other.id, way=IN_CASH, amount=ghs(200), expected_version=other.version)
            for _ in range(4)
        )
    assert sorted(type(each).__name__ for each in again) == ["FeeChangedMeanwhile"] * 3 + ["Settled"]
    assert (await SchoolFee.get(id=other.id)).refunded == ghs(200)
    await assert_integrity("school")


async def test_what_cannot_go_back_is_refused_and_nothing_happens() -> None:
    with clock_set_to(FEBRUARY):
        school = await a_school(2025)
        fee = await a_fee(school)
        by_hand = await charged(school.bursar, await a_pupil(school), ghs(500), ghs(800))
        theirs = await known(Role.BURSAR, branch=await a_branch_row())
        cashier = await known(Role.CASHIER, branch=school.branch)
        async with nothing_happens():
            cases: Any = (
                (Forbidden, cashier, {}),
                (FeeNotFound, theirs, {}),
                (FeeNotFound, school.bursar, {"fee_id": new_id()}),
                (FeeChangedMeanwhile, school.bursar, {"expected_version": 1}),
                (NothingToRefund, school.bursar, {}),
                (RefundTooLarge, school.bursar, {"left_on": LEFT, "amount": ghs("585.01")}),
                (InvalidAmount, school.bursar, {"left_on": LEFT, "amount": ghs(-1)}),
                (CurrencyMismatch, school.bursar, {"left_on": LEFT, "amount": Money.of(1, "KES")}),
                (DomainError, school.bursar, {"left_on": date(2025, 2, 11)}),
                (FeeWithoutStructure, school.bursar, {"fee_id": by_hand.id, "left_on": LEFT}),
                (RefundTooLarge, school.bursar, {"fee_id": by_hand.id, "amount": ghs(301)}),
                (GuardianNotFound, school.bursar, {"fee_id": by_hand.id, "way": INTO_WALLET}),
                (GuardianNotFound, school.bursar, {"fee_id": by_hand.id, "way": INTO_WALLET, "to_user_id": cashier.id}),
                (FeeChannelNotPossible, school.bursar, {"fee_id": by_hand.id, "way": Way(method=FeePaymentMethod.MPESA)}),
            )
            for error, actor, said in cases:
                with pytest.raises(error):
                    await refund_fee(actor, **({"fee_id": fee.id, "way": IN_CASH} | said))
