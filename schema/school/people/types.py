"""Classes, students, guardians and teachers as clients see them. Nobody sees more of a family than they have to do with."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.identity.queries import branches_by_id
from domain.identity.queries import people as users
from domain.kit import clock
from domain.school import models
from domain.school.events import AssignmentFigures, SchoolClassFigures, StudentFigures, TeacherFigures
from domain.school.queries import calendar
from domain.school.queries import people as queries
from domain.school.queries.enrolments import enrolments_of_students
from domain.school.queries.fees import fees_of_students
from domain.school.states import GuardianRelation, Sex, TeachingRole
from schema.identity.types import Branch, User
from schema.kit import ID, Info, Node, Parent, argument, attribute, field, global_id, node_type, object_type
from schema.kit.faces import show_as
from schema.kit.relations import relation, relations
from schema.school import enums  # noqa: F401  describes the enums that are used here
from schema.school.calendar.types import Program, Subject

if TYPE_CHECKING:
    from schema.school.enrolment.types import Enrolment
    from schema.school.fees.types import SchoolFee

# Both modules show the student of what they are about, and so this one learns of them late.
LazyEnrolment = Annotated["Enrolment", strawberry.lazy("schema.school.enrolment.types")]
LazyFee = Annotated["SchoolFee", strawberry.lazy("schema.school.fees.types")]


@node_type(models.SchoolClass, calendar.classes_by_id, "Students who are taught together.")
class SchoolClass(Node):
    code: str = attribute("Its code, unique in the school.")
    title: str = attribute("What it is called.")
    program_id: ID = global_id("Program", "The programme that it is of.")
    level: int = attribute("How far its students are: the youngest have the lowest number.")
    capacity: int | None = attribute("How many students it has places for; null for as many as come.")
    lessons: int = attribute("In how many lessons of a day its roll is called; 0 when it is called once a day.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    next_class_id: ID | None = global_id("SchoolClass", "The class that its students usually move on to.")
    active: bool = attribute("Whether it is taught.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was opened.")
    updated_at: datetime = attribute("When it last changed.")

    program: Program = relation(calendar.programs_by_id, "program_id", "The programme that it is of.")
    branch: Branch | None = relation(branches_by_id, "branch_id", "The campus; null for the whole school.")
    next_class: SchoolClass | None = relation(
        calendar.classes_by_id,
        "next_class_id",
        "The class that its students usually move on to, as far as the viewer may see.",
    )
    student_count: int = relation(calendar.enrolled_in, "id", "How many enrolments in it stand.", shared=True)

    @field(list["Student"], "Who is in it on a day, by name; nobody for who does not see the class as staff.", size=40)
    async def roll(
        self,
        found: Parent[models.SchoolClass],
        info: Info,
        on: Annotated[date | None, argument("The day; today when left out.")] = None,
    ) -> object:
        return await info.context.load_many(calendar.rolls, (found.id, on or clock.today()))

    teaching: list[TeachingAssignment] = relations(
        queries.assignments_of_classes,
        "id",
        "Who teaches in it, as long as it is not over: who is responsible for it first.",
        size=8,
    )


@object_type("Somebody who answers for a student.")
class Guardian:
    user_id: ID = global_id("User", "The user who it is.")
    full_name: str = attribute("The name.")
    relation: GuardianRelation = attribute("What they are to the student.")
    is_primary: bool = attribute("Whether they get the bills and are told first; one of a family is.")

    @field(User | None, "The user who it is, as far as the viewer may see.")
    async def user(self, guardian: Parent[queries.Guardian], info: Info) -> object:
        return await info.context.load(users, guardian.user_id)


@node_type(models.Student, queries.students_by_id, "Somebody who learns at the school, did, or wants to.")
class Student(Node):
    number: str = attribute("The number that the school gave, such as `STU-000001`.")
    admission_number: str = attribute("The admission number, unique in the school.")
    full_name: str = attribute("The name.")
    born_on: date | None = attribute("The day of birth, if it is known.")
    sex: Sex | None = attribute("As a register of pupils has it; null when it does not say.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    user_id: ID | None = global_id("User", "The user who the student is; null for who does not sign in.")
    enrolled_count: int = attribute("How many enrolments stand; whoever has one is a student of the school.")
    deleted_at: datetime | None = attribute("When they were deleted; what was written of them stays.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When they were registered.")
    updated_at: datetime = attribute("When it last changed.")

    branch: Branch | None = relation(branches_by_id, "branch_id", "The campus; null for the whole school.")
    guardians: list[Guardian] = relations(
        queries.guardians_of, "id", "Who answers for the student, the primary guardian first.", size=2
    )
    classes: list[SchoolClass] = relations(
        queries.classes_today, "id", "The classes that the student is in today: one of each programme.", size=1
    )
    enrolments: list[LazyEnrolment] = relations(
        enrolments_of_students, "id", "Those that the viewer may see, the newest first.", size=4
    )
    fees: list[LazyFee] = relations(
        fees_of_students,
        "id",
        "The fees that stand, the latest due first, 100 at most; none for who sees the student, and reads no fees.",
        size=10,
    )


@node_type(models.Teacher, queries.teachers_by_id, "Somebody who teaches at the school, or did.")
class Teacher(Node):
    number: str = attribute("The number of the contract, unique in the school.")
    full_name: str = attribute("The name.")
    user_id: ID | None = global_id("User", "The user who the teacher is; null for who does not sign in.")
    branch_id: ID | None = global_id("Branch", "The campus; null for the whole school.")
    active: bool = attribute("Whether they teach here.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When they were registered.")
    updated_at: datetime = attribute("When it last changed.")

    branch: Branch | None = relation(branches_by_id, "branch_id", "The campus; null for the whole school.")
    assignments: list[TeachingAssignment] = relations(
        queries.assignments_of_teachers,
        "id",
        "What they teach and taught, in classes that the viewer sees: the latest first.",
        size=5,
    )


@node_type(
    models.Teaching,
    queries.assignments_by_id,
    "Days on which a teacher is responsible for a class, or teaches a subject in it; both ends included.",
)
class TeachingAssignment(Node):
    teacher_id: ID = global_id("Teacher", "The teacher.")
    class_id: ID = global_id("SchoolClass", "The class.")
    subject_id: ID | None = global_id("Subject", "The subject; null for who is responsible for the class.")
    role: TeachingRole = attribute("What the teacher is to the class.")
    from_on: date = attribute("The first day.")
    until_on: date | None = attribute("The last day; null as long as nobody knows it.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was assigned.")
    updated_at: datetime = attribute("When it last changed.")

    teacher: Teacher | None = relation(queries.teachers_by_id, "teacher_id", "The teacher, as far as the viewer may see.")
    school_class: SchoolClass | None = relation(
        calendar.classes_by_id, "class_id", "The class, as far as the viewer may see."
    )
    subject: Subject | None = relation(
        calendar.subjects_by_id, "subject_id", "The subject; null for who is responsible for the class."
    )


show_as(SchoolClassFigures, "SchoolClass")
show_as(StudentFigures, "Student")
show_as(TeacherFigures, "Teacher")
show_as(AssignmentFigures, "TeachingAssignment")
