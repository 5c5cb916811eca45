"""Objects that the database can write: those of plain columns, of which nothing is looked at but what is shown."""

from __future__ import annotations

from collections.abc import Sequence
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


def shown_of(selection: Selection) -> Shown | None:
    """The text of an object of this selection; None when it shows anything but attributes."""
    if selection.shown is None:
        parts = _object(selection)
        selection.shown = False if parts is None else Shown(_joined(parts))
    return selection.shown or None


def objects_written(rows: Sequence[Any], shown: Shown) -> list[Any] | None:
    """The objects of rows that were all read with this text; None when some were not."""
    kinds = set(map(type, rows))
    place = place_of(kinds.pop(), shown) if len(kinds) == 1 else None
    if place is None:
        return None
    texts = [row[place] for row in rows]
    return None if None in texts else list(map(orjson.Fragment, texts))


def object_written(row: Any, selection: Selection) -> Any:
    """The object of a row, if it was read with the text of the selection."""
    place = place_of(type(row), selection.shown) if selection.shown else None
    text = None if place is None else row[place]
    return None if text is None else orjson.Fragment(text)


def _object(selection: Selection) -> Parts | None:
    parts: Parts = []
    for picked in selection.fields:
        value = _value(picked)
        if value is None:
            return None
        parts += [f'{"," if parts else "{"}"{picked.key}":', *value]
    return [*parts, "}"]


def _value(picked: Picked) -> Parts | None:
    if picked.how is How.TYPENAME:
        return [f'"{picked.parent.name}"']
    if picked.how is not How.ATTRIBUTE or not picked.is_plain:
        return None
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
    parts: Parts = []
    for each in picked.only.fields:
        if each.how is How.TYPENAME:
            value: str | Written = '"Money"'
        elif each.name == "currency":
            value = Written("currency", Form.TEXT, required=True)
        else:
            value = Written(picked.attribute, Form.AMOUNT, required=True)
        parts += [f'{"," if parts else "{"}"{each.key}":', value]
    return [*parts, "}"]


def _joined(parts: Parts) -> Parts:
    """With texts that follow each other as one."""
    joined: Parts = []
    for each in parts:
        if isinstance(each, str) and joined and isinstance(joined[-1], str):
            joined[-1] += each
        else:
            joined.append(each)
    return joined
