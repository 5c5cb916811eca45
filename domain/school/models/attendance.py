"""Attendance: the marks of the roll, and what they were before they were corrected."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.school.models.kept import Kept
from domain.school.states import AttendanceStatus


class Attendance(Kept, Model):
    """The mark of a student on a day, or in a lesson of it. It can be corrected, and not removed."""

    id = fields.UUIDField(primary_key=True)
    student_id = fields.UUIDField()
    on_date = fields.DateField()
    class_id = fields.UUIDField()
    lesson = fields.SmallIntField(null=True)
    status = fields.CharEnumField(AttendanceStatus, max_length=7)
    note = fields.CharField(max_length=200, default="")
    marked_by_id = fields.UUIDField()
    marked_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "attendance"


class AttendanceCorrection(Model):
    """A mark was another one before; there is one of these for each change."""

    id = fields.UUIDField(primary_key=True)
    attendance_id = fields.UUIDField()
    before_status = fields.CharEnumField(AttendanceStatus, max_length=7)
    after_status = fields.CharEnumField(AttendanceStatus, max_length=7)
    before_note = fields.CharField(max_length=200, default="")
    after_note = fields.CharField(max_length=200, default="")
    reason = fields.CharField(max_length=300, default="")
    corrected_by_id = fields.UUIDField()
    corrected_at = fields.DatetimeField()

    class Meta:
        table = "attendance_correction"
