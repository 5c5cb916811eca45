"""When there is school: academic years, their terms and holidays."""

from __future__ import annotations

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.school.models.kept import Kept


class AcademicYear(Kept, Model):
    """A year of school; no two overlap. ``weekdays`` are the days of the week with school, Monday is 1.

    Its terms and holidays are changed with it: whoever changes one of them locks the year.
    """

    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=80)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    weekdays: fields.Field[list[int]] = ArrayField("smallint")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "academic_year"


class Term(Model):
    """A part of a year that is taught, and billed, on its own. ``position`` counts from 1 in the order of days."""

    id = fields.UUIDField(primary_key=True)
    year_id = fields.UUIDField()
    title = fields.CharField(max_length=80)
    position = fields.SmallIntField()
    starts_on = fields.DateField()
    ends_on = fields.DateField()

    class Meta:
        table = "term"


class SchoolHoliday(Model):
    """Days without school inside a year."""

    id = fields.UUIDField(primary_key=True)
    year_id = fields.UUIDField()
    title = fields.CharField(max_length=80)
    starts_on = fields.DateField()
    ends_on = fields.DateField()

    class Meta:
        table = "school_holiday"
