"""Arguments of resolvers: converted once for each field and run, however many parents the field has."""

from __future__ import annotations

from typing import Any, Final

from graphql import GraphQLNonNull, Undefined, VariableNode, is_required_argument
from graphql.execution.values import get_argument_values
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_arguments

from schema.compiled.inputs import Convert, Inputs, NotPlain
from schema.compiled.marks import Failure
from schema.compiled.picture import Picked
from schema.compiled.variables import Values

_MISSING: Final = object()


class Arguments:
    """The arguments of one field."""

    def __init__(self, picked: Picked, convert: Converter) -> None:
        self._picked = picked
        self._convert = convert
        self._quick = _quick_sources(picked, convert.inputs)

    def read(self, run: Any) -> dict[str, Any] | Failure:
        """What the resolver is given by keyword, or why it cannot be called."""
        found = self._read_quickly(run.values)
        if found is not None:
            return found
        picked, values = self._picked, run.values
        try:
            given = get_argument_values(
                picked.definition, picked.nodes[0], values.full, hide_suggestions=values.hide_suggestions
            )
            return self._convert(given, picked)
        except Exception as error:
            return run.failed(error)  # type: ignore[no-any-return]

    def _read_quickly(self, values: Values) -> dict[str, Any] | None:
        if self._quick is None:
            return None
        found: dict[str, Any] = {}
        for python_name, variable, may_be_absent, convert in self._quick:
            value = values.coerced.get(variable, _MISSING)
            if value is _MISSING or value is None:
                if not may_be_absent:
                    return None
                if value is None:
                    found[python_name] = None
            else:
                found[python_name] = value if convert is None else convert(value)
        return found


def _quick_sources(picked: Picked, inputs: Inputs) -> list[tuple[str, str, bool, Convert | None]] | None:
    """Python name, variable, whether that may be absent, and how its value is converted, of each argument; None where it is
    not as simple as that."""
    assert picked.declared is not None
    nodes = {node.name.value: node.value for node in picked.nodes[0].arguments or ()}
    declared = {_public_name(each, picked): each for each in picked.declared.arguments}
    sources = []
    for name, definition in picked.definition.args.items():
        node = nodes.get(name)
        if node is None:
            if is_required_argument(definition) or definition.default_value is not Undefined:
                return None
            continue
        if not isinstance(node, VariableNode) or name not in declared:
            return None
        try:
            convert = inputs.conversion_of(definition.type, declared[name].type)
        except NotPlain:
            return None
        may_be_absent = not isinstance(definition.type, GraphQLNonNull) and definition.default_value is Undefined
        sources.append((declared[name].python_name, node.name.value, may_be_absent, convert))
    return sources


def _public_name(argument: StrawberryArgument, picked: Picked) -> str:
    name: str = _CONFIG.name_converter.from_argument(argument)
    return name


_CONFIG: Final = StrawberryConfig()


class Converter:
    """Makes of graphql-core's arguments what resolvers of this strawberry schema take."""

    def __init__(self, schema: Any) -> None:
        self.inputs = Inputs(schema.config)
        self._scalars, self._config = schema.schema_converter.scalar_registry, schema.config

    def __call__(self, given: dict[str, Any], picked: Picked) -> dict[str, Any]:
        assert picked.declared is not None
        return convert_arguments(given, picked.declared.arguments, scalar_registry=self._scalars, config=self._config)
