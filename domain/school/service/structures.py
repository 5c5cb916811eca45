"""Fee structures: what a class or a programme is charged for a period, and by which terms. Made and changed; fees that were
charged by them before stay as they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.school import models
from domain.school.activities import note_activity
from domain.school.calendars import year_of
from domain.school.errors import (
    AcademicYearNotFound,
    BadFeeStructure,
    FeeStructureNotFound,
    ProgramNotFound,
    SchoolClassNotFound,
    TermNotFound,
)
from domain.school.events import FeeStructureChanged, FeeStructureFigures
from domain.school.models import FeeSchedule, FeeScheduleLine, FeeStructure, FeeStructureLine
from domain.school.rules.structure import Component
from domain.school.rules.terms import FeeTerms, kept, kept_discounts
from domain.school.service.categories import require_categories
from domain.school.states import SchoolChange
from domain.school.tariffs import INPUT, Tariff, bad_structure, read_tariff, require_chargeable, visible_structures
from domain.school.words import line, require_version

MAX_TITLE: Final = 120
MAX_SCHEDULES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A part of a structure that is charged on its own, known by its title; due by the plan, or on a day of its own."""

    title: str
    asked: Sequence[tuple[str, Money]]
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class StructureDraft:
    """What is said of a structure. ``terms`` and ``discounts`` are in the form in which they are kept."""

    title: str
    currency: str
    year_id: UUID
    lines: Sequence[Component]
    class_id: UUID | None = None
    program_id: UUID | None = None
    term_id: UUID | None = None
    terms: Mapping[str, Any] = dataclasses.field(default_factory=lambda: kept(FeeTerms()))
    plan_kinds: Sequence[str] = ()
    discounts: Sequence[Mapping[str, Any]] = ()
    schedules: Sequence[Schedule] = ()
    active: bool = True


_NEEDED: Final = {"title": "title", "currency": "currency", "year_id": "yearId", "lines": "lines"}
_SETTLED: Final = {
    "currency": "currency",
    "year_id": "yearId",
    "term_id": "termId",
    "class_id": "classId",
    "program_id": "programId",
}
"""What a structure is about: it stays, once somebody was charged by it."""


@retried
async def upsert_fee_structure(
    actor: Actor, *, structure_id: UUID | None, said: Mapping[str, Any], expected_version: int | None = None
) -> FeeStructure:
    """A structure made, or changed in what is ``said`` of it, by the names of :class:`StructureDraft`.

    What it is about stays once somebody was charged by it. Refuses with BAD_FEE_STRUCTURE, the field saying what does not
    fit, FEE_CATEGORY_NOT_FOUND and RECORD_CHANGED.
    """
    actor.require(Permission.FEES_MANAGE)
    said = _in_order(said)
    async with unit_of_work() as work:
        if structure_id is None:
            return await _make(work, actor, _draft(said))
        structure = await _locked(actor, structure_id)
        require_version(structure, expected_version)
        before = await draft_of(structure)
        draft = dataclasses.replace(before, **said)
        if draft == before:
            return structure
        await _require_settled(structure, draft)
        await _keep(structure, draft, actor)
        structure.touch()
        await structure.save()
        await _tell(work, actor, structure, _change(before, draft))
    return structure


async def draft_of(structure: FeeStructure) -> StructureDraft:
    """What was said of a structure."""
    lines = await FeeStructureLine.filter(structure_id=structure.id).order_by("position")
    return StructureDraft(
        title=structure.title,
        currency=structure.currency,
        year_id=structure.year_id,
        lines=tuple(each.component(structure.currency) for each in lines),
        class_id=structure.class_id,
        program_id=structure.program_id,
        term_id=structure.term_id,
        terms=structure.terms,
        plan_kinds=tuple(structure.plan_kinds),
        discounts=tuple(structure.discounts),
        schedules=await schedules_of(structure),
        active=structure.active,
    )


