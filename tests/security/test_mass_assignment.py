"""Inputs take the fields that they declare, and none of these says who acts, or what only the system decides."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from domain.identity.permissions import Role
from schema.pipeline import RequestRefused
from tests.security.documents import every_operation, roots, the_schema
from tests.support.graphql import run
from tests.support.happenings import nothing_happens
from tests.support.people import somebody

pytestmark = pytest.mark.attack("mass assignment", on="Pipeline")

SLIPPED_IN: list[dict[str, Any]] = [{"isAdmin": True}, {"__proto__": {"roles": ["ADMIN"]}}, {"constructor": None}, {"": 1}]

DECIDED_BY_US = frozenset(
    """id createdAt createdBy createdById updatedAt updatedBy version balance availableBalance approvedBy approvedById
    postedBy postedById actorId ownerId permissions passwordHash verified kycVerified epoch replayed""".split()  # noqa: SIM905
)
"""What no input asks for, because the system or the token says it."""

PARTS = {"SchoolHolidayInput.id", "TermInput.id"}
"""Parts of a whole that is written anew, by their ids."""

PEOPLE = frozenset(["roles", "role", "userId"])
ABOUT_PEOPLE = {
    *["CreateUserInput.roles", "RegisterUserInput.roles", "ChangeRolesInput.roles", "ChangeRolesInput.userId"],
    *["AssignBranchInput.userId", "DeactivateUserInput.userId", "ReactivateUserInput.userId", "SetPhoneInput.userId"],
    *["LogoutEverywhereInput.userId", "ReportParametersInput.userId", "RemoveGuardianInput.userId"],
    *["UpsertGuardianInput.userId", "NewStudentInput.userId", "RegisterStudentInput.userId", "UpdateStudentInput.userId"],
    *["RegisterTeacherInput.userId", "UpdateTeacherInput.userId", "UpsertCustomerInput.userId"],
}
"""Inputs that name somebody, or roles: each service asks whether the actor may. Whoever adds one says so here."""


def inputs() -> list[GraphQLInputObjectType]:
    """The inputs of mutations, with those inside of them."""
    [mutations] = [root for root in roots() if root.name == "Mutation"]
    waiting: list[Any] = [get_named_type(each.type) for field in mutations.fields.values() for each in field.args.values()]
    found: dict[str, GraphQLInputObjectType] = {}
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, GraphQLInputObjectType) and type_.name not in found:
            found[type_.name] = type_
            waiting += [get_named_type(each.type) for each in type_.fields.values()]
    return sorted(found.values(), key=lambda each: each.name)


def test_no_input_asks_for_what_the_system_decides() -> None:
    found = {f"{each.name}.{name}" for each in inputs() for name in each.fields if name in DECIDED_BY_US}
    assert found == PARTS


def test_every_input_that_names_somebody_is_known() -> None:
    assert {f"{each.name}.{name}" for each in inputs() for name in each.fields if name in PEOPLE} == ABOUT_PEOPLE


@pytest.mark.usefixtures("database")
async def test_no_input_takes_a_field_that_it_does_not_have() -> None:
    admin = somebody(Role.ADMIN)
    assert the_schema().mutation_type is not None
    mutations = [each for each in every_operation() if each.kind == "Mutation" and "input" in each.variables]
    assert len(mutations) > 200
    slipped_in = cycle(SLIPPED_IN)
    async with nothing_happens():
        for mutation in mutations:
            given = {"input": mutation.variables["input"] | next(slipped_in)}
            with pytest.raises(RequestRefused) as refused:
                await run(admin, mutation.document, **given)
            assert refused.value.code == "INVALID_VARIABLES", mutation.name
