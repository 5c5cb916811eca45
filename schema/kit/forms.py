"""Forms that are looked at while they are filled in: what would be refused is the answer, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from domain.kit.errors import DomainError
from schema.kit.errors import Refusal, UserError
from schema.kit.fields import FieldRule, attribute
from schema.kit.types import object_type

ABOUT_SO_MANY_FAULTS = 10


@object_type("What is wrong with a form as it is filled in now. Nothing was written.")
class FormValidation:
    errors: list[UserError] = attribute(
        "All that the act would refuse; empty when it would not.", rule=FieldRule(size=ABOUT_SO_MANY_FAULTS, shared=True)
    )
    valid: bool = attribute("Whether nothing is wrong.")


class Validation:
    """The row behind a :class:`FormValidation`."""

    def __init__(self, problems: Sequence[DomainError]) -> None:
        self.errors = [Refusal.of(problem) for problem in problems]
        self.valid = not self.errors
