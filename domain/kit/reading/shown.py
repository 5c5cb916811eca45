"""Objects that the database writes: some attributes of a row as the JSON text that clients get.

Who will do nothing with a row but show it asks for the text, and not for the attributes: then nothing has to be made of its
columns here. A text is promised only where it is what would have been written here, letter by letter. So it is made of
columns alone, of those kinds whose writing the database has in common with us; where an attribute is anything else, the
attributes are read as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from inspect import getattr_static
from typing import Any, Final

from tortoise.fields import (
    BigIntField,
    BooleanField,
    CharField,
    DateField,
    DatetimeField,
    DecimalField,
    Field,
    IntField,
    SmallIntField,
    TextField,
    UUIDField,
)
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from domain.kit.attribution import literal
from domain.kit.decimals import PlainDecimalField
from domain.kit.money import CURRENCIES, MoneyOf

MAX_LENGTH: Final = 12_000
"""How many characters the expression of a text may have: clients choose it."""

ENCODED_TO_A_LINE: Final = 57
"""How many characters the database encodes before it begins another line."""

UUID_LENGTH: Final = 36
"""No key is longer."""


class Form(Enum):
    """How a value is written."""

    TEXT = auto()
    NUMBER = auto()
    TRUTH = auto()
    DATE = auto()
    INSTANT = auto()
    """In UTC, with six decimals of a second or none."""
    DECIMAL = auto()
    KEY = auto()
    GLOBAL_ID = auto()
    """The base64 of the type's name, a colon and the key, without what fills it up."""
    CHOICE = auto()
    """The name of a member, whose value is in the column."""
    AMOUNT = auto()
    """Of money: the major units, with the decimals of the currency."""
    CURRENCY = auto()
    """Of money."""


@dataclass(frozen=True, slots=True)
class Written:
    """An attribute in a text. ``type_name`` is that of global ids."""

    attribute: str
    form: Form
    required: bool
    type_name: str = ""


class Shown:
    """A text: what stands as it is, and attributes in between. Equal texts are equal."""

    __slots__ = ("_hash", "parts")

    def __init__(self, parts: Iterable[str | Written]) -> None:
        self.parts = tuple(parts)
        # Texts are looked up for every row that is shown.
        self._hash = hash(self.parts)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Shown) and self.parts == other.parts)

    def __hash__(self) -> int:
        return self._hash

    @property
    def attributes(self) -> frozenset[str]:
        return frozenset(each.attribute for each in self.parts if isinstance(each, Written))


Wanted = frozenset[str | Shown] | None
"""What of rows will be looked at, attributes and texts; None when it could be any attribute."""


def attributes_in(wanted: Iterable[str | Shown]) -> frozenset[str]:
    """The attributes that are wanted, those in texts too."""
    found: set[str] = set()
    for each in wanted:
        found |= {each} if isinstance(each, str) else each.attributes
    return frozenset(found)


def expressions_of(model: type[Model], wanted: Iterable[str | Shown]) -> dict[Shown, str]:
    """The expressions of the wanted texts. All or none: who puts an object together out of several texts looks at the
    attributes of all of them where one is missing."""
    found = {each: expression_of(model, each) for each in wanted if isinstance(each, Shown)}
    known = {shown: sql for shown, sql in found.items() if sql is not None}
    return known if len(known) == len(found) else {}


@dataclass(frozen=True, slots=True)
class Value:
    """An attribute as the database writes it: an SQL expression, and what stands as it is in front of it and behind."""

    sql: str
    before: str = ""
    after: str = ""

    @property
    def alone(self) -> str:
        return "||".join([*_literals(self.before), self.sql, *_literals(self.after)])


def expression_of(model: type[Model], shown: Shown) -> str | None:
    """The SQL expression of a text; None where the database would not write it as we do. What stands as it is between two
    values is one piece: the database copies the text at each."""
    pieces: list[str] = []
    standing = ""
    for each in shown.parts:
        if isinstance(each, str):
            standing += each
            continue
        value = _value(model, each)
        if value is None:
            return None
        pieces += [*_literals(standing + value.before), value.sql]
        standing = value.after
    text = "||".join([*pieces, *_literals(standing)])
    return text if len(text) <= MAX_LENGTH else None


def _literals(text: str) -> list[str]:
    return [literal(text)] if text else []


def _value(model: type[Model], written: Written) -> Value | None:
    if written.form in (Form.AMOUNT, Form.CURRENCY):
        return _money(model, written)
    field = model._meta.fields_map.get(written.attribute)
    write = _FORMS.get((written.form, type(field)))
    if write is None or written.attribute not in model._meta.fields_db_projection:
        return None
    assert field is not None
    value = write(f'"{model._meta.fields_db_projection[written.attribute]}"', field, written)
    if not field.null:
        return value
    return None if written.required else Value(f"coalesce({value.alone},'null')")


