"""Documents: valid operations over a whole schema, with all that the language has, and the variables that go with them.

A document is valid by construction: each selection set keeps a :class:`Scope` of the keys that it answers, fragments and
merged fields included, and a field that would contradict another gets an alias.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from tests.schema.differential.choices import Choices
from tests.schema.differential.choosing import Types
from tests.schema.differential.inputs import OMITTED, WRONG, InputMaker

_VARIABLE = re.compile(r"\$(v\d+)")
_SPREAD = re.compile(r"\.\.\.(F\d+)")
META = "{ name kind fields { name type { kind name ofType { name } } } }"


@dataclass(frozen=True)
class Bounds:
    """How large documents become: less than the pipeline's limits, mostly."""

    fields: int = 45
    depth: int = 7
    selections: int = 5
    roots: int = 3
    aliases: int = 24
    directives: int = 12
    wrong_variables: int = 2
    """How many variables of a hundred are sent wrongly."""


SIZES = (
    Bounds(fields=12, depth=5, roots=2),
    Bounds(),
    Bounds(fields=120, selections=9, roots=4),
    Bounds(depth=11, selections=3),
)


@dataclass
class Case:
    """A document and what is sent with it."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


@dataclass
class Slot:
    """What one response key of a selection set is: all fields under it have the same type, and overlap only when equal."""

    type_text: str
    entries: list[tuple[GraphQLNamedType, str]]
    children: Scope

    def takes(self, parent: GraphQLNamedType, call: str, type_text: str) -> bool:
        return self.type_text == type_text and all(
            call == known or (parent is not other and not is_abstract_type(parent) and not is_abstract_type(other))
            for other, known in self.entries
        )


Scope = dict[str, Slot]
"""The keys of one selection set."""


@dataclass(frozen=True)
class Selected:
    """A field as it is written: ``call`` is its name and arguments."""

    key: str
    call: str
    parent: GraphQLNamedType
    type_text: str
    children: tuple[Selected | Spread, ...]

    def take_place(self, scope: Scope) -> None:
        slot = scope.setdefault(self.key, Slot(self.type_text, [], {}))
        slot.entries.append((self.parent, self.call))
        for each in self.children:
            each.take_place(slot.children)

    def fits(self, scope: Scope) -> bool:
        slot = scope.get(self.key)
        return slot is None or (
            slot.takes(self.parent, self.call, self.type_text) and all(each.fits(slot.children) for each in self.children)
        )


@dataclass(frozen=True)
class Spread:
    """A fragment at its place, named or not: its selections are those of the set around it."""

    children: tuple[Selected | Spread, ...]

    def take_place(self, scope: Scope) -> None:
        for each in self.children:
            each.take_place(scope)

    def fits(self, scope: Scope) -> bool:
        return all(each.fits(scope) for each in self.children)


@dataclass(frozen=True)
class Fragment:
    name: str
    type_: GraphQLNamedType
    text: str
    children: tuple[Selected | Spread, ...]


@dataclass(frozen=True)
class Part:
    """Some selections of a set: their text, and which keys they answer."""

    text: str
    selected: Selected | Spread


class DocumentMaker:
    """Makes one document."""

    def __init__(
        self,
        types: Types,
        choices: Choices,
        bounds: Bounds | None = None,
        ids: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._types = types
        self._choices = choices
        self._bounds = bounds or choices.one_of(SIZES)
        self._inputs = InputMaker(choices, ids)
        self._fields_left = self._bounds.fields
        self._aliases_left = self._bounds.aliases
        self._directives_left = self._bounds.directives
        self._fragments: list[Fragment] = []
        self._variables: dict[str, tuple[str, str | None]] = {}
        self._sent: dict[str, Any] = {}
        self._names = 0

    def case(self, kind: str) -> Case:
        """An operation of a kind: ``query``, ``mutation`` or ``subscription``."""
        root = {
            "query": self._types.schema.query_type,
            "mutation": self._types.schema.mutation_type,
            "subscription": self._types.schema.subscription_type,
        }[kind]
        assert root is not None
        scope: Scope = {}
        # A subscription has one root field, and no condition may stand on it.
        count = 1 if kind == "subscription" else self._choices.whole(1, self._bounds.roots)
        parts = [self._root_field(root, scope, plain=kind == "subscription") for _ in range(count)]
        if kind == "query" and self._choices.chance(4):
            parts.append(f'm{self._fresh()}: __type(name: "{self._choices.one_of(["Loan", "Money", "Node"])}") {META}')
        body = f"{{ {' '.join(parts)} }}"
        fragments = self._used_fragments(body)
        names = set(_VARIABLE.findall(" ".join([body, *fragments])))
        definitions = [
            f"${name}: {type_text}{'' if default is None else f' = {default}'}"
            for name, (type_text, default) in self._variables.items()
            if name in names
        ]
        header = f"({', '.join(definitions)})" if definitions else ""
        texts = [f"{kind} Case{header} {body}", *fragments]
        several = self._choices.chance(5)
        if several:
            texts.insert(self._choices.whole(0, 1), "query Other { __typename }")
        sent = {name: value for name, value in self._sent.items() if name in names}
        return Case("\n".join(texts), sent, "Case" if several or self._choices.chance(30) else None)

    def _used_fragments(self, body: str) -> list[str]:
        """The fragments that are spread, also by each other; one that was made for a place it does not fit is not."""
        used: dict[str, str] = {}
        texts = [body]
        while texts:
            names = set(_SPREAD.findall(texts.pop())) - used.keys()
            found = {each.name: each.text for each in self._fragments if each.name in names}
            used.update(found)
            texts.extend(found.values())
        return list(used.values())

    def _root_field(self, root: GraphQLObjectType, scope: Scope, *, plain: bool) -> str:
        leaves, others = self._types.fields(root)
        fields = others if others and (not leaves or self._choices.chance(92)) else leaves
        if self._choices.chance(8):  # Few roots answer interfaces, which have most ways to go wrong.
            fields = [each for each in others if is_abstract_type(get_named_type(each[1].type))] or fields
        name, definition = self._choices.one_of(fields)
        part = self._field(root, name, definition, scope, 1, plain=plain)
        if plain or not self._choices.chance(8):
            return part.text
        return f"... on {root.name}{self._conditions()} {{ {part.text} }}"

    def selection_set(self, type_: Any, scope: Scope, depth: int) -> tuple[str, tuple[Selected | Spread, ...]]:
        """Some selections of a type, which do not contradict what is in the scope; they take their places in it."""
        parts: list[Part] = []
        for _ in range(self._choices.whole(1, self._bounds.selections)):
            part = self._selection(type_, scope, depth)
            if part is not None:
                parts.append(part)
            if self._fields_left <= 0:
                break
        if not parts:
            parts.append(self._typename(type_, scope))
        return f"{{ {' '.join(each.text for each in parts)} }}", tuple(each.selected for each in parts)

    def _selection(self, type_: Any, scope: Scope, depth: int) -> Part | None:
        choices = self._choices
        if isinstance(type_, GraphQLUnionType):
            return self._fragment(type_, scope, depth) if choices.chance(80) else self._typename(type_, scope)
        if is_abstract_type(type_) and choices.chance(45):
            return self._fragment(type_, scope, depth)
        kind = choices.whole(0, 99)
        if kind >= 92:
            return self._typename(type_, scope)
        if kind >= 78:
            return self._fragment(type_, scope, depth)
        leaves, others = self._types.fields(type_)
        nests = bool(others) and depth < self._bounds.depth and (not leaves or choices.chance(35))
        if not nests and not leaves:
            return None
        name, definition = choices.one_of(others if nests else leaves)
        return self._field(type_, name, definition, scope, depth)

    def _typename(self, type_: Any, scope: Scope) -> Part:
        selected = Selected("__typename", "__typename", type_, "String!", ())
        if not selected.fits(scope) or (self._aliases_left > 0 and self._choices.chance(20)):
            self._aliases_left -= 1
            alias = f"t{self._fresh()}"
            selected = Selected(alias, "__typename", type_, "String!", ())
            selected.take_place(scope)
            return Part(f"{alias}: __typename{self._conditions()}", selected)
        selected.take_place(scope)
        return Part(f"__typename{self._conditions()}", selected)

    def _field(
        self, parent: Any, name: str, definition: GraphQLField, scope: Scope, depth: int, *, plain: bool = False
    ) -> Part:
        self._fields_left -= 1
        call = f"{name}{self._arguments(definition)}"
        type_text = str(definition.type)
        key = self._key(parent, name, call, type_text, scope)
        slot = scope.setdefault(key, Slot(type_text, [], {}))
        slot.entries.append((parent, call))
        named = get_named_type(definition.type)
        body, children = self.selection_set(named, slot.children, depth + 1) if is_composite_type(named) else ("", ())
        alias = "" if key == name else f"{key}: "
        conditions = "" if plain else self._conditions()
        return Part(f"{alias}{call}{conditions} {body}".rstrip(), Selected(key, call, parent, type_text, children))

    def _key(self, parent: Any, name: str, call: str, type_text: str, scope: Scope) -> str:
        """The key that the field answers under: now and then one that is taken and may be shared, or an alias."""
        choices = self._choices
        if self._aliases_left > 0 and choices.chance(12):
            shared = [key for key, slot in scope.items() if key != name and slot.takes(parent, call, type_text)]
            self._aliases_left -= 1
            return choices.one_of(shared) if shared and choices.chance(50) else f"{name}{self._fresh()}"
        if name in scope and not scope[name].takes(parent, call, type_text):
            self._aliases_left -= 1
            return f"{name}{self._fresh()}"
        return name

    def _fragment(self, type_: Any, scope: Scope, depth: int) -> Part | None:
        choices = self._choices
        if choices.chance(35):
            return self._spread(type_, scope, depth)
        condition = self._condition_on(type_)
        body, children = self.selection_set(condition, scope, depth)
        written = "..." if condition is type_ and choices.chance(50) else f"... on {condition.name}"
        return Part(f"{written}{self._conditions()} {body}", Spread(children))

    def _condition_on(self, type_: Any) -> GraphQLNamedType:
        """Mostly a type that a value can be; now and then another abstract type that it also is."""
        choices = self._choices
        if choices.chance(25):
            return choices.one_of(self._types.conditions(type_))
        return choices.one_of(self._types.possible(type_))

    def _spread(self, type_: Any, scope: Scope, depth: int) -> Part | None:
        choices = self._choices
        allowed = {each.name for each in self._types.conditions(type_)}
        known = [
            each
            for each in self._fragments
            if each.type_.name in allowed and all(part.fits(scope) for part in each.children)
        ]
        if known and choices.chance(50):
            fragment = choices.one_of(known)
        else:
            condition = self._condition_on(type_)
            # On its own, because other places may use it: nothing that this place answers is known to it.
            body, children = self.selection_set(condition, {}, depth)
            name = f"F{self._fresh()}"
            fragment = Fragment(name, condition, f"fragment {name} on {condition.name} {body}", children)
            if not all(part.fits(scope) for part in children):
                return None
            self._fragments.append(fragment)
        spread = Spread(fragment.children)
        spread.take_place(scope)
        return Part(f"...{fragment.name}{self._conditions()}", spread)

    def _arguments(self, definition: GraphQLField) -> str:
        given: list[str] = []
        self._inputs.sought = get_named_type(definition.type).name
        for name, argument in definition.args.items():
            required = isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
            if required or self._choices.chance(self._how_often(name, given)):
                has_default = argument.default_value is not Undefined
                literal = self._inputs.literal_of(argument.type, self._variable, name, has_default=has_default)
                given.append(f"{name}: {literal}")
        return f"({', '.join(given)})" if given else ""

    def _how_often(self, name: str, given: list[str]) -> int:
        """In a hundred. Pages are asked for from one end, mostly."""
        if name == "first":
            return 55
        return 2 if name == "last" and any(each.startswith("first:") for each in given) else 25

    def _variable(self, type_: GraphQLInputType, has_default: bool, percent: int = 35) -> str | None:
        """A variable for a place of this type: one that is there already, or a new one, with what is sent for it."""
        choices = self._choices
        if not choices.chance(percent):
            return None
        known = [name for name, (text, _) in self._variables.items() if text == str(type_)]
        if known and choices.chance(50):
            return f"${choices.one_of(known)}"
        name = f"v{self._fresh()}"
        declared, default = self._declared(type_, has_default)
        self._variables[name] = (str(declared), default)
        sent = self._sent_for(declared, default)
        if sent is not OMITTED:
            self._sent[name] = sent
        return f"${name}"

    def _declared(self, type_: GraphQLInputType, has_default: bool) -> tuple[GraphQLInputType, str | None]:
        """The type of a new variable, as strict as its place or stricter; nullable for a strict place that has a default
        or gets one."""
        choices = self._choices
        nullable: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        default = None
        if choices.chance(30):
            default = self._inputs.literal_of(GraphQLNonNull(nullable), lambda *_: None)
        if isinstance(type_, GraphQLNonNull):
            relaxed = (default is not None or has_default) and choices.chance(50)
            return (nullable if relaxed else type_), default
        if default is None and choices.chance(10):
            default = "null"
        return (GraphQLNonNull(nullable) if choices.chance(15) and default != "null" else nullable), default

    def _sent_for(self, declared: GraphQLInputType, default: str | None) -> Any:
        choices = self._choices
        if choices.chance(self._bounds.wrong_variables):
            return choices.one_of([*WRONG, None, OMITTED])
        strict = isinstance(declared, GraphQLNonNull)
        if (not strict or default is not None) and choices.chance(25):
            return OMITTED
        return self._inputs.json_of(declared)

    def _conditions(self) -> str:
        choices = self._choices
        if self._directives_left <= 0 or not choices.chance(7):
            return ""
        self._directives_left -= 1
        name = choices.one_of(["include", "skip"])
        text = f" @{name}(if: {self._truth()})"
        if choices.chance(15):
            text += f" @{'skip' if name == 'include' else 'include'}(if: {self._truth()})"
        return text

    def _truth(self) -> str:
        boolean = GraphQLNonNull(self._types.schema.type_map["Boolean"])  # type: ignore[type-var]
        made = self._variable(boolean, False, percent=60)
        return made if made is not None else self._choices.one_of(["true", "false"])

    def _fresh(self) -> int:
        self._names += 1
        return self._names
