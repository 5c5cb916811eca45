"""A fee that is not there yet: for whom it is, where it is charged, and the number that it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.context import current_call
from domain.kit.errors import Forbidden
from domain.kit.ids import new_id
from domain.kit.money import decimals_of
from domain.kit.unit_of_work import Work
from domain.school.errors import EnrolmentNotFound, FeeStudentDeleted, StudentNotFound
from domain.school.fees.locking import Desk
from domain.school.models import SchoolFee
from domain.school.settings import threshold_of
from domain.school.states import FeeStatus, PlanKind
from domain.school.words import line

MAX_TITLE: Final = 120

# Nobody deletes the student meanwhile.
LOCK_STUDENT: Final = "select branch_id, deleted_at from student where id = $1 for share"

# What is known of a student who is charged, with the enrolment that was said, or else the latest that stands.
STUDENT: Final = """
select s.full_name as student, s.branch_id,
       array(select g.user_id from student_guardian g where g.student_id = s.id
             order by g.is_primary desc, g.since_at, g.user_id) as guardian_ids,
       e.id as enrolment_id, e.class_id, e.branch_id as enrolment_branch_id,
       (select thresholds from school_setting) as thresholds,
       nextval(pg_get_serial_sequence('school_fee', 'serial')) as serial
from student s
left join lateral (
    select id, class_id, branch_id from enrolment e
    where e.student_id = s.id and (e.id = $2 or $2 is null and e.status = 'ENROLLED')
    order by e.applied_on desc, e.id desc limit 1
) e on true
where s.id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFee:
    """What a fee is to be. Without an enrolment it is of the latest one that stands, if there is any."""

    student_id: UUID
    currency: str
    title: str
    enrolment_id: UUID | None = None
    structure_id: UUID | None = None
    schedule_id: UUID | None = None
    plan_kind: PlanKind | None = None


async def open_fee(work: Work, actor: Actor, new: NewFee, permission: Permission) -> Desk:
    """A desk for a fee that is to be charged by :func:`settle`, with its lines.

    The class is the one that the student is in now, and stays that of the fee. Who may enrol the student need not read fees.
    Refuses with STUDENT_NOT_FOUND, FORBIDDEN, FEE_STUDENT_DELETED and ENROLMENT_NOT_FOUND.
    """
    decimals_of(new.currency)
    locked = await work.fetchrow(LOCK_STUDENT, new.student_id)
    row = None if locked is None else await work.fetchrow(STUDENT, new.student_id, new.enrolment_id)
    if locked is None or row is None:
        raise StudentNotFound
    branch_id = row["enrolment_branch_id"] or row["branch_id"]
    if not actor.may_at(permission, branch_id):
        if not actor.may_at(Permission.FEES_READ, branch_id):
            raise StudentNotFound
        raise Forbidden(f"this needs the permission {permission.value} where the student is")
    if locked["deleted_at"] is not None:
        raise FeeStudentDeleted(f"{row['student']} was deleted")
    if new.enrolment_id is not None and row["enrolment_id"] is None:
        raise EnrolmentNotFound
    return Desk(
        actor=actor,
        fee=_fee(actor, new, row, branch_id),
        student=row["student"],
        guardian_ids=tuple(row["guardian_ids"]),
        lines=(),
        live=None,
        alert_id=None,
        threshold=threshold_of(row["thresholds"], new.currency),
        is_new=True,
    )


def _fee(actor: Actor, new: NewFee, row: Any, branch_id: UUID | None) -> SchoolFee:
    moment = clock.now()
    fee = SchoolFee(
        id=new_id(),
        student_id=new.student_id,
        enrolment_id=row["enrolment_id"],
        class_id=row["class_id"],
        branch_id=branch_id,
        structure_id=new.structure_id,
        schedule_id=new.schedule_id,
        title=title_of(new.title),
        currency=new.currency,
        due_minor=0,
        status=FeeStatus.PAID,
        plan_kind=new.plan_kind,
        created_by_id=actor.id,
        created_at=moment,
        updated_at=moment,
        correlation_id=current_call().correlation_id,
    )
    fee.serial, fee.number = row["serial"], f"FEE-{row['serial']}"
    return fee


def title_of(text: str) -> str:
    """What a fee is called, as it is kept: spaces put in order."""
    return line(text, MAX_TITLE, "title")
