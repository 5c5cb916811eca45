"""Simulated days at the demo school: small fees are charged, paid in parts, corrected and deleted, rolls are called, and
money is spent.

What the story left waiting stays for whoever tries the demo: simulated staff only go on with fees of their own.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from tortoise.queryset import QuerySet

from api.demo.people import BURSAR, SECOND_BURSAR, SECOND_REGISTRAR, TEACHER, DemoPerson, acting, bring_in
from api.demo.school_things import G5, P4
from domain.kit import clock
from domain.kit.money import Money
from domain.school.models import Enrolment, SchoolClass, SchoolFee
from domain.school.service.books import TransactionTerms, add_expense
from domain.school.service.changing_fees import FeeEdits, delete_fee, update_fee
from domain.school.service.charging import FeeTerms, add_fee
from domain.school.service.collecting import pay_fee
from domain.school.service.marking import Said, record_attendance
from domain.school.states import AttendanceStatus, EnrolmentStatus, FeeStatus

TITLE: Final = "Simulated club materials"
MOST_OPEN: Final = 12
BURSARS: Final = {"GHS": BURSAR, "KES": SECOND_BURSAR}
MARKERS: Final = {P4: TEACHER, G5: SECOND_REGISTRAR}
USUALLY: Final = (AttendanceStatus.PRESENT,) * 4 + (AttendanceStatus.LATE,)
"""Nobody is simulated away: guardians would be told by mail."""


class SchoolTraffic:
    """Acts of one simulated day at the school; which one comes is for the caller to draw."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    @property
    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        money = [self._charge, self._charge, self._pay, self._pay, self._pay, self._correct, self._delete, self._spend]
        return [*money, self._mark]

    async def _charge(self) -> None:
        if await _simulated().filter(status=FeeStatus.UNPAID).count() >= MOST_OPEN:
            return
        currency = self._rng.choice(tuple(BURSARS))
        code = G5 if currency == "KES" else P4
        places = Enrolment.filter(status=EnrolmentStatus.ENROLLED, class_id=(await SchoolClass.get(code=code)).id)
        enrolment = await self._any(places)
        if enrolment is not None:
            due = Money.of(self._rng.randrange(20, 120, 5), currency)
            said = {"student_id": enrolment.student_id, "terms": FeeTerms(title=TITLE, amount_due=due)}
            await self._does(BURSARS[currency], add_fee, amount_paid=self._part_of(due, and_nothing=True), **said)

    async def _pay(self) -> None:
        fee = await self._any(_simulated().filter(status__in=(FeeStatus.UNPAID, FeeStatus.PARTIALLY_PAID)))
        if fee is not None:
            await self._does(BURSARS[fee.currency], pay_fee, fee_id=fee.id, amount=self._part_of(fee.figures.outstanding))

    async def _correct(self) -> None:
        """Something else was paid than was written down, and sometimes nothing."""
        fee = await self._any(_simulated().filter(paid_minor__gt=0))
        if fee is not None:
            edits = FeeEdits(amount_paid=self._part_of(fee.figures.due, and_nothing=True))
            said = {"edits": edits, "expected_version": fee.version, "reason": "Counted again"}
            await self._does(BURSARS[fee.currency], update_fee, fee_id=fee.id, **said)

    async def _delete(self) -> None:
        fee = await self._any(_simulated())
        if fee is not None:
            await self._does(BURSARS[fee.currency], delete_fee, fee_id=fee.id, reason="Simulated by mistake")

    async def _mark(self) -> None:
        """Somebody is looked for again on the roll of today, if it is a day for school."""
        code = self._rng.choice(tuple(MARKERS))
        school_class = await SchoolClass.get(code=code)
        enrolment = await self._any(Enrolment.filter(status=EnrolmentStatus.ENROLLED, class_id=school_class.id))
        if enrolment is not None:
            marks = [Said(student_id=enrolment.student_id, status=self._rng.choice(USUALLY))]
            await self._does(MARKERS[code], record_attendance, class_id=school_class.id, on=clock.today(), marks=marks)

    async def _spend(self) -> None:
        amount = Money.of(self._rng.randrange(5, 90), "GHS")
        terms = TransactionTerms(category="Sundries", description="Simulated small things", amount=amount)
        await self._does(BURSAR, add_expense, terms=terms)

    def _part_of(self, whole: Money, *, and_nothing: bool = False) -> Money:
        """All of it, half, a third, or where that may be nothing."""
        parts = (1, 2, 3, 0) if and_nothing else (1, 2, 3)
        part = self._rng.choice(parts)
        return Money(max(1, whole.amount_minor // part) if part else 0, whole.currency)

    async def _any(self, query: QuerySet[Any]) -> Any:
        found = await query.order_by("id").limit(50)
        return self._rng.choice(found) if found else None

    async def _does(self, person: DemoPerson, act: Callable[..., Awaitable[Any]], **said: Any) -> Any:
        actor = await bring_in(person)
        with acting(actor):
            return await act(actor, **said)


def _simulated() -> QuerySet[SchoolFee]:
    return SchoolFee.filter(title=TITLE, voided_at=None)
