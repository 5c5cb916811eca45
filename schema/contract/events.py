"""The catalogue of events: what each says, who is told, which feeds show it, and what one looked like.

The examples are events that happened in the demo and in tests. Topics and audience are asked of the events themselves,
with the ids replaced by where they stand in the payload.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import cleandoc
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from graphql import GraphQLSchema

from domain.events.event import Event, adapter_of, every_event
from schema.contract.chapters import Chapter, Row, Table, as_json, code, codes
from schema.contract.findings import Finding
from schema.kit.feeds import Stream
from schema.kit.finish import rule_of
from subscriptions.feed import EVERYTHING

EXAMPLES: Final = Path(__file__).with_name("examples.json")
ABOUT = """\
Events are what happened, in the order in which it was committed. Feeds show them as GraphQL types of their own; the feed
`events` tells staff and integrations all of them as they are here. An event carries absolute state, so that hearing it
twice is harmless. Fields are added; when one goes or means something else, the event gets a new version.

*Told to* says who may see it: `<name>` is the id in that field of the payload. Amounts are whole minor units
(`amount_minor`) here, and decimal strings in GraphQL.
"""

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def events_of_the_house() -> list[type[Event]]:
    """All kinds of events that Daftari tells, and none that others declare for purposes of their own."""
    return [kind for kind in every_event() if kind.__module__.startswith("domain.")]


@dataclass(frozen=True)
class Told:
    """Under which topics an event is told, and to whom."""

    topics: list[str]
    audience: list[str]


@dataclass(frozen=True)
class EventKind:
    """One kind of event, as the catalogue has it."""

    kind: type[Event]
    example: Any
    feeds: tuple[str, ...]

    @property
    def description(self) -> str:
        return re.sub(r"\s+", " ", cleandoc(self.kind.__doc__ or "").replace("``", "`"))

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its payload; the titles that only repeat the names are left out."""
        untitled: dict[str, Any] = _without_titles(adapter_of(self.kind).json_schema(mode="serialization"))
        return untitled | {"description": self.description}

    @cached_property
    def told(self) -> Told:
        topics: set[str] = set()
        audience: set[str] = set()
        for payload in self._variants():
            fact, names = adapter_of(self.kind).validate_json(json.dumps(payload)), dict(_places(payload))
            # What its own class takes to be impossible is told to nobody.
            with suppress(AssertionError):
                topics |= set(_placed(fact.topics(), names))
                audience |= set(_placed(fact.audience(), names))
        return Told(sorted(topics), sorted(audience))

    def _variants(self) -> Iterator[Any]:
        """The example with an id of its own wherever one may stand, and that without each part that may be left out: what is
        told to whom may depend on them."""
        fresh = (str(UUID(int=number)) for number in count(1 << 64))
        full = _filled(self.example, self.schema, self.schema.get("$defs", {}), fresh)
        yield full
        yield from ({**full, name: None} for name, each in self.schema["properties"].items() if _may_be_null(each))

    def as_data(self) -> dict[str, Any]:
        return {
            "name": self.kind.name,
            "version": self.kind.version,
            "description": self.description,
            "audience": self.told.audience,
            "topics": self.told.topics,
            "feeds": list(self.feeds),
            "schema": self.schema,
            "example": self.example,
        }


@cache
def examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def event_kinds(schema: GraphQLSchema) -> list[EventKind]:
    """All kinds that have an example; see :func:`lint_examples` for the others."""
    shown = _feeds(schema)
    known = examples()
    return [
        EventKind(kind, known[kind.name], tuple(shown[kind.name])) for kind in events_of_the_house() if kind.name in known
    ]


def lint_examples() -> list[Finding]:
    """Every kind of event has an example that it still reads."""
    findings = []
    known, names = examples(), {kind.name for kind in events_of_the_house()}
    where = f"schema/contract/{EXAMPLES.name}"
    for kind in events_of_the_house():
        if kind.name not in known:
            how = f"put a payload that was recorded (the last row of event_log with this name) under {kind.name!r} there."
            findings.append(Finding(where, f"the event {kind.name} has no example.", how))
            continue
        try:
            adapter_of(kind).validate_json(json.dumps(known[kind.name]), strict=None)
        except ValueError as problem:
            said = f"the example of {kind.name} is none any more: {str(problem).splitlines()[2].strip()}"
            how = "if clients can read both, correct the example; otherwise give the event a new version."
            findings.append(Finding(where, said, how))
    for name in known.keys() - names:
        findings.append(Finding(where, f"there is no event {name}.", "take the example out."))
    return findings


