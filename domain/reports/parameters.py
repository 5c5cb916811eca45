"""What a report can be asked for with: one vocabulary for all kinds, of which each kind takes a part.

A kind declares a subclass of :class:`Parameters` with those fields of :data:`VOCABULARY` that it understands, required or
with a default, and whatever validators they need.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from domain.kit.errors import DomainError, InvalidInput
from domain.kit.money import decimals_of

LONGEST_PERIOD: Final = timedelta(days=3_660)


def _known(currency: str) -> str:
    try:
        decimals_of(currency)
    except DomainError as refusal:
        raise ValueError(refusal.message) from None
    return currency


CurrencyCode = Annotated[str, AfterValidator(_known)]

VOCABULARY: Final[Mapping[str, str]] = {
    "from_date": "from",
    "to_date": "to",
    "as_of": "asOf",
    "currency": "currency",
    "account_id": "accountId",
    "branch_id": "branchId",
    "user_id": "userId",
    "loan_id": "loanId",
    "item_id": "itemId",
    "warehouse_id": "warehouseId",
    "import_id": "importId",
    "class_id": "classId",
    "student_id": "studentId",
}
"""Every parameter, and how clients call it."""


class Parameters(BaseModel):
    """What a kind of report takes. A parameter that it does not know is refused, so that nobody believes it was heard."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AsOf(Parameters):
    """A report of how things stood on a day; today when none is said."""

    as_of: date | None = None


class Period(Parameters):
    """A report of what happened from a day to a day, both included."""

    from_date: date
    to_date: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_date > self.to_date:
            raise ValueError("the first day is after the last")
        if self.to_date - self.from_date > LONGEST_PERIOD:
            raise ValueError("a period has ten years at most")
        return self


class AccountPeriod(Period):
    """What happened on one account in a period."""

    account_id: UUID


P = TypeVar("P", bound=Parameters)


def read_parameters(model: type[P], given: Mapping[str, Any]) -> P:
    """The parameters that were given; refused with the name of the first that is not right."""
    try:
        return model.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = [VOCABULARY.get(str(part), str(part)) for part in problem["loc"]]
        message = _MESSAGES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        raise InvalidInput(message, field=("input", "parameters", *path)) from None


_MESSAGES: Final = {"extra_forbidden": "this report does not take it", "missing": "this report needs it"}
