"""A student about whose money something is done: seen as staff see it, and by one act at a time."""

from __future__ import annotations

from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import Forbidden
from domain.school.access import seen_money
from domain.school.errors import FeeStudentDeleted, StudentNotFound
from domain.school.models import Student

FIELD = ("input", "studentId")


async def locked_payer(actor: Actor, student_id: UUID, permission: Permission, *, deleted: bool = False) -> Student:
    """A student of the actor's campus, with whose money nobody else deals until the unit of work ends.

    Refuses with STUDENT_NOT_FOUND, with FORBIDDEN without the permission there, and with FEE_STUDENT_DELETED unless that
    will do.
    """
    row = await Student.filter(seen_money(actor)).select_for_update(no_key=True).get_or_none(id=student_id)
    if row is None:
        raise StudentNotFound(field=FIELD)
    if not actor.may_at(permission, row.branch_id):
        raise Forbidden(f"this needs the permission {permission.value} where the student is")
    if row.deleted and not deleted:
        raise FeeStudentDeleted(f"{row.full_name} was deleted", field=FIELD)
    return row
