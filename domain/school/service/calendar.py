"""The calendar: academic years with their terms and holidays are opened and changed.

A change never takes away a day on which somebody was marked, and moves nobody out of the period that they are enrolled for:
who is in a class from the first day of a period, or to its last, is so still when those days are others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.kit.wording import counted
from domain.school import models
from domain.school.activities import note_activity
from domain.school.calendars import calendar_of, holidays_of, terms_of
from domain.school.errors import (
    AcademicYearNotFound,
    AcademicYearTaken,
    AttendanceInTheWay,
    BadCalendar,
    EnrolmentsInTheWay,
    HolidayNotFound,
    TermNotFound,
)
from domain.school.events import AcademicYearFigures, CalendarChanged, HolidayFigures, TermFigures
from domain.school.rules import calendar as rules
from domain.school.rules import people
from domain.school.rules.calendar import MONDAY_TO_FRIDAY, AcademicYear
from domain.school.service.desk import changed, new_row, read, refusals_of_tables, refuse_nothing, require_version
from domain.school.states import SchoolChange

# The days ($1) on which somebody was marked.
MARKED: Final = (
    "select count(*) from unnest($1::date[]) as d (day) where exists (select from attendance where on_date = day)"
)

# Stays of a period (year $1, term $2 or none) from its first and to its last day ($3, $4), as they are when those days are
# others ($5, $6); who left early had another last day of their own.
_MOVED: Final = """
select s.id, case when s.from_on = $3 then $5 else s.from_on end as from_on,
       case when s.until_on = $4 and e.status not in ('TRANSFERRED', 'WITHDRAWN') then $6 else s.until_on end as until_on
