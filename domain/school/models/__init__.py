"""The tables of the school. Sums, days and arrows are guarded in the database as well; see the migrations."""

from domain.school.models.calendar import AcademicYear

__all__ = [
    "AcademicYear",
]
