"""What the database can write of objects: all of it where they show plain columns only, or else their plain columns.

The fields of an object that follow each other and are plain columns are a run. A run is put into the answer as the value of
its first field, behind which the other fields of the run stand in the same text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import orjson
from graphql import GraphQLEnumType

from domain.kit.reading import Form, Shown, Written, place_of
from schema.compiled.picture import How, Picked, Selection

_FORMS: Final[dict[str, Form]] = {
    **dict.fromkeys(("String", "ID", "CurrencyCode"), Form.TEXT),
    "Boolean": Form.TRUTH,
    "Int": Form.NUMBER,
    "Date": Form.DATE,
    "DateTime": Form.INSTANT,
    "Decimal": Form.DECIMAL,
    "UUID": Form.KEY,
}

Parts = list[str | Written]


def texts_in(selection: Selection) -> Mapping[str, Shown]:
    """The texts of a selection by the keys of the first fields of their runs: one for all where the object is nothing else.
    None at all where a plain field is more than a column, because then the row is looked at here anyhow."""
    if selection.texts is None:
        selection.texts = _texts_in(selection)
    return selection.texts


def is_whole(selection: Selection) -> bool:
    """Whether objects of this selection are one text."""
    return bool(texts_in(selection)) and all(each.is_plain for each in selection.fields)


def _texts_in(selection: Selection) -> dict[str, Shown]:
    runs: list[list[tuple[str, Parts]]] = [[]]
    for picked in selection.fields:
        if picked.is_plain:
            value = _value(picked)
            if value is None:
                return {}
            runs[-1].append((picked.key, value))
        elif runs[-1]:
            runs.append([])
    if runs[0] and len(runs[0]) == len(selection.fields):
        return {selection.fields[0].key: Shown(_joined(_object(runs[0])))}
    return {run[0][0]: Shown(_joined(_fields(run))) for run in runs if run}


def _fields(run: Sequence[tuple[str, Parts]]) -> Parts:
    """A run without the key of its first field, as the value of which it is put into the answer."""
    [(_, value), *others] = run
    return [*value, *chain.from_iterable((f',"{key}":', *each) for key, each in others)]


def _object(run: Sequence[tuple[str, Parts]]) -> Parts:
    return [f'{{"{run[0][0]}":', *_fields(run), "}"]


def texts_of(rows: Sequence[Any], shown: Shown) -> list[Any] | None:
    """The texts of rows that were all read with them; None when some were not."""
    kinds = set(map(type, rows))
    place = place_of(kinds.pop(), shown) if len(kinds) == 1 else None
    if place is None:
        return None
    texts = [row[place] for row in rows]
    return None if None in texts else list(map(orjson.Fragment, texts))


def object_written(row: Any, selection: Selection, below: Sequence[Any]) -> Any:
    """The object of a row that was read with all its texts, and of the values of its other fields; None where it was not."""
    runs: dict[str, Any] = {}
    for key, shown in texts_in(selection).items():
        place = place_of(type(row), shown)
        text = None if place is None else row[place]
        if text is None:
            return None
        runs[key] = orjson.Fragment(text)
    if not runs:
        return None
    if is_whole(selection):
        return runs[selection.fields[0].key]
    others = iter(below)
    shown_here = (each for each in selection.fields if not each.is_plain or each.key in runs)
    return {each.key: runs[each.key] if each.is_plain else next(others) for each in shown_here}


def _value(picked: Picked) -> Parts | None:
    if picked.how is How.TYPENAME:
        return [f'"{picked.parent.name}"']
    if picked.is_leaf:
        written = _leaf(picked)
        return None if written is None else [written]
    return _money(picked) if picked.is_amount else None


def _leaf(picked: Picked) -> Written | None:
    if picked.is_list:
        return None
    required = picked.is_required
    if picked.rule.id_of is not None:
        type_name = picked.rule.id_of or picked.parent.name
        return Written(picked.attribute, Form.GLOBAL_ID, required=required, type_name=type_name)
    form = Form.CHOICE if isinstance(picked.named, GraphQLEnumType) else _FORMS.get(picked.named.name)
    return None if form is None else Written(picked.attribute, form, required=required)


def _money(picked: Picked) -> Parts | None:
    fields: list[tuple[str, Parts]] = []
    for each in picked.only.fields:
        if each.how is How.TYPENAME:
            fields.append((each.key, ['"Money"']))
        else:
            form = Form.CURRENCY if each.name == "currency" else Form.AMOUNT
            fields.append((each.key, [Written(picked.attribute, form, required=True)]))
    # Of an amount of which nothing is shown it is still to be seen whether there is one.
    return None if all(each.how is How.TYPENAME for each in picked.only.fields) else _object(fields)


def _joined(parts: Parts) -> Parts:
    """With texts that follow each other as one."""
    joined: Parts = []
    for each in parts:
        if isinstance(each, str) and joined and isinstance(joined[-1], str):
            joined[-1] += each
        else:
            joined.append(each)
    return joined
