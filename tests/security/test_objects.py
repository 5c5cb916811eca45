"""Rows of somebody else are not there: by any id, through any field, in any list, and for any feed.

The tables are filled with imagined rows, which belong to people who are none of those who ask.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest
from graphql import GraphQLField, get_named_type, is_required_argument
from tortoise.models import Model

from domain.identity.actor import Actor
from domain.identity.permissions import SELF_REGISTERED, Permission, Role
from domain.identity.service import create_api_key
from domain.kit.ids import new_id
from domain.kit.unit_of_work import unit_of_work
from schema.kit import encode_id
from schema.kit.finish import rule_of
from schema.kit.nodes import NodeKind, every_node_kind, is_node_type
from schema.pipeline import RequestRefused
from tests.security.documents import Operation, operation_of, places_of, roots, type_of_id, with_value
from tests.security.test_matrix import code_of
from tests.support.graphql import run
from tests.support.imagined import every_model, imagined_rows
from tests.support.people import an_actor, somebody

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.attack("object-level authorisation", on="Pipeline")]

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
STRANGERS = [pytest.param((role,), id=role.value) for role in sorted(SELF_REGISTERED)] + [
    pytest.param((Role.TEACHER,), id="TEACHER"),
    pytest.param((Role.STOREKEEPER,), id="STOREKEEPER"),
    pytest.param((Role.LOAN_OFFICER,), id="LOAN_OFFICER"),
]
"""Customers, and staff of a branch and of classes that no row belongs to."""

EVERYBODYS = {"Branch"}
_CALENDAR = {"AcademicYear", "Program", "SchoolHoliday", "Subject", "Term"}
SEEN: dict[Role, set[str]] = {
    Role.BORROWER: {"LoanProduct"},
    # Those that are offered to all investors.
    Role.INVESTOR: {"Invoice"},
    Role.GUARDIAN: _CALENDAR,
    Role.TEACHER: _CALENDAR,
    # What a mill has in common for all of its branches.
    Role.STOREKEEPER: {"BillOfMaterials", "Customer", "Item", "ItemUnit", "Supplier"},
    # Service sessions are the whole house's.
    Role.LOAN_OFFICER: {"LoanProduct", "ServiceSession"},
}
"""Types of which somebody in a role sees rows that are not their own."""


async def ids_of_rows(kind: NodeKind) -> list[str]:
    """Ids of that type: of its own rows, or of those of every table where the type is made of several."""
    is_table = isinstance(kind.rows, type) and issubclass(kind.rows, Model)
    keys = await keys_of(kind.rows) if is_table else []
    for model in () if keys else every_model():
        keys += await keys_of(model)
    return [encode_id(kind.name, key) for key in keys if isinstance(key, UUID | int)]


async def keys_of(model: type[Model]) -> list[Any]:
    return list(await model.all().values_list(model._meta.pk_attr, flat=True))


async def seen_of(stranger: Actor, ids: list[str]) -> set[str]:
    """The types of those that are there; a type that is nobody's without a permission is refused as a whole."""
    answer = orjson.loads((await run(stranger, NODES, ids=ids)).to_bytes())
    if "errors" in answer:
        assert {each["extensions"]["code"] for each in answer["errors"]} == {"FORBIDDEN"}
        return set()
    return {each["__typename"] for each in answer["data"]["nodes"] if each is not None}


def may_be_seen(roles: tuple[Role, ...]) -> set[str]:
    return EVERYBODYS.union(*(SEEN.get(role, set()) for role in roles))


@pytest.mark.parametrize("roles", STRANGERS)
async def test_no_id_opens_a_row_of_somebody_else(roles: tuple[Role, ...]) -> None:
    stranger = somebody(*roles)
    seen = set()
    async with imagined_rows(rows=3):
        for kind in every_node_kind():
            ids = await ids_of_rows(kind)
            assert ids, f"there is no {kind.name}"
            for start in range(0, len(ids), 100):
                seen |= await seen_of(stranger, ids[start : start + 100])
    assert seen == may_be_seen(roles)


def readers() -> Iterator[tuple[str, GraphQLField, dict[str, str]]]:
    """Queries that take ids of objects: of which types, by argument."""
    for name, field in queries().items():
        about = get_named_type(field.type).name
        ids = {key: type_of_id(key, about) for key, each in field.args.items() if get_named_type(each.type).name == "ID"}
        known = {key: type_name for key, type_name in ids.items() if is_node_type(type_name)}
        if known and name not in ("node", "nodes"):
            yield name, field, known


def lists() -> Iterator[tuple[str, GraphQLField, str]]:
    """Queries that answer a page of objects, of which type, without being told any argument."""
    for name, field in queries().items():
        edges = getattr(get_named_type(field.type), "fields", {}).get("nodes")
        if edges is not None and not any(is_required_argument(each) for each in field.args.values()):
            yield name, field, get_named_type(edges.type).name


def queries() -> dict[str, GraphQLField]:
    [root] = [root for root in roots() if root.name == "Query"]
    return root.fields


