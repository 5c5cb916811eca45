"""What clients send about promotions and runs."""

from __future__ import annotations

from domain.school.queries.promotion import PromotionWanted
from domain.school.states import PromotionDecision
from schema.kit import ID, attribute, idempotency_key, input_type, optional, read_id, read_optional_id
from schema.school import enums  # noqa: F401  describes the enums that are used here


@input_type("What is to become of one student when the class moves on.")
class PromotionDecisionInput:
    student_id: ID = attribute("The student, of the class.")
    decision: PromotionDecision = attribute("What is decided.")


@input_type("Which class moves on, where, and for when.")
class PromotionInput:
    from_class_id: ID = attribute("The class.")
    to_class_id: ID | None = optional(
        "Where it moves; the class that follows it when left out. Where none does, the students graduate."
    )
    repeat_class_id: ID | None = optional("Where those go who repeat; they stay in the class when left out.")
    from_year_id: ID = attribute("The year that ends.")
    from_term_id: ID | None = optional("The term that ends, of students who are enrolled for terms.")
    to_year_id: ID = attribute("The year that comes.")
    to_term_id: ID | None = optional("The term that comes; the whole year when left out.")
    decisions: list[PromotionDecisionInput] | None = optional(
        "What is decided about students by name, at most 1000; all others move on. The last one about a student holds."
    )

    def parse(self) -> PromotionWanted:
        decisions = {}
        for place, said in enumerate(self.decisions or ()):
            student_id = read_id("Student", said.student_id, "input", "decisions", str(place), "studentId")
            decisions[student_id] = said.decision
        return PromotionWanted(
            from_class_id=read_id("SchoolClass", self.from_class_id, "input", "fromClassId"),
            to_class_id=read_optional_id("SchoolClass", self.to_class_id, "input", "toClassId"),
            repeat_class_id=read_optional_id("SchoolClass", self.repeat_class_id, "input", "repeatClassId"),
            from_year_id=read_id("AcademicYear", self.from_year_id, "input", "fromYearId"),
            from_term_id=read_optional_id("Term", self.from_term_id, "input", "fromTermId"),
            to_year_id=read_id("AcademicYear", self.to_year_id, "input", "toYearId"),
            to_term_id=read_optional_id("Term", self.to_term_id, "input", "toTermId"),
            decisions=decisions,
        )


@input_type("Which class moves on, and the key that makes it happen once.")
class PromoteStudentsInput(PromotionInput):
    idempotency_key: str | None = idempotency_key()


@input_type("Which run.")
class SchoolRunInput:
    run_id: ID = attribute("The run.")