from enrolment_stay s join enrolment e on e.id = s.enrolment_id
where e.year_id = $1 and e.term_id is not distinct from $2
"""
ASTRAY: Final = f"select count(*) from ({_MOVED}) s where from_on > until_on or from_on < $5 or until_on > $6"
MOVE: Final = f"""
update enrolment_stay set from_on = moved.from_on, until_on = moved.until_on from ({_MOVED}) moved
where enrolment_stay.id = moved.id
  and (enrolment_stay.from_on, enrolment_stay.until_on) is distinct from (moved.from_on, moved.until_on)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDraft:
    """A term as it is to be; without an id it is a new one."""

    title: str
    starts_on: date
    ends_on: date
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayDraft:
    """A holiday as it is to be; without an id it is a new one."""

    title: str
    starts_on: date
    ends_on: date
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year with its terms and holidays, as rows and as the rules take it."""

    year: models.AcademicYear
    terms: Sequence[models.Term]
    holidays: Sequence[models.SchoolHoliday]
    rule: AcademicYear

    @classmethod
    def of(
        cls, year: models.AcademicYear, terms: Sequence[models.Term], holidays: Sequence[models.SchoolHoliday]
    ) -> Calendar:
        with _refused_by_rules():
            return cls(year, terms, holidays, calendar_of(year, terms, holidays))


@retried
async def open_year(
    actor: Actor,
    *,
    title: str,
    starts_on: date,
    ends_on: date,
    weekdays: Iterable[int] = MONDAY_TO_FRIDAY,
    terms: Sequence[TermDraft] = (),
    holidays: Sequence[HolidayDraft] = (),
) -> models.AcademicYear:
    """Open an academic year; terms are put in the order of their days. What lies where it cannot is BAD_CALENDAR."""
    actor.require(Permission.SCHOOL_MANAGE)
    columns = _read({"title": title, "starts_on": starts_on, "ends_on": ends_on, "weekdays": weekdays})
    async with unit_of_work() as work:
        year = models.AcademicYear(**new_row(actor), **columns)
        opened = Calendar.of(year, _terms(year.id, terms, ()), _holidays(year.id, holidays, ()))
        await _require_apart(opened.rule)
        with _taken():
            await year.save(force_create=True)
        await models.Term.bulk_create(opened.terms)
        await models.SchoolHoliday.bulk_create(opened.holidays)
        await _tell(work, actor, opened, SchoolChange.CREATED)
    return year


@retried
async def change_year(
    actor: Actor,
    *,
    year_id: UUID,
    said: Mapping[str, Any],
    terms: Sequence[TermDraft] | None = None,
    holidays: Sequence[HolidayDraft] | None = None,
    add_holidays: Sequence[HolidayDraft] = (),
    expected_version: int | None = None,
) -> models.AcademicYear:
    """Change a year; ``said`` is by its columns, and what is not said stays.

    ``terms`` and ``holidays`` are all that there are from now on: those that are known by their ids change, the others are
    new, and who is not among them is removed. Refuses with ATTENDANCE_IN_THE_WAY to take away a day on which somebody was
    marked, and with ENROLMENTS_IN_THE_WAY to leave somebody's days in a class outside the period.
    """
    actor.require(Permission.SCHOOL_MANAGE)
    columns = _read(said)
    async with unit_of_work() as work:
        before = await _locked(year_id)
        require_version(before.year, expected_version)
        year = before.year.update_from_dict(changed(before.year, columns))
        left = before.holidays if holidays is None else _holidays(year.id, holidays, before.holidays)
        after = Calendar.of(
            year,
            before.terms if terms is None else _terms(year.id, terms, before.terms),
            [*left, *_holidays(year.id, add_holidays, ())],
        )
        if after.rule == before.rule:
            return year
        await _require_apart(after.rule)
        await _require_unmarked(work, before.rule, after.rule)
        with _taken():
            year.touch()
            await year.save()
        await _write_parts(before, after)
        await _move_stays(work, before.rule, after.rule)
        await _tell(work, actor, after, SchoolChange.EDITED)
    return year


async def _locked(year_id: UUID) -> Calendar:
    year = await models.AcademicYear.filter(id=year_id).select_for_update(no_key=True).get_or_none()
    if year is None:
        raise AcademicYearNotFound
    return Calendar.of(year, (await terms_of([year_id]))[year_id], (await holidays_of([year_id]))[year_id])


_READERS: Final[Mapping[str, Any]] = {"title": people.title, "weekdays": lambda days: sorted(set(days))}


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    refuse_nothing(said, "title", "starts_on", "ends_on", "weekdays")
    return read(said, _READERS)


def _terms(year_id: UUID, drafts: Sequence[TermDraft], known: Sequence[models.Term]) -> list[models.Term]:
    """Rows of what is wanted, in the order of their days."""
    _require_known([draft.id for draft in drafts], {term.id for term in known}, TermNotFound(field=("input", "terms")))
    return [
        models.Term(id=draft.id or new_id(), year_id=year_id, position=position, **_days(draft))
        for position, draft in enumerate(sorted(drafts, key=lambda draft: draft.starts_on), 1)
    ]


def _holidays(
    year_id: UUID, drafts: Sequence[HolidayDraft], known: Sequence[models.SchoolHoliday]
) -> list[models.SchoolHoliday]:
    missing = HolidayNotFound(field=("input", "holidays"))
    _require_known([draft.id for draft in drafts], {holiday.id for holiday in known}, missing)
    return [models.SchoolHoliday(id=draft.id or new_id(), year_id=year_id, **_days(draft)) for draft in drafts]


def _days(draft: TermDraft | HolidayDraft) -> dict[str, Any]:
    return {**read({"title": draft.title}, _READERS), "starts_on": draft.starts_on, "ends_on": draft.ends_on}


def _require_known(ids: Sequence[UUID | None], known: set[UUID], missing: TermNotFound | HolidayNotFound) -> None:
    said = [each for each in ids if each is not None]
    if not known.issuperset(said):
        raise missing
    if len(set(said)) < len(said):
        raise InvalidInput("the same one is there twice", field=missing.field)


async def _require_apart(wanted: AcademicYear) -> None:
    """Asked of those that there are; of one that is opened at the same moment the table knows."""
    others = await models.AcademicYear.filter(starts_on__lte=wanted.span.ends_on, ends_on__gte=wanted.span.starts_on)
    with _refused_by_rules():
        rules.require_apart(wanted, [calendar_of(other, (), ()) for other in others])


async def _require_unmarked(work: Work, before: AcademicYear, after: AcademicYear) -> None:
    marked = await work.fetchval(MARKED, sorted(rules.days_lost(before, after)))
    if marked:
        raise AttendanceInTheWay(
            f"students were marked on {marked} of the days that would be none of school", days=marked, field=("input",)
        )


async def _write_parts(before: Calendar, after: Calendar) -> None:
    """The terms and holidays that are gone, another or new."""
    for model, old, new in (
        (models.Term, before.terms, after.terms),
        (models.SchoolHoliday, before.holidays, after.holidays),
    ):
        known = {row.id: _columns(row) for row in old}
        gone = known.keys() - {row.id for row in new}
        if gone:
            await _remove(model, gone)
        for row in new:
            if row.id not in known:
                await row.save(force_create=True)
            elif _columns(row) != known[row.id]:
                await row.save(force_update=True)


def _columns(row: models.Term | models.SchoolHoliday) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row._meta.db_fields}


async def _remove(model: type[models.Term] | type[models.SchoolHoliday], ids: Iterable[UUID]) -> None:
    """What nothing refers to."""
    try:
        await model.filter(id__in=list(ids)).delete()
    except IntegrityError:
        raise EnrolmentsInTheWay(
            "students are enrolled, or fees charged, for a term that is to go", field=("input", "terms")
        ) from None


async def _move_stays(work: Work, before: AcademicYear, after: AcademicYear) -> None:
    """Whoever was in a class to the end of a period is so to its new end, and the same for its beginning."""
    for term_id in (None, *(term.id for term in before.terms if after.term(term.id) is not None)):
        was, becomes = before.period(term_id), after.period(term_id)
        if was == becomes:
            continue
        period = (after.id, term_id, was.starts_on, was.ends_on, becomes.starts_on, becomes.ends_on)
        astray = await work.fetchval(ASTRAY, *period)
        if astray:
            raise EnrolmentsInTheWay(
                f"{counted(astray, 'student')} would be in a class outside the period", field=("input",)
            )
        await work.execute(MOVE, *period)


async def _tell(work: Work, actor: Actor, calendar: Calendar, change: SchoolChange) -> None:
    figures = AcademicYearFigures.of(
        calendar.year,
        terms=[TermFigures.of(term) for term in calendar.terms],
        holidays=[HolidayFigures.of(holiday) for holiday in sorted(calendar.holidays, key=lambda each: each.starts_on)],
    )
    work.record(CalendarChanged(year=figures, change=change))
    await note_activity(
        work,
        actor,
        "calendar_changed",
        subject_kind="academic_year",
        subject_id=calendar.year.id,
        title=f"Academic year {calendar.year.title} {'opened' if change is SchoolChange.CREATED else 'changed'}",
        data={"starts_on": calendar.year.starts_on, "ends_on": calendar.year.ends_on, "terms": len(calendar.terms)},
    )


@contextmanager
def _refused_by_rules() -> Iterator[None]:
    try:
        yield
    except rules.BadCalendar as refused:
        raise BadCalendar(str(refused), field=("input",)) from None


def _taken() -> Any:
    return refusals_of_tables(
        {
            "academic_year_title_is_unique": lambda: AcademicYearTaken("another academic year has this title"),
            "academic_years_do_not_overlap": lambda: BadCalendar("this overlaps another academic year", field=("input",)),
            "academic_year_runs_forward": lambda: BadCalendar("the year ends before it begins", field=("input",)),
        }
    )
