"""Classes and what is taught in them, and the people of the school: students, their guardians, teachers."""

from __future__ import annotations

from datetime import date

from tortoise import fields
from tortoise.models import Model

from domain.school.models.kept import Kept
from domain.school.states import GuardianRelation, Sex, TeachingRole


class Program(Kept, Model):
    """What a student is enrolled for, such as primary school; its classes follow one another."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=16)
    title = fields.CharField(max_length=80)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "program"


class Subject(Kept, Model):
    """What is taught in a lesson."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=16)
    title = fields.CharField(max_length=80)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "subject"


class SchoolClass(Kept, Model):
    """Students who are taught together.

    ``branch_id`` is the campus; without one, it is for those who see every branch. ``capacity`` None is no limit.
    ``lessons`` is in how many lessons a day the roll is called, and 0 where it is called once a day.
    """

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=16)
    title = fields.CharField(max_length=80)
    program_id = fields.UUIDField()
    level = fields.SmallIntField()
    capacity = fields.IntField(null=True)
    lessons = fields.SmallIntField(default=0)
    branch_id = fields.UUIDField(null=True)
    next_class_id = fields.UUIDField(null=True)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "school_class"


class Student(Kept, Model):
    """Somebody who learns here, did, or wants to.

    ``enrolled_count`` is how many enrolments stand; the database counts, and whoever saves a student leaves it alone.
    """

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=24, generated=True)
    admission_number = fields.CharField(max_length=24)
    full_name = fields.CharField(max_length=120)
    born_on = fields.DateField(null=True)
    sex = fields.CharEnumField(Sex, max_length=6, null=True)
    branch_id = fields.UUIDField(null=True)
    user_id = fields.UUIDField(null=True)
    enrolled_count = fields.IntField(generated=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "student"

    @property
    def enrolled(self) -> bool:
        return self.enrolled_count > 0

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None


class StudentGuardian(Model):
    """Who answers for a student; the primary guardian gets the bills and is told first."""

    id = fields.UUIDField(primary_key=True)
    student_id = fields.UUIDField()
    user_id = fields.UUIDField()
    relation = fields.CharEnumField(GuardianRelation, max_length=14)
    is_primary = fields.BooleanField()
    since_at = fields.DatetimeField()

    class Meta:
        table = "student_guardian"


class Teacher(Kept, Model):
    """Somebody who teaches here, or did; ``user_id`` for one who signs in. ``number`` is that of the contract."""

    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=24)
    full_name = fields.CharField(max_length=120)
    user_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "teacher"


class Teaching(Kept, Model):
    """Days on which a teacher is responsible for a class, or teaches a subject in it; both ends included."""

    id = fields.UUIDField(primary_key=True)
    teacher_id = fields.UUIDField()
    class_id = fields.UUIDField()
    subject_id = fields.UUIDField(null=True)
    from_on = fields.DateField()
    until_on = fields.DateField(null=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "teaching"

    @property
    def role(self) -> TeachingRole:
        return TeachingRole.CLASS_TEACHER if self.subject_id is None else TeachingRole.SUBJECT_TEACHER

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class TaughtClass(Model):
    """A class that a user teaches, or did until a day: a view of who teaches."""

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    class_id = fields.UUIDField()
    until_on = fields.DateField(null=True)

    class Meta:
        table = "taught_class"


class TaughtStudent(Model):
    """A student who was in a class on a day on which a user taught it: a view, in which a student is there for each stay."""

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()
    student_id = fields.UUIDField()
    until_on = fields.DateField(null=True)

    class Meta:
        table = "taught_student"
