"""Years opened and changed, programmes and subjects added, classes opened and closed."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.school.service import calendar, classes
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type, read_id, read_optional_id
from schema.school.calendar.inputs import (
    OpenAcademicYearInput,
    OpenSchoolClassInput,
    UpdateAcademicYearInput,
    UpdateSchoolClassInput,
    UpsertProgramInput,
    UpsertSubjectInput,
)
from schema.school.calendar.types import AcademicYear, Program, Subject
from schema.school.people.types import SchoolClass
from schema.school.said import said

MANAGE = Permission.SCHOOL_MANAGE


@payload_type("What came of an act on the calendar.")
class AcademicYearPayload(Payload):
    academic_year: AcademicYear | None = attribute("The year as it is now.")


@payload_type("What came of an act on a programme.")
class ProgramPayload(Payload):
    program: Program | None = attribute("The programme as it is now.")


@payload_type("What came of an act on a subject.")
class SubjectPayload(Payload):
    subject: Subject | None = attribute("The subject as it is now.")


@payload_type("What came of an act on a class.")
class SchoolClassPayload(Payload):
    school_class: SchoolClass | None = attribute("The class as it is now.")


@strawberry.type
class Mutation:
    @mutation(AcademicYearPayload, "Open an academic year with its terms and holidays.", requires=MANAGE)
    async def open_academic_year(self, info: Info, input: Annotated[OpenAcademicYearInput, argument("The year.")]) -> Answer:
        return Answer(academic_year=await calendar.open_year(info.context.actor, **input.parse()))

    @mutation(
        AcademicYearPayload,
        "Change an academic year, its terms or its holidays. No day is taken away on which somebody was marked; whoever is "
        "in a class to the end of a period is so to its new end.",
        requires=MANAGE,
    )
    async def update_academic_year(
        self, info: Info, input: Annotated[UpdateAcademicYearInput, argument("What changes.")]
    ) -> Answer:
        return Answer(academic_year=await calendar.change_year(info.context.actor, **input.parse()))

    @mutation(ProgramPayload, "Add a programme, or change one.", requires=MANAGE)
    async def upsert_program(self, info: Info, input: Annotated[UpsertProgramInput, argument("The programme.")]) -> Answer:
        program = await classes.upsert_program(
            info.context.actor,
            program_id=read_optional_id("Program", input.program_id, "input", "programId"),
            said=said(input, "program_id", "expected_version"),
            expected_version=input.expected_version,
        )
        return Answer(program=program)

    @mutation(SubjectPayload, "Add a subject, or change one.", requires=MANAGE)
    async def upsert_subject(self, info: Info, input: Annotated[UpsertSubjectInput, argument("The subject.")]) -> Answer:
        subject = await classes.upsert_subject(
            info.context.actor,
            subject_id=read_optional_id("Subject", input.subject_id, "input", "subjectId"),
            said=said(input, "subject_id", "expected_version"),
            expected_version=input.expected_version,
        )
        return Answer(subject=subject)

    @mutation(SchoolClassPayload, "Open a class of a programme on a campus.", requires=MANAGE)
    async def open_school_class(self, info: Info, input: Annotated[OpenSchoolClassInput, argument("The class.")]) -> Answer:
        return Answer(school_class=await classes.open_class(info.context.actor, said=input.parse()))

    @mutation(
        SchoolClassPayload,
        "Change a class, close one without students or open it again. Places that students have are not taken away.",
        requires=MANAGE,
    )
    async def update_school_class(
        self, info: Info, input: Annotated[UpdateSchoolClassInput, argument("What changes.")]
    ) -> Answer:
        changed = await classes.change_class(
            info.context.actor,
            class_id=read_id("SchoolClass", input.class_id, "input", "classId"),
            said=input.parse(),
            expected_version=input.expected_version,
        )
        return Answer(school_class=changed)
