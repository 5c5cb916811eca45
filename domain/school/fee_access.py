"""Who may see which money of a student: staff who read fees that of their campus, guardians that of their wards.

What lies outside of that does not exist for the caller. Who does something about it does so alone for the time.
"""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden
from domain.kit.reading import RowsWith, read_one
from domain.school.access import own_wards, seen_fees, seen_money, visible_fees
from domain.school.errors import FeeNotFound, FeeStudentDeleted, StudentNotFound
from domain.school.models import FeePayment, SchoolFee, Student, StudentAdvance


def of_seen_fees(actor: Actor) -> Q:
    """The condition on what came for fees and went back that the actor sees the fee."""
    return Q(fee_id__in=RowsWith(SchoolFee, seen_fees(actor)))


def visible_fee_payments(actor: Actor) -> QuerySet[FeePayment]:
    return FeePayment.filter(of_seen_fees(actor))


def visible_advances(actor: Actor) -> QuerySet[StudentAdvance]:
    return StudentAdvance.filter(seen_fees(actor))


async def fee_of(actor: Actor, fee_id: UUID, *, field: tuple[str, ...] | None = ("input", "feeId")) -> SchoolFee:
    """A fee that the actor sees, or FEE_NOT_FOUND."""
    fee = await visible_fees(actor).get_or_none(id=fee_id)
    if fee is None:
        raise FeeNotFound(field=field)
    return fee


async def payer_of(actor: Actor, student_id: UUID, *, field: tuple[str, ...] = ("input", "studentId")) -> Student:
    """A student whose money the actor sees, or STUDENT_NOT_FOUND. Staff still see what was owed by one who was deleted."""
    student = await read_one(Student.filter(seen_money(actor) | own_wards(actor), id=student_id))
    if student is None:
        raise StudentNotFound(field=field)
    return student


async def locked_payer(actor: Actor, student_id: UUID, permission: Permission, *, deleted: bool = False) -> Student:
    """A student of the actor's campus, with whose money nobody else deals until the unit of work ends.

    Refuses with STUDENT_NOT_FOUND, with FORBIDDEN without the permission there, and with FEE_STUDENT_DELETED unless that
    will do.
    """
    row = await Student.filter(seen_money(actor)).select_for_update(no_key=True).get_or_none(id=student_id)
    if row is None:
        raise StudentNotFound(field=("input", "studentId"))
    if not actor.may_at(permission, row.branch_id):
        raise Forbidden(f"this needs the permission {permission.value} where the student is")
    if row.deleted and not deleted:
        raise FeeStudentDeleted(f"{row.full_name} was deleted", field=("input", "studentId"))
    return row
