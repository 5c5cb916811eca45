"""A text that means harm, in every place where an operation takes a text: it is data, and never an accident of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, get_named_type

from domain.identity.permissions import Role
from schema.kit import encode_id
from tests.security.documents import Operation, operation_of, places_of, roots, with_value
from tests.security.test_matrix import code_of
from tests.support.people import an_actor

HOSTILE = "'); drop table ledger_account; -- \" %_\\ {{7*7}} ${7*7} \u202e\x1b"
"""Ends of literals, wildcards, templates, and characters that turn writing around."""

HARM: dict[str, list[Any]] = {
    "String": [HOSTILE, HOSTILE * 50],
    "ID": [HOSTILE, encode_id("User", HOSTILE), encode_id("Loan", "1 or 1=1")],
    "Cursor": [HOSTILE],
    "CurrencyCode": [HOSTILE],
    "Decimal": ["1; drop table ledger_account"],
    "Date": ["2030-01-01'--"],
    "DateTime": ["2030-01-01T00:00:00Z'--"],
}


def harmful(kind: str, name: str, field: GraphQLField) -> Iterator[Operation]:
    about = get_named_type(field.type).name
    for path, type_ in places_of(field):
        for text in HARM.get(get_named_type(type_).name, ()):
            leaf = [text] if "[" in str(type_) else text
            yield operation_of(kind, name, field, with_value(field, path, leaf, about))


@pytest.mark.attack("SQL injection", on="Pipeline")
@pytest.mark.parametrize("kind", ["Query", "Mutation", "Subscription"])
@pytest.mark.usefixtures("database")
async def test_no_text_of_an_operation_is_an_accident(kind: str) -> None:
    admin = await an_actor(Role.ADMIN)
    [root] = [root for root in roots() if root.name == kind]
    tried = [each for name, field in root.fields.items() for each in harmful(kind, name, field)]
    assert len(tried) > 50
    accidents = [(each.name, each.variables) for each in tried if await code_of(admin, each) == "INTERNAL"]
    assert accidents == []
