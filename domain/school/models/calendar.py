"""When there is school: academic years, their terms and holidays."""

from __future__ import annotations

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.school.models.kept import Kept


class AcademicYear(Kept, Model):
    """A year of school; no two overlap. ``weekdays`` are the days of the week with school, Monday is 1."""

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