async def schedules_of(structure: FeeStructure) -> tuple[Schedule, ...]:
    """The parts of a structure that are charged on their own, the oldest first."""
    rows = await FeeSchedule.filter(structure_id=structure.id).order_by("created_at", "id")
    asked: dict[UUID, list[tuple[str, Money]]] = {row.id: [] for row in rows}
    for each in await FeeScheduleLine.filter(schedule_id__in=list(asked)).order_by("position"):
        asked[each.schedule_id].append((each.category_code, Money(each.amount_minor, structure.currency)))
    return tuple(Schedule(title=row.title, asked=tuple(asked[row.id]), due_on=row.due_on) for row in rows)


def _in_order(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said as it is kept: lists that stay, titles trimmed."""
    found = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    if "title" in found:
        found["title"] = line(str(found["title"]), MAX_TITLE, "title")
    if "schedules" in found:
        found["schedules"] = tuple(
            dataclasses.replace(each, title=line(each.title, MAX_TITLE, "schedules"), asked=tuple(each.asked))
            for each in found["schedules"]
        )
    return found


def _draft(said: Mapping[str, Any]) -> StructureDraft:
    for name, field in _NEEDED.items():
        if said.get(name) is None:
            raise InvalidInput("a new fee structure says this", field=("input", field))
    return StructureDraft(**said)


async def _make(work: Work, actor: Actor, draft: StructureDraft) -> FeeStructure:
    moment = clock.now()
    structure = FeeStructure(id=new_id(), created_by_id=actor.id, created_at=moment, updated_at=moment)
    await _keep(structure, draft, actor, new=True)
    await _tell(work, actor, structure, SchoolChange.CREATED)
    return structure


async def _keep(structure: FeeStructure, draft: StructureDraft, actor: Actor, *, new: bool = False) -> None:
    """Write down what is said, once all of it fits together; saving a structure that there was is left to the caller."""
    branch_id = await _branch_of(actor, draft)
    tariff = await _read(draft)
    await require_categories([component.category for component in draft.lines], *INPUT, "lines")
    structure.update_from_dict(
        {
            "title": draft.title,
            "class_id": draft.class_id,
            "program_id": draft.program_id,
            "year_id": draft.year_id,
            "term_id": draft.term_id,
            "branch_id": branch_id,
            "currency": draft.currency,
            "terms": kept(tariff.terms),
            "plan_kinds": [kind.value for kind in tariff.plan_kinds],
            "discounts": kept_discounts(tariff.discounts),
            "active": draft.active,
        }
    )
    if new:
        await structure.save(force_create=True)
    await _keep_lines(structure, draft)
    await _keep_schedules(structure, draft, actor)


async def _read(draft: StructureDraft) -> Tariff:
    """The draft in the words of the rules, if it could be charged."""
    await _require_term(draft)
    if any(component.amount.currency != draft.currency for component in draft.lines):
        raise BadFeeStructure(f"the structure is in {draft.currency}", field=(*INPUT, "lines"))
    titles = [each.title for each in draft.schedules]
    if len(set(titles)) < len(titles) or len(titles) > MAX_SCHEDULES:
        raise BadFeeStructure(f"there are up to {MAX_SCHEDULES} schedules, no two of one title", field=(*INPUT, "schedules"))
    year = await year_of(draft.year_id)
    if year is None:
        raise AcademicYearNotFound
    with bad_structure(*INPUT):
        tariff = read_tariff(draft.lines, draft.terms, draft.plan_kinds, draft.discounts, year, draft.term_id)
        require_chargeable(tariff, {each.title: each.asked for each in draft.schedules})
    return tariff


async def _require_term(draft: StructureDraft) -> None:
    if draft.term_id is not None and not await models.Term.exists(id=draft.term_id, year_id=draft.year_id):
        raise TermNotFound(field=(*INPUT, "termId"))


async def _branch_of(actor: Actor, draft: StructureDraft) -> UUID | None:
    """The campus of the class, which the actor sees; a programme is the whole school's."""
    if (draft.class_id is None) == (draft.program_id is None):
        raise BadFeeStructure("a structure is of a class or of a programme", field=(*INPUT, "classId"))
    if draft.class_id is None:
        program = await models.Program.get_or_none(id=draft.program_id)
        if program is None or not actor.sees_branch(None):
            raise ProgramNotFound(field=(*INPUT, "programId"))
        return None
    found = await models.SchoolClass.get_or_none(id=draft.class_id)
    if found is None or not actor.sees_branch(found.branch_id):
        raise SchoolClassNotFound(field=(*INPUT, "classId"))
    return found.branch_id


async def _require_settled(structure: FeeStructure, draft: StructureDraft) -> None:
    for name, field in _SETTLED.items():
        if getattr(structure, name) != getattr(draft, name) and await _charged(structure.id):
            raise BadFeeStructure("this stays, because fees were charged by the structure", field=(*INPUT, field))


async def _charged(structure_id: UUID) -> bool:
    return await models.SchoolFee.exists(structure_id=structure_id)


async def _keep_lines(structure: FeeStructure, draft: StructureDraft) -> None:
    await FeeStructureLine.filter(structure_id=structure.id).delete()
    await FeeStructureLine.bulk_create(
        [
            FeeStructureLine(
                id=new_id(),
                structure_id=structure.id,
                position=position,
                category_code=each.category,
                amount_minor=each.amount.amount_minor,
                prorated=each.prorated,
                refundable=each.refundable,
            )
            for position, each in enumerate(draft.lines, 1)
        ]
    )


async def _keep_schedules(structure: FeeStructure, draft: StructureDraft, actor: Actor) -> None:
    """Those with a title that there was stay what they are, and the others go, unless somebody was charged by them."""
    known = {row.title: row for row in await FeeSchedule.filter(structure_id=structure.id)}
    gone = [row for title, row in known.items() if title not in {each.title for each in draft.schedules}]
    if await models.SchoolFee.exists(schedule_id__in=[row.id for row in gone]):
        raise BadFeeStructure("a schedule stays once somebody was charged by it", field=(*INPUT, "schedules"))
    await FeeSchedule.filter(id__in=[row.id for row in gone]).delete()
    for each in draft.schedules:
        row = known.get(each.title)
        if row is None:
            row = await FeeSchedule.create(
                id=new_id(),
                structure_id=structure.id,
                title=each.title,
                due_on=each.due_on,
                created_by_id=actor.id,
                created_at=clock.now(),
            )
        elif row.due_on != each.due_on:
            row.due_on = each.due_on
            await row.save(update_fields=["due_on"])
        await FeeScheduleLine.filter(schedule_id=row.id).delete()
        await FeeScheduleLine.bulk_create(
            [
                FeeScheduleLine(
                    id=new_id(),
                    schedule_id=row.id,
                    position=position,
                    category_code=category,
                    amount_minor=amount.amount_minor,
                )
                for position, (category, amount) in enumerate(each.asked, 1)
            ]
        )


async def _locked(actor: Actor, structure_id: UUID) -> FeeStructure:
    found = await visible_structures(actor).filter(id=structure_id).select_for_update(no_key=True).get_or_none()
    if found is None or not actor.sees_branch(found.branch_id):
        raise FeeStructureNotFound
    return found


def _change(before: StructureDraft, after: StructureDraft) -> SchoolChange:
    if before.active is after.active:
        return SchoolChange.EDITED
    return SchoolChange.REACTIVATED if after.active else SchoolChange.DEACTIVATED


async def _tell(work: Work, actor: Actor, structure: FeeStructure, change: SchoolChange) -> None:
    draft = await draft_of(structure)
    total = Money(sum(each.amount.amount_minor for each in draft.lines), structure.currency)
    work.record(FeeStructureChanged(structure=FeeStructureFigures.of(structure, total=total), change=change))
    await note_activity(
        work,
        actor,
        f"fee_structure_{change.value.lower()}",
        subject_kind="fee_structure",
        subject_id=structure.id,
        branch_id=structure.branch_id,
        title=f"Fee structure {structure.title}",
        data={"total": total, "active": structure.active, "version": structure.version},
    )
