"""Writing the function of an operation: a few statements for each level, however many rows it has.

A level is written in two steps. Going down, the values of its fields are read, asked of resolvers and loaded, and the rows
of the next level are taken out of them. Coming back up, each row becomes a dict, into which leaves are written on the spot
and the objects of the levels below are put as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from graphql import GraphQLList, GraphQLObjectType

from domain.kit.money import text_of_amount
from domain.kit.reading import Wanted
from schema.compiled import leaves, rows, running
from schema.compiled.arguments import Arguments, Converter
from schema.compiled.picture import How, Picked, Selection, nullable
from schema.compiled.sharing import loads_shared_with_resolvers
from schema.compiled.texts import is_whole, texts_in, texts_of
from schema.compiled.wanted import answers_what_it_loads, shows_cursors, wanted_of, wanted_of_loads, wanted_of_page
from schema.kit.fields import TAKES_WANTED
from schema.kit.ids import encode_id

TOOLS: Final[dict[str, Any]] = {
    **leaves.CLASSES,
    "PLAIN": rows.PLAIN,
    "any_rows": rows.any_rows,
    "call_all": running.call_all,
    "encode_id": encode_id,
    "fetch": running.fetch,
    "fetch_with_resolvers": running.fetch_with_resolvers,
    "found_many": running.found_many,
    "found_one": running.found_one,
    "kinds_of": rows.kinds_of,
    "leaf": leaves.leaf,
    "listed_rows": rows.listed_rows,
    "merged": running.merged,
    "minor_units": rows.minor_units,
    "nested": running.nested,
    "of_kind": rows.of_kind,
    "one_by_one": running.one_by_one,
    "put_back": rows.put_back,
    "read_all": running.read_all,
    "required_rows": rows.required_rows,
    "single_rows": rows.single_rows,
    "text_of_amount": text_of_amount,
    "texts_of": texts_of,
    "together": running.together,
}
"""What every function may call."""

ALIKE: Final = 4
"""When more types than this behind an interface show the same attributes, none of them is worth statements of its own."""


@dataclass(eq=False)
class Group:
    """Objects of one type at one place of the document."""

    number: int
    selection: Selection
    apart: list[Apart] = field(default_factory=list)


@dataclass(eq=False)
class Apart:
    """A field that is not written into its object on the spot: its values are had for the whole level."""

    picked: Picked
    number: int
    group: Group
    below: list[Group] = field(default_factory=list)

    @property
    def values(self) -> str:
        return f"values_{self.number}"

    @property
    def shown(self) -> str:
        return f"shown_{self.number}"

    @property
    def waits(self) -> bool:
        return self.picked.how is How.RESOLVER or self.picked.is_counted


class Writer:
    """Writes one function, and collects the constants that it names."""

    def __init__(self, convert: Converter) -> None:
        self.names: dict[str, Any] = dict(TOOLS)
        self._convert = convert
        self._named: dict[int, str] = {}
        self._down_lines: list[str] = []
        self._up_lines: list[list[str]] = []
        self._count = 0
        self._wanted_of_loads: dict[Any, Wanted] = {}
        self._shared: frozenset[int] = frozenset()

    def write(self, selection: Selection) -> str:
        """The source of ``async def answer(run, root)``, which gives the object of ``root``."""
        self._wanted_of_loads = wanted_of_loads(selection)
        self._shared = loads_shared_with_resolvers(selection)
        level = [Group(0, selection)]
        self._say("rows_0 = [root]")
        while level:
            self._say("", f"# {', '.join(each.selection.type.name for each in level)}")
            level = self._write_level(level)
        self._say("", "# Back up, from the innermost objects to the outermost.")
        for lines in reversed(self._up_lines):
            self._say(*lines)
        body = "\n".join(f"    {line}".rstrip() for line in self._down_lines)
        return f"async def answer(run, root):\n{body}\n    return objects_0[0]\n"

    def _say(self, *lines: str) -> None:
        self._down_lines.extend(lines)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _name_of(self, kind: str, value: Any) -> str:
        """The name by which the function knows a constant."""
        known = self._named.get(id(value))
        if known is None:
            known = self._named[id(value)] = f"{kind}_{self._next()}"
            self.names[known] = value
        return known

    def _constant(self, kind: str, value: Any) -> str:
        return "None" if value is None else self._name_of(kind, value)

    def _write_level(self, level: list[Group]) -> list[Group]:
        """Write what a level needs, and give the groups of the next."""
        for group in level:
            for picked in group.selection.fields:
                if not picked.is_plain:
                    group.apart.append(Apart(picked, self._next(), group))
        every = [apart for group in level for apart in group.apart]
        loads: dict[Any, list[Apart]] = {}
        for apart in every:
            self._say(f"# {apart.picked.path_like}", *self._asked(apart))
            if apart.picked.how is How.RELATION:
                loads.setdefault(apart.picked.relation.load, []).append(apart)
        self._wait(loads, [apart.values for apart in every if apart.waits])
        for apart in every:
            self._say(*self._taken(apart))
        self._up_lines.append(
            [
                *(line for apart in every for line in self._returned(apart)),
                *(line for group in level for line in self._objects(group)),
            ]
        )
        return [group for apart in every for group in apart.below]

    def _asked(self, apart: Apart) -> Iterator[str]:
        """Have the values of a field, or what will become them."""
        picked, parents = apart.picked, f"rows_{apart.group.number}"
        if picked.how is How.ITEM:
            yield f"{apart.values} = list({parents})"
        elif picked.how is How.RELATION:
            read = self._name_of("read", attrgetter(picked.relation.key))
            yield f"keys_{apart.number} = read_all({parents}, {read}, run)"
        elif picked.how is How.ATTRIBUTE:
            read = self._name_of("read", attrgetter(picked.attribute))
            yield f"{apart.values} = read_all({parents}, {read}, run)"
        else:
            yield from self._called(apart, parents)

    def _called(self, apart: Apart, parents: str) -> Iterator[str]:
        picked = apart.picked
        resolver = picked.resolver
        given = []
        if resolver.self_parameter:
            given.append("row")
        for parameter in (resolver.parent_parameter, resolver.root_parameter):
            if parameter:
                given.append(f"{parameter.name}=row")
        if resolver.info_parameter:
            given.append(f"{resolver.info_parameter.name}={self._info(apart)}")
        if getattr(resolver.wrapped_func, TAKES_WANTED, False):
            given.append(f"wanted={self._constant('wanted', wanted_of_page(picked))} if run.narrow else None")
            given.append(f"cursors={shows_cursors(picked)}")
        arguments = "None"
        if picked.definition.args:
            arguments = f"arguments_{apart.number}"
            given.append(f"**{arguments}")
            read = self._name_of("arguments_of", Arguments(picked, self._convert))
            yield f"{arguments} = {read}.read(run)"
        call = f"lambda row: {self._name_of('resolver', resolver.wrapped_func)}({', '.join(given)})"
        yield f"{apart.values} = call_all({parents}, {call}, {arguments}, run)"

    def _info(self, apart: Apart) -> str:
        """What a resolver gets as ``info``. One that only answers what it loads is lent a context that reads no more than is
        looked at; not where others might load the same in one go with it."""
        picked, function = apart.picked, apart.picked.resolver.wrapped_func
        alike = [each for each in apart.group.selection.fields if each.definition is picked.definition]
        if apart.group.number == 0 and len(alike) == 1 and answers_what_it_loads(function):
            wanted = wanted_of(picked)
            if wanted is not None:
                return f"run.info_for({self._name_of('wanted', wanted)})"
        return "run.info"

    def _wait(self, loads: dict[Any, list[Apart]], promises: list[str]) -> None:
        """One wait for all that a level loads and asks; fields that use the same load share it."""
        if not loads and not promises:
            return
        fetched = []
        for load, aparts in loads.items():
            keys = "".join(f"keys_{apart.number}, " for apart in aparts)
            wanted = self._constant("wanted", self._wanted_of_loads[load])
            fetch = "fetch_with_resolvers" if id(load) in self._shared else "fetch"
            more = "" if id(load) in self._shared else f", {wanted}"
            fetched.append(f"{fetch}({self._name_of('load', load)}, ({keys}){more}, run)")
        found = [f"loaded_{aparts[0].number}" for aparts in loads.values()]
        kept = f"[{', '.join(found)}] = " if found else ""
        waited_for = ["run", f"[{', '.join(fetched)}]", *promises]
        self._say(f"{kept}await together({', '.join(waited_for)})")
        for name, aparts in zip(found, loads.values(), strict=True):
            for apart in aparts:
                finder = "found_many" if apart.picked.relation.many else "found_one"
                self._say(f"{apart.values} = {finder}({name}, keys_{apart.number}, run)")

    def _taken(self, apart: Apart) -> Iterator[str]:
        """Take the rows of the next level out of the values of a field; a leaf is written already."""
        picked = apart.picked
        if picked.is_leaf:
            written = leaves.expression(picked, "value", self._name_of, kept_as="kept")
            yield f"{apart.shown} = [{written} for value in {apart.values}]"
            return
        itself = self._name_of("field", picked)
        quick = _quick_rows(picked)
        taken = f"{quick}({apart.values}) or " if quick else ""
        if not picked.is_abstract:
            below = Group(self._next(), picked.only)
            apart.below.append(below)
            yield f"rows_{below.number}, places_{apart.number} = {taken}await any_rows({apart.values}, {itself}, run)"
            return
        mixed = f"mixed_{apart.number}, places_{apart.number}"
        yield f"{mixed} = {taken}await any_rows({apart.values}, {itself}, run)"
        yield f"kinds_{apart.number} = kinds_of(mixed_{apart.number}, {itself}, run)"
        for type_ in _worth_statements(picked):
            below = Group(self._next(), picked.inside(type_))
            apart.below.append(below)
            yield f"rows_{below.number} = of_kind(mixed_{apart.number}, kinds_{apart.number}, {type_.name!r})"

    def _returned(self, apart: Apart) -> Iterator[str]:
        """Put the objects of the level below where their rows came from."""
        picked = apart.picked
        if picked.is_leaf:
            return
        if picked.is_abstract:
            made = ", ".join(f"{each.selection.type.name!r}: objects_{each.number}" for each in apart.below)
            rows_and_kinds = f"mixed_{apart.number}, kinds_{apart.number}"
            objects = f"merged({rows_and_kinds}, {{{made}}}, {self._name_of('field', picked)}, run)"
        else:
            objects = f"objects_{apart.below[0].number}"
        yield f"{apart.shown} = put_back(places_{apart.number}, {objects})"

    # Objects

    def _objects(self, group: Group) -> Iterator[str]:
        """Write the objects of a group out of what the database has written, or make them here."""
        texts = texts_in(group.selection)
        if not texts:
            yield from self._made(group)
            return
        names = {key: f"texts_{self._next()}" for key in texts}
        for key, shown in texts.items():
            yield f"{names[key]} = texts_of(rows_{group.number}, {self._name_of('shown', shown)})"
        yield f"if {' is None or '.join(names.values())} is None:"
        yield from (f"    {line}" for line in self._made(group))
        yield "else:"
        if is_whole(group.selection):
            yield f"    objects_{group.number} = {names[group.selection.fields[0].key]}"
        else:
            yield from self._put_together(group, names)

    def _put_together(self, group: Group, names: dict[str, str]) -> Iterator[str]:
        """Write the objects of a group out of texts, whose names are known by the first fields of their runs, and of what
        was had for the level below."""
        apart = iter(group.apart)
        written, items, sources = [], [], []
        for picked in group.selection.fields:
            if not picked.is_plain:
                each = next(apart)
                items.append(f"shown{each.number}")
                sources.append(each.shown)
            elif picked.key in names:
                items.append(names[picked.key].replace("texts", "text"))
                sources.append(names[picked.key])
            else:
                continue
            written.append(f"{picked.key!r}: {items[-1]}")
        yield f"    objects_{group.number} = ["
        yield f"        {{{', '.join(written)}}}"
        yield f"        for {', '.join(items)} in zip({', '.join(sources)})"
        yield "    ]"

    def _made(self, group: Group) -> Iterator[str]:
        """Make the objects of a group. A row of which something cannot be read is written field by field."""
        number, apart = group.number, iter(group.apart)
        written = []
        for picked in group.selection.fields:
            value = self._on_the_spot(picked, "row", 0) if picked.is_plain else f"shown{next(apart).number}"
            if picked.is_amount:
                minor = f"minor_{self._next()}"
                yield f"{minor} = minor_units(rows_{number}, {picked.attribute!r})"
                value = f"{self._amount(picked, minor)} if {minor} else {value}"
            written.append(f"{picked.key!r}: {value}")
        below = "".join(f"shown{each.number}, " for each in group.apart)
        if group.apart:
            source = ", ".join([f"rows_{number}", *(each.shown for each in group.apart)])
            head = f"for row, {below.rstrip(', ')} in zip({source}):"
        else:
            head = f"for row in rows_{number}:"
        selection = self._name_of("selection", group.selection)
        yield f"objects_{number} = []"
        yield f"add = objects_{number}.append"
        yield head
        yield "    try:"
        yield from _folded(written)
        yield "    except Exception:"
        yield f"        add(one_by_one(row, {selection}, ({below}), run))"

    def _on_the_spot(self, picked: Picked, row: str, depth: int) -> str:
        """The expression of a plain field of ``row``."""
        if picked.how is How.TYPENAME:
            return repr(picked.parent.name)
        if picked.is_leaf:
            return leaves.attribute_expression(picked, row, self._name_of)
        inner = f"inner{depth}"
        parts = (f"{each.key!r}: {self._on_the_spot(each, inner, depth + 1)}" for each in picked.only.fields)
        slow = f"nested({inner}, {self._name_of('field', picked)}, run)"
        if not picked.is_required:
            slow = f"None if {inner} is None else {slow}"
        return f"({{{', '.join(parts)}}} if type({inner} := {row}.{picked.attribute}) in PLAIN else {slow})"

    def _amount(self, picked: Picked, minor: str) -> str:
        """An amount of a column of ``row``, for which no Money has to be made."""
        parts = []
        for each in picked.only.fields:
            value = f"text_of_amount({minor}(row), row.currency)"
            if each.how is How.TYPENAME or each.name == "currency":
                value = self._on_the_spot(each, "row", 1)
            parts.append(f"{each.key!r}: {value}")
        return f"{{{', '.join(parts)}}}"


def _folded(written: list[str]) -> Iterator[str]:
    yield "        add({"
    for each in written:
        yield f"            {each},"
    yield "        })"


def _quick_rows(picked: Picked) -> str | None:
    """The tool that takes the rows of a field where its values are as usual."""
    inner = nullable(picked.type)
    if not isinstance(inner, GraphQLList):
        return "required_rows" if picked.is_required else "single_rows"
    item = inner.of_type
    of_objects = not isinstance(nullable(item), GraphQLList)
    return "listed_rows" if of_objects else None


def _worth_statements(picked: Picked) -> list[GraphQLObjectType]:
    """The types behind an interface or union that show more than a few attributes that many others show as well."""
    shown = {
        each.name: tuple((f.key, *map(id, f.nodes)) for f in picked.inside(each).fields) for each in picked.possible_types()
    }
    alike = Counter(shown.values())
    return [
        each
        for each in picked.possible_types()
        if alike[shown[each.name]] <= ALIKE or not all(f.is_plain for f in picked.inside(each).fields)
    ]