async def shown_of(stranger: Actor, operation: Operation) -> Any:
    """What is there of it: nothing when it is refused, and of a page its rows."""
    try:
        answer = orjson.loads((await run(stranger, operation.document, **operation.variables)).to_bytes())
    except RequestRefused as refused:
        if refused.code != "FORBIDDEN":
            raise
        return None
    codes = [each["extensions"]["code"] for each in answer.get("errors", ())]
    assert "INTERNAL" not in codes, operation
    value = None if codes else answer["data"][operation.name]
    return value["nodes"] if isinstance(value, dict) and "nodes" in value else value


@pytest.mark.parametrize("roles", STRANGERS)
async def test_no_field_shows_an_object_of_somebody_else(roles: tuple[Role, ...]) -> None:
    stranger, shown, tried = somebody(*roles), {}, 0
    kinds = {kind.name: kind for kind in every_node_kind()}
    async with imagined_rows(rows=2):
        for name, field, ids in readers():
            for argument, type_name in ids.items():
                if type_name in may_be_seen(roles):
                    continue
                leaf = (await ids_of_rows(kinds[type_name]))[0]
                value = [leaf] if "[" in str(field.args[argument].type) else leaf
                found = await shown_of(stranger, operation_of("Query", name, field, {argument: value}))
                tried += 1
                if found:
                    shown[f"{name}({argument})"] = found
    assert tried > 20
    assert shown == {}


@pytest.mark.parametrize("roles", STRANGERS)
async def test_no_list_has_rows_of_somebody_else(roles: tuple[Role, ...]) -> None:
    stranger, shown, tried = somebody(*roles), {}, 0
    async with imagined_rows(rows=2):
        for name, field, type_name in lists():
            if type_name not in may_be_seen(roles):
                tried += 1
                found = await shown_of(stranger, operation_of("Query", name, field))
                if found:
                    shown[name] = found
    assert tried > 20
    assert shown == {}


def acts() -> Iterator[tuple[str, GraphQLField, tuple[str, ...], str]]:
    """Mutations that take ids of objects: where in their input, and of which type."""
    [root] = [root for root in roots() if root.name == "Mutation"]
    for name, field in root.fields.items():
        for path, type_ in places_of(field):
            type_name = type_of_id(path[-1], "")
            if get_named_type(type_).name == "ID" and is_node_type(type_name):
                yield name, field, path, type_name


class _Undone(Exception):
    """Nothing of it stays."""


async def refusal_of(stranger: Actor, operation: Operation) -> str | None:
    """With which code an act is refused; whatever it did is undone."""
    code: str | None = None
    async with unit_of_work() as work:
        try:
            async with work.savepoint():
                code = await code_of(stranger, operation)
                raise _Undone
        except _Undone:
            pass
    return code


REFUSED_BEFORE_IT_IS_LOOKED_FOR = {"MPESA_NOT_CONFIGURED", "REPORT_KIND_UNKNOWN", "CHANNEL_NOT_POSSIBLE"}
"""What else is wrong with the smallest input of some acts."""


@pytest.mark.parametrize("roles", STRANGERS)
async def test_nobody_acts_on_an_object_of_somebody_else(roles: tuple[Role, ...]) -> None:
    stranger = dataclasses.replace(somebody(*roles), session_id=new_id())
    kinds, codes = {kind.name: kind for kind in every_node_kind()}, {}
    async with imagined_rows(rows=1):
        for name, field, path, type_name in acts():
            if rule_of(field).requires in stranger.permissions and type_name not in may_be_seen(roles):
                [leaf, *_] = await ids_of_rows(kinds[type_name])
                code = await refusal_of(stranger, operation_of("Mutation", name, field, with_value(field, path, leaf)))
                codes[f"{name}({'.'.join(path)})"] = code or "it was done"
    assert len(codes) > 5
    not_there = {place for place, code in codes.items() if code.endswith("NOT_FOUND") or code == "FORBIDDEN"}
    assert {
        place: codes[place] for place in codes.keys() - not_there if codes[place] not in REFUSED_BEFORE_IT_IS_LOOKED_FOR
    } == {}


async def test_a_cursor_of_somebody_elses_list_shows_ones_own_alone() -> None:
    """Keys, the newest first: whatever lies before or behind the place of another's, it is one's own."""
    asha, brian = await an_actor(), await an_actor()
    for actor in (asha, brian, asha):
        await create_api_key(actor, name=f"Key of {actor.id}", scopes=[Permission.WALLET_USE])
    [page] = (await answer_to(asha, "{ apiKeys { edges { cursor } nodes { id name } } }")).values()
    seen = set()
    for edge in page["edges"]:
        for place in ("after", "before"):
            document = f'{{ apiKeys({place}: "{edge["cursor"]}") {{ nodes {{ name }} }} }}'
            seen |= {each["name"] for each in (await answer_to(brian, document))["apiKeys"]["nodes"]}
    assert seen == {f"Key of {brian.id}"}


async def answer_to(actor: Actor, document: str) -> Any:
    return orjson.loads((await run(actor, document)).to_bytes())["data"]