def _feeds(schema: GraphQLSchema) -> dict[str, list[str]]:
    """Which feeds show an event, or a state that it changes."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, field in (schema.subscription_type.fields if schema.subscription_type else {}).items():
        stream = rule_of(field).stream
        assert isinstance(stream, Stream)
        beside = stream.feed.beside.on if stream.feed.beside else frozenset()
        for event_name in {*stream.feed.shows, *beside} - {EVERYTHING}:
            found[event_name].append(name)
    return found


def _without_titles(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: each for key, each in node.items() if not (key == "title" and isinstance(each, str))}
        return {key: _without_titles(each) for key, each in kept.items()}
    return [_without_titles(each) for each in node] if isinstance(node, list) else node


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    return any(each.get("type") == "null" for each in schema.get("anyOf", ()))


def _filled(value: Any, schema: Mapping[str, Any], shared: Mapping[str, Any], fresh: Iterator[str]) -> Any:
    """The value with a fresh id wherever one may stand."""
    if "$ref" in schema:
        schema = shared[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
        return _filled(value, schema, shared, fresh) if value is not None or schema.get("format") == "uuid" else None
    if schema.get("format") == "uuid":
        return next(fresh)
    if schema.get("type") == "array" and "items" in schema:
        items = schema["items"]
        return [next(fresh)] if items.get("format") == "uuid" else [_filled(each, items, shared, fresh) for each in value]
    if isinstance(value, dict) and "properties" in schema:
        known = {key: each for key, each in schema["properties"].items() if key in value}
        return value | {key: _filled(value[key], each, shared, fresh) for key, each in known.items()}
    return value


def _places(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each id of a payload, and the way to it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _places(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for each in value:
            yield from _places(each, f"{path}[]")
    elif isinstance(value, str) and _ID.fullmatch(value):
        yield value, path


def _placed(entries: Any, names: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        yield _ID.sub(lambda found: f"<{names.get(found[0], 'id')}>", entry)


def payload_type(schema: Mapping[str, Any]) -> str:
    """The form of a payload for people, as TypeScript would say it; :attr:`EventKind.schema` says it for programs."""
    shared = schema.get("$defs", {})
    parts = [_interface(name, each) if "properties" in each else _words(name, each) for name, each in shared.items()]
    return "\n\n".join([_interface("Payload", schema), *parts]) + "\n"


def _words(name: str, schema: Mapping[str, Any]) -> str:
    return f"type {name} = {_type_name(schema)};"


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    fields = "".join(f"  {key}: {_type_name(each)};\n" for key, each in schema["properties"].items())
    return f"interface {name} {{\n{fields}}}"


def _type_name(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type_name(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    if schema.get("type") == "array":
        item = _type_name(schema["items"])
        return f"({item})[]" if "|" in item else f"{item}[]"
    kind = str(schema.get("format") or schema.get("type", "unknown"))
    return {"integer": "number", "object": "Record<string, unknown>", "date-time": "datetime"}.get(kind, kind)


def in_words(audience: Collection[str]) -> str:
    """An audience as people say it. Staff who see every branch see the one, too, so that they are not named beside it."""
    said = []
    for entry in audience:
        kind, _, whom = entry.partition(":")
        permission, _, branch = whom.partition("@")
        if kind == "user":
            said.append(f"the user {code(whom)}")
        elif kind == "role":
            said.append(f"the role {code(whom)}")
        elif kind == "everyone":
            said.append("whoever is signed in")
        elif not branch:
            said.append(f"whoever has {code(permission)}")
        elif branch != "*":
            said.append(f"staff with {code(permission)} who see the branch {code(branch)}")
        elif not any(each.startswith(f"permission:{permission}@<") for each in audience):
            said.append(f"staff with {code(permission)} who see every branch")
    return "; ".join(said) or "nobody: it is for the house's own listeners"


def chapter(schema: GraphQLSchema) -> Chapter:
    found = event_kinds(schema)
    rows = tuple(
        Row(
            each.kind.name,
            (
                code(each.kind.name),
                each.description,
                in_words(each.told.audience),
                codes(each.feeds) or "`events` alone",
                each.kind.domain(),
            ),
            (("Example", as_json(each.example)), ("Payload", payload_type(each.schema))),
        )
        for each in found
    )
    columns = ("event", "what happened", "told to", "shown by", "room")
    table = Table("Events", columns, rows, choose="room")
    notes = "The JSON Schema and an example of each are in `events.json`, and on the page `index.html`."
    return Chapter("events", "Events", ABOUT, (table,), [each.as_data() for each in found], notes)
