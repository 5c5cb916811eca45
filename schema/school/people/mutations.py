"""Students registered, changed and deleted; guardians named; teachers registered and assigned."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.kit.idempotency import once
from domain.school.service import people, teaching
from schema.kit import Answer, Info, Payload, ReplayablePayload, argument, attribute, mutation, payload_type, read_id
from schema.school.people.inputs import (
    AssignTeacherInput,
    DeleteStudentInput,
    EndTeacherAssignmentInput,
    RegisterStudentInput,
    RegisterTeacherInput,
    RemoveGuardianInput,
    UpdateStudentInput,
    UpdateTeacherInput,
    UpsertGuardianInput,
)
from schema.school.people.types import Student, Teacher, TeachingAssignment

MANAGE = Permission.SCHOOL_MANAGE


@payload_type("What came of registering a student.")
class RegisterStudentPayload(ReplayablePayload):
    student: Student | None = attribute("The student.")


@payload_type("What came of an act on a student.")
class StudentPayload(Payload):
    student: Student | None = attribute("The student as they are now.")


@payload_type("What came of registering a teacher.")
class RegisterTeacherPayload(ReplayablePayload):
    teacher: Teacher | None = attribute("The teacher.")


@payload_type("What came of an act on a teacher.")
class TeacherPayload(Payload):
    teacher: Teacher | None = attribute("The teacher as they are now.")


@payload_type("What came of assigning a teacher.")
class AssignTeacherPayload(ReplayablePayload):
    assignment: TeachingAssignment | None = attribute("The assignment.")


@payload_type("What came of an act on an assignment.")
class TeachingAssignmentPayload(Payload):
    assignment: TeachingAssignment | None = attribute("The assignment as it is now.")


@strawberry.type
class Mutation:
    @mutation(RegisterStudentPayload, "Register a student, who is enrolled in nothing yet.", requires=MANAGE)
    async def register_student(self, info: Info, input: Annotated[RegisterStudentInput, argument("The student.")]) -> Answer:
        outcome = await once(input.idempotency_key, people.register_student, info.context.actor, said=input.parse())
        return Answer(student=outcome.result, replayed=outcome.replayed)

    @mutation(
        StudentPayload,
        "Change what is known of a student. Fees, receipts and postings that were written before keep the name of then.",
        requires=MANAGE,
    )
    async def update_student(self, info: Info, input: Annotated[UpdateStudentInput, argument("What changes.")]) -> Answer:
        student = await people.change_student(
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            said=input.parse(),
            expected_version=input.expected_version,
        )
        return Answer(student=student)

    @mutation(
        StudentPayload,
        "Delete a student who is not enrolled. What the books and the registers have of them stays.",
        requires=MANAGE,
    )
    async def delete_student(self, info: Info, input: Annotated[DeleteStudentInput, argument("Which student.")]) -> Answer:
        student = await people.delete_student(
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            expected_version=input.expected_version,
        )
        return Answer(student=student)

    @mutation(StudentPayload, "Name a guardian of a student, or say otherwise what they are.", requires=MANAGE)
    async def upsert_guardian(
        self, info: Info, input: Annotated[UpsertGuardianInput, argument("Who answers for whom.")]
    ) -> Answer:
        student = await people.set_guardian(
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            user_id=read_id("User", input.user_id, "input", "userId"),
            relation=input.relation,
            is_primary=input.is_primary,
        )
        return Answer(student=student)

    @mutation(StudentPayload, "Somebody answers for a student no more, and sees nothing of them.", requires=MANAGE)
    async def remove_guardian(
        self, info: Info, input: Annotated[RemoveGuardianInput, argument("Who, and for whom.")]
    ) -> Answer:
        student = await people.remove_guardian(
            info.context.actor,
            student_id=read_id("Student", input.student_id, "input", "studentId"),
            user_id=read_id("User", input.user_id, "input", "userId"),
        )
        return Answer(student=student)

    @mutation(RegisterTeacherPayload, "Register a teacher.", requires=MANAGE)
    async def register_teacher(self, info: Info, input: Annotated[RegisterTeacherInput, argument("The teacher.")]) -> Answer:
        outcome = await once(input.idempotency_key, teaching.register_teacher, info.context.actor, said=input.parse())
        return Answer(teacher=outcome.result, replayed=outcome.replayed)

    @mutation(TeacherPayload, "Change what is known of a teacher, or let them go.", requires=MANAGE)
    async def update_teacher(self, info: Info, input: Annotated[UpdateTeacherInput, argument("What changes.")]) -> Answer:
        teacher = await teaching.change_teacher(
            info.context.actor,
            teacher_id=read_id("Teacher", input.teacher_id, "input", "teacherId"),
            said=input.parse(),
            expected_version=input.expected_version,
        )
        return Answer(teacher=teacher)

    @mutation(
        AssignTeacherPayload,
        "Make a teacher responsible for a class, or let them teach a subject in it. One is responsible on a day.",
        requires=MANAGE,
    )
    async def assign_teacher(
        self, info: Info, input: Annotated[AssignTeacherInput, argument("Who, and for what.")]
    ) -> Answer:
        outcome = await once(input.idempotency_key, teaching.assign_teacher, info.context.actor, **input.parse())
        return Answer(assignment=outcome.result, replayed=outcome.replayed)

    @mutation(TeachingAssignmentPayload, "End an assignment on one of its days.", requires=MANAGE)
    async def end_teacher_assignment(
        self, info: Info, input: Annotated[EndTeacherAssignmentInput, argument("Which assignment.")]
    ) -> Answer:
        row = await teaching.end_assignment(
            info.context.actor,
            assignment_id=read_id("TeachingAssignment", input.assignment_id, "input", "assignmentId"),
            last_on=input.last_on,
            expected_version=input.expected_version,
        )
        return Answer(assignment=row)
