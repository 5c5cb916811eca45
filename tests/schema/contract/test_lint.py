"""The conventions of schema and operations, each by what breaks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import build_schema

from schema.contract.events import examples, lint_examples
from schema.contract.operation_lint import lint_operations
from schema.contract.operations import read_operations
from schema.contract.schema_lint import lint_schema
from schema.pipeline import Limits
from schema.pipeline.prepared import Preparer

SOUND = '''
"""Everything that can be read."""
type Query {
  """A thing."""
  thing("Which." id: ID!): Thing
  """Another thing."""
  old: Thing @deprecated(reason: "Use `thing`. Goes on 2027-01-31.")
}
"""A thing."""
type Thing {
  """Its id."""
  id: ID!
  """Its words."""
  words: [String!]
}
"""Everything that can be done."""
type Mutation {
  """Do it."""
  do: DoPayload!
}
"""What came of it."""
type DoPayload {
  """What was refused."""
  errors: [UserError!]!
}
"""A refusal."""
type UserError {
  """Why."""
  message: String!
}
'''


def test_what_keeps_to_the_conventions() -> None:
    assert lint_schema(build_schema(SOUND)) == []


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        ("words: [String!]", "Words: [String!]", "Thing.Words: it is named likeThis."),
        ("words: [String!]", "words: [String]", "Thing.words: [String] is a list that may hold null."),
        ("words: [String!]", "words: Float", "Thing.words: it is a Float"),
        ('"""Its words."""', "", "Thing.words: nobody says what it is."),
        ("Its words.", "Its words, and", "Thing.words: its description ends in the midst"),
        ('id: ID!\n  "', 'id: ID\n  "', "Thing.id: it is ID."),
        ("Goes on 2027-01-31.", "Soon.", "Query.old: it is deprecated without a day"),
        ("errors: [UserError!]!", "problems: [UserError!]!", "Mutation.do: its payload has no errors"),
        ("type Thing {", "type thing_ {", "thing_: a type is named LikeThis."),
        ("words: [String!]", "words: ThingConnection", "Thing.words: a list without rows is empty, not null."),
    ],
)
def test_what_does_not(sound: str, broken: str, said: str) -> None:
    text = SOUND.replace(sound, broken)
    if "thing_" in broken:
        text = text.replace(": Thing", ": thing_")
    text += '"""A page."""\ntype ThingConnection {\n  """It."""\n  nodes: [String!]!\n}\n' if "Connection" in broken else ""
    found = [str(each) for each in lint_schema(build_schema(text))]
    assert any(each.startswith(said) for each in found), found
    assert all(" To go on, " in each for each in found)


THINGS = """
type Query { thing(size: Int! = 1): Thing old: Thing @deprecated(reason: "Use `thing`. Goes on 2027-01-31.") }
type Thing { words: [Thing!]! name: String }
type Subscription { told: Thing }
"""
GOOD = "# A thing.\nquery Good($size: Int!) {\n  thing(size: $size) { name }\n}\n"


def _lint(folder: Path, files: dict[str, str], limits: Limits | None = None) -> list[str]:
    for name, text in files.items():
        path = folder / "operations" / "things" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    schema, limits = build_schema(THINGS), limits or Limits()
    preparer = Preparer(schema, limits, introspection=True, suggestions=True)
    reading = read_operations(folder)
    found = lint_operations(schema, reading.operations, prepare=lambda text: preparer.prepare(text, None), limits=limits)
    return [str(each) for each in (*reading.findings, *found) if "no canonical operation" not in each.what]


def test_operations_that_keep_to_the_conventions(tmp_path: Path) -> None:
    assert _lint(tmp_path, {"Good.graphql": GOOD, "Good.variables.json": json.dumps({"size": 3})}) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Bad.graphql", GOOD, "operations/things/Bad.graphql:2: the operation is called Good."),
        ("Good.graphql", GOOD.removeprefix("# A thing.\n"), "operations/things/Good.graphql:1: nobody says what it is for."),
        (
            "Good.graphql",
            f"{GOOD}query More {{ thing {{ name }} }}\n",
            "operations/things/Good.graphql:1: it holds 2 operations.",
        ),
        ("Good.graphql", "# A thing.\nquery Good {\n  thing {", "operations/things/Good.graphql:3: this is not GraphQL"),
        ("Good.variables.json", '{"sizes": 1}', "operations/things/Good.variables.json: the operation has no $sizes."),
        ("Good.variables.json", '{"size": "x"}', "operations/things/Good.variables.json: "),
        ("Good.variables.json", "{", "operations/things/Good.variables.json:1: this is not JSON"),
        ("Gone.variables.json", "{}", "operations/things/Gone.variables.json: there is no Gone.graphql"),
        (
            "Old.graphql",
            "# Old.\nquery Old {\n  old { name }\n}\n",
            "operations/things/Old.graphql:3: The field Query.old is",
        ),
        (
            "Told.graphql",
            "# Told.\nsubscription Told {\n  told { name }\n}\n",
            "operations/things/Told.graphql:2: the feed's items",
        ),
        (
            "Deep.graphql",
            f"# Deep.\nquery Deep {{ thing {{ {'words { ' * 4}name{' }' * 4} }} }}\n",
            "operations/things/Deep.graphql:2: it costs 11111 points",
        ),
    ],
)
def test_operations_that_do_not(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = _lint(tmp_path, {"Good.graphql": GOOD, name: text})
    assert any(each.startswith(said) for each in found), found
    assert all(" To go on, " in each for each in found)


def test_what_servers_refuse_is_said_with_their_code(tmp_path: Path) -> None:
    [said] = _lint(tmp_path, {"Good.graphql": GOOD}, Limits(tokens=10))
    assert said.startswith("operations/things/Good.graphql:1: servers refuse it with DOCUMENT_TOO_LARGE")


def test_a_root_field_without_an_operation(tmp_path: Path) -> None:
    schema = build_schema(THINGS)
    preparer = Preparer(schema, Limits(), introspection=True, suggestions=True)
    found = lint_operations(schema, [], prepare=lambda text: preparer.prepare(text, None), limits=Limits())
    # The deprecated one needs none: nobody is to copy it.
    assert [each.where for each in found] == ["Query.thing", "Subscription.told"]


def test_an_event_whose_example_is_gone_or_does_not_fit(monkeypatch: pytest.MonkeyPatch, contract: object) -> None:
    known = examples()
    monkeypatch.delitem(known, "wallets.wallet_opened")
    monkeypatch.setitem(known, "wallets.balance_changed", {"wallet_id": "none"})
    monkeypatch.setitem(known, "wallets.never", {})
    found = [each.what for each in lint_examples()]
    assert found[1] == "the event wallets.wallet_opened has no example."
    assert found[0].startswith("the example of wallets.balance_changed is none any more")
    assert found[2] == "there is no event wallets.never."
