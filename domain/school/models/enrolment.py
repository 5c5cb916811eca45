"""Enrolments, and the classes that students are in through them."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.school.models.kept import Kept
from domain.school.states import EnrolmentStatus


class Enrolment(Kept, Model):
    """A student is here for a programme, in a year or one of its terms.

    ``class_id`` is the class of the last stay: the one that the student is in, or was in last; an applicant has none.
    ``from_enrolment_id`` is the one before, of who was promoted or repeats.
    """

    id = fields.UUIDField(primary_key=True)
    student_id = fields.UUIDField()
    program_id = fields.UUIDField()
    year_id = fields.UUIDField()
    term_id = fields.UUIDField(null=True)
    class_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    status = fields.CharEnumField(EnrolmentStatus, max_length=11)
    applied_on = fields.DateField()
    from_enrolment_id = fields.UUIDField(null=True)
    run_id = fields.UUIDField(null=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "enrolment"


class EnrolmentStay(Model):
    """Days in one class, both ends included. In the database its key is enrolment and first day."""

    id = fields.UUIDField(primary_key=True)
    enrolment_id = fields.UUIDField()
    student_id = fields.UUIDField()
    program_id = fields.UUIDField()
    class_id = fields.UUIDField()
    from_on = fields.DateField()
    until_on = fields.DateField()

    class Meta:
        table = "enrolment_stay"