def _money(model: type[Model], written: Written) -> Value | None:
    declared = getattr_static(model, written.attribute, None)
    minor, currency = (model._meta.fields_map.get(each) for each in (getattr(declared, "column", ""), "currency"))
    if not isinstance(declared, MoneyOf) or not minor or not currency or minor.null or currency.null:
        return None
    columns = model._meta.fields_db_projection
    if written.form is Form.CURRENCY:
        return _quoted(f'"{columns["currency"]}"')
    return _major_units(f'"{columns[declared.column]}"', f'"{columns["currency"]}"')


def _major_units(minor: str, currency: str) -> Value:
    """Most have two decimals. A currency that is not ours makes the text null: then Money itself is asked, which refuses."""
    cases = [f"WHEN {currency} IN ({_codes(2)}) THEN ({minor}*0.01)::text"]
    for decimals in sorted(set(CURRENCIES.values()) - {0, 2}):
        cases.append(f"WHEN {currency} IN ({_codes(decimals)}) THEN ({minor}*1e-{decimals})::text")
    cases.append(f"WHEN {currency} IN ({_codes(0)}) THEN {minor}::text")
    return _quoted(f"CASE {' '.join(cases)} END")


def _codes(decimals: int) -> str:
    return ",".join(f"'{code}'" for code, of in CURRENCIES.items() if of == decimals)


def _quoted(sql: str) -> Value:
    return Value(sql, '"', '"')


def _text(column: str, field: Field[Any], written: Written) -> Value:
    return Value(f"to_json({column})::text")


def _bare(column: str, field: Field[Any], written: Written) -> Value:
    return Value(f"{column}::text")


def _short_number(column: str, field: Field[Any], written: Written) -> Value:
    """Larger ones than GraphQL knows make the text null: then the error is made here."""
    return Value(f"CASE WHEN {column} BETWEEN -2147483648 AND 2147483647 THEN {column}::text END")


def _quoted_column(column: str, field: Field[Any], written: Written) -> Value:
    return _quoted(f"{column}::text")


def _plain_decimal(column: str, field: Field[Any], written: Written) -> Value:
    return _quoted(f"trim_scale({column})::text")


def _instant(column: str, field: Field[Any], written: Written) -> Value:
    """Connections are in UTC. The database leaves out the noughts at the end of a fraction."""
    local = f"replace({column}::timestamp::text,' ','T')"
    return Value(f"CASE WHEN {column}::timestamptz(0)={column} THEN {local} ELSE rpad({local},26,'0') END", '"', 'Z"')


def _global_id(column: str, field: Field[Any], written: Written) -> Value:
    """The database breaks what it encodes into lines."""
    prefix = f"{written.type_name}:"
    encoded = f"encode(({literal(prefix)}||{column})::bytea,'base64')"
    one_line = len(prefix) + UUID_LENGTH < ENCODED_TO_A_LINE
    return _quoted(f"replace({encoded},'=','')" if one_line else f"translate({encoded},E'=\\n','')")


def _choice(column: str, field: Field[Any], written: Written) -> Value:
    """Names are mostly what the values are in capitals."""
    members = {each.value: each.name for each in field.enum_type}  # type: ignore[attr-defined]
    if all(value.upper() == name for value, name in members.items()):
        return _quoted(f"upper({column})")
    cases = " ".join(f"WHEN {literal(value)} THEN {literal(name)}" for value, name in members.items())
    return _quoted(f"CASE {column} {cases} END")


_FORMS: Final[dict[tuple[Form, type], Callable[[str, Any, Written], Value]]] = {
    (Form.TEXT, CharField): _text,
    (Form.TEXT, TextField): _text,
    (Form.NUMBER, IntField): _bare,
    (Form.NUMBER, SmallIntField): _bare,
    (Form.NUMBER, BigIntField): _short_number,
    (Form.TRUTH, BooleanField): _bare,
    (Form.DATE, DateField): _quoted_column,
    (Form.INSTANT, DatetimeField): _instant,
    (Form.DECIMAL, DecimalField): _quoted_column,
    (Form.DECIMAL, PlainDecimalField): _plain_decimal,
    (Form.KEY, UUIDField): _quoted_column,
    (Form.GLOBAL_ID, UUIDField): _global_id,
    (Form.GLOBAL_ID, IntField): _global_id,
    (Form.GLOBAL_ID, BigIntField): _global_id,
    (Form.CHOICE, CharEnumFieldInstance): _choice,
}
"""Which forms the database writes of which columns as we do. Fields of a class of their own may do anything."""


_NO_PLACES: Final[dict[Shown, int]] = {}


def place_of(kind: type, shown: Shown) -> int | None:
    """Where rows of a class have a text; None where they do not."""
    return getattr(kind, "_shown_places", _NO_PLACES).get(shown)
