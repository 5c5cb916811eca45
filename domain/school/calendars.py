"""Academic years as the rules take them: with their terms and holidays, from the tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from domain.kit.database import fetch
from domain.school import models
from domain.school.rules.calendar import AcademicYear, Holiday, Span, Term


def calendar_of(
    year: models.AcademicYear, terms: Sequence[models.Term], holidays: Sequence[models.SchoolHoliday]
) -> AcademicYear:
    """Refuses with BadCalendar what cannot be one."""
    return AcademicYear(
        id=year.id,
        title=year.title,
        span=Span(year.starts_on, year.ends_on),
        terms=tuple(Term(each.id, each.title, Span(each.starts_on, each.ends_on)) for each in terms),
        holidays=tuple(Holiday(each.title, Span(each.starts_on, each.ends_on)) for each in holidays),
        weekdays=frozenset(year.weekdays),
    )


async def terms_of(year_ids: Collection[UUID]) -> dict[UUID, list[models.Term]]:
    """The terms of each year, in their order."""
    found: dict[UUID, list[models.Term]] = {year_id: [] for year_id in year_ids}
    for term in await models.Term.filter(year_id__in=list(year_ids)).order_by("position"):
        found[term.year_id].append(term)
    return found


async def holidays_of(year_ids: Collection[UUID]) -> dict[UUID, list[models.SchoolHoliday]]:
    """The holidays of each year, in the order of their days."""
    found: dict[UUID, list[models.SchoolHoliday]] = {year_id: [] for year_id in year_ids}
    for holiday in await models.SchoolHoliday.filter(year_id__in=list(year_ids)).order_by("starts_on", "id"):
        found[holiday.year_id].append(holiday)
    return found


async def years_of(year_ids: Collection[UUID]) -> Mapping[UUID, AcademicYear]:
    """Those of the years that there are."""
    terms, holidays = await terms_of(year_ids), await holidays_of(year_ids)
    years = await models.AcademicYear.filter(id__in=list(year_ids))
    return {year.id: calendar_of(year, terms[year.id], holidays[year.id]) for year in years}


async def year_of(year_id: UUID) -> AcademicYear | None:
    return (await years_of([year_id])).get(year_id)


async def locked_year_on(day: date) -> AcademicYear | None:
    """The year that a day is in, whose calendar stays as it is until the end of the unit of work."""
    # Shared: whoever marks reads it, and only who changes the calendar waits.
    rows = await fetch("select id from academic_year where $1 between starts_on and ends_on for share", day)
    return next(iter((await years_of([row["id"] for row in rows])).values()), None)
