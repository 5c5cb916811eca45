"""What would become of a class that moves on, as things stand: read for who asks, and by the promotion itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.database import fetch
from domain.school import access
from domain.school.errors import BadPromotion
from domain.school.models import SchoolClass
from domain.school.rules import promotion as rules
from domain.school.rules.enrolment import Period
from domain.school.rules.promotion import Candidate, Order, Plan
from domain.school.service.enrolment_desk import days_of, free_places
from domain.school.states import EnrolmentStatus, PromotionDecision

TO_CLASS: Final = ("input", "toClassId")
REPEAT_CLASS: Final = ("input", "repeatClassId")
TO_PERIOD: Final = ("input", "toYearId")

# Who is, or was, in a class ($1) for a year ($2) and term ($3), by name; of who was so twice, what has not ended early, or
# came later. Who left early is there when somebody decides about them ($4). Placed is who has an enrolment for one of the
# programmes ($5) in the coming year ($6) and term ($7). With $8, one student alone.
CANDIDATES: Final = """
select e.id, e.student_id, e.class_id, e.status,
       exists (select from enrolment c
               where c.student_id = e.student_id and c.program_id = any($5::uuid[]) and c.year_id = $6
                 and ($7::uuid is null or c.term_id is null or c.term_id = $7)
                 and c.status not in ('TRANSFERRED', 'WITHDRAWN')) as placed
from (select distinct on (student_id) * from enrolment
      where class_id = $1 and year_id = $2 and term_id is not distinct from $3
        and ($8::uuid is null or student_id = $8)
        and (status not in ('TRANSFERRED', 'WITHDRAWN') or student_id = any($4::uuid[]))
      order by student_id, status in ('TRANSFERRED', 'WITHDRAWN'), created_at desc) e
join student s on s.id = e.student_id
order by s.full_name, s.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Which class moves where, at the end of which period, and for which one."""

    order: Order
    ending: Period
    coming: Period

    def as_json(self) -> dict[str, Any]:
        order = self.order
        return {
            "from_class_id": str(order.from_class_id),
            "to_class_id": _text(order.to_class_id),
            "repeat_class_id": _text(order.repeat_class_id),
            "decisions": {str(student_id): decision.value for student_id, decision in order.decisions.items()},
            "ending": [str(self.ending.year_id), _text(self.ending.term_id)],
            "coming": [str(self.coming.year_id), _text(self.coming.term_id)],
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        order = Order(
            from_class_id=UUID(kept["from_class_id"]),
            to_class_id=_id(kept["to_class_id"]),
            repeat_class_id=_id(kept["repeat_class_id"]),
            decisions={UUID(each): PromotionDecision(said) for each, said in kept["decisions"].items()},
        )
        ending, coming = kept["ending"], kept["coming"]
        return cls(
            order=order,
            ending=Period(UUID(ending[0]), _id(ending[1])),
            coming=Period(UUID(coming[0]), _id(coming[1])),
        )

    @property
    def target_ids(self) -> list[UUID]:
        """The classes in which somebody may have a place by it."""
        order = self.order
        places = {order.class_for(PromotionDecision.REPEAT), order.class_for(PromotionDecision.PROMOTE)}
        return sorted(each for each in places if each is not None)


@dataclass(frozen=True, kw_only=True)
class PromotionWanted:
    """A promotion as somebody asks for it. Without ``to_class_id`` it goes to the class that follows; where none does, the
    students have done the last class, and graduate."""

    from_class_id: UUID
    to_class_id: UUID | None = None
    repeat_class_id: UUID | None = None
    from_year_id: UUID
    from_term_id: UUID | None = None
    to_year_id: UUID
    to_term_id: UUID | None = None
    decisions: Mapping[UUID, PromotionDecision] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would happen, in which of these classes."""

    promotion: Promotion
    plan: Plan
    from_class: SchoolClass
    to_class: SchoolClass | None


async def promotion_plan(actor: Actor, *, wanted: PromotionWanted) -> Planned:
    """What would become of everybody. Nothing is written down; BAD_PROMOTION where nothing could be."""
    actor.require(Permission.ENROLMENTS_MANAGE)
    from_class = await access.class_of(actor, wanted.from_class_id, field=("input", "fromClassId"), closed=True)
    to_class_id = wanted.to_class_id or from_class.next_class_id
    to_class = None if to_class_id is None else await access.class_of(actor, to_class_id, field=TO_CLASS)
    if to_class is not None and to_class.id == from_class.id:
        raise BadPromotion("a class does not move on to itself; who stays repeats it", field=TO_CLASS)
    if wanted.repeat_class_id is not None:
        await access.class_of(actor, wanted.repeat_class_id, field=REPEAT_CLASS)
    try:
        promotion = await _read(wanted, to_class_id)
        roll = await candidates(promotion)
        planned = rules.plan(promotion.order, roll, await free_for(promotion))
    except rules.BadPromotion as refused:
        raise BadPromotion(str(refused), field=("input",)) from None
    return Planned(promotion=promotion, plan=planned, from_class=from_class, to_class=to_class)


async def _read(wanted: PromotionWanted, to_class_id: UUID | None) -> Promotion:
    promotion = Promotion(
        order=Order(
            from_class_id=wanted.from_class_id,
            to_class_id=to_class_id,
            repeat_class_id=wanted.repeat_class_id,
            decisions=dict(wanted.decisions),
        ),
        ending=Period(wanted.from_year_id, wanted.from_term_id),
        coming=Period(wanted.to_year_id, wanted.to_term_id),
    )
    ending = await days_of(promotion.ending, year=("input", "fromYearId"), term=("input", "fromTermId"))
    coming = await days_of(promotion.coming, year=("input", "toYearId"), term=("input", "toTermId"))
    try:
        rules.require_later(ending, coming)
    except rules.BadPromotion as refused:
        raise BadPromotion(str(refused), field=TO_PERIOD) from None
    return promotion


async def candidates(promotion: Promotion, student_id: UUID | None = None) -> list[Candidate]:
    """The roll of the class as the promotion takes it, or what of it is one student."""
    order, ending, coming = promotion.order, promotion.ending, promotion.coming
    classes = [order.from_class_id, *promotion.target_ids]
    programs = {row.program_id for row in await SchoolClass.filter(id__in=classes).only("id", "program_id")}
    rows = await fetch(
        CANDIDATES,
        order.from_class_id,
        ending.year_id,
        ending.term_id,
        list(order.decisions),
        list(programs),
        coming.year_id,
        coming.term_id,
        student_id,
    )
    return [
        Candidate(
            student_id=row["student_id"],
            enrolment_id=row["id"],
            class_id=row["class_id"],
            status=EnrolmentStatus(row["status"]),
            placed=row["placed"],
        )
        for row in rows
    ]


async def free_for(promotion: Promotion, class_ids: Iterable[UUID] | None = None) -> dict[UUID, int | None]:
    """How many places the classes have left that somebody may be placed in."""
    wanted = promotion.target_ids if class_ids is None else class_ids
    return await free_places(await SchoolClass.filter(id__in=list(wanted)), promotion.coming)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(kept: str | None) -> UUID | None:
    return None if kept is None else UUID(kept)
