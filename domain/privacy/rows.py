"""Erasing in the tables, by the register: first what is the person's, then where texts of others mention them.

Runs inside one transaction that the database knows as an erasure: see personal_data_only() in the migrations.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from domain.kit.attribution import literal
from domain.kit.unit_of_work import Work
from domain.privacy.payloads import ERASED, NUMBER, Redaction, text_keys
from domain.privacy.register import ROOMS, Holding, Kind, audited_kinds, holdings_of, personal_columns

FILES: Final = frozenset({"stored_file", "stored_file_content"})
DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "outbox": ("payload",),
    "event_log": ("payload",),
    "audit_record": ("payload",),
    "row_change": ("before", "after"),
}
"""Tables whose documents are gone through key by key."""

NOBODYS_PHONE: Final = "254700000000"

_BYTES: Final = b"erased"
_MARKED: Final = re.compile(r'"\\u0000([^"]*)"')
_ERASE_CONTENT: Final = """
update stored_file_content set content = $2 where {of} and content <> $2
"""
_ERASE_FILES: Final = """
update stored_file set file_name = 'erased.txt', content_type = 'text/plain', size_bytes = $2, sha256 = $3
where ({of}) and file_name <> 'erased.txt'
"""

_TYPES: Final = """
select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'
"""


async def erase_rows(work: Work, erasure_id: UUID, redaction: Redaction, *, password_hash: str) -> dict[str, int]:
    """Erase a person everywhere. Returns how many rows were changed or deleted, by table."""
    changed: Counter[str] = Counter()
    types = {(row["table_name"], row["column_name"]): row["data_type"] for row in await work.fetch(_TYPES)}
    # Found before anything is erased, for some are found by what goes.
    rows = await _rows_of_them(work, redaction)
    for holding in _theirs(deleted=True):
        done = await work.connection.execute(f"delete from {holding.table} where {holding.of}", redaction.person.ids)
        changed[holding.table] += _count(done)
    await work.execute("select set_config('daftari.erasure', $1, true)", str(erasure_id))
    await _erase_files(work, redaction, changed)
    for holding in _theirs(deleted=False):
        await _update(work, holding, redaction, types, password_hash, changed)
    for table, columns in personal_columns().items():
        if table in DOCUMENTS:
            await _redact_documents(work, table, DOCUMENTS[table], redaction, rows, changed)
        else:
            await _redact_mentions(work, table, list(columns), redaction, types, changed)
    await work.execute("select set_config('daftari.erasure', '', true)")
    return {table: count for table, count in sorted(changed.items()) if count}


def _theirs(*, deleted: bool) -> Iterator[Holding]:
    """Holdings by which rows are of a person. Of tables that others point at, the rows go last."""
    for room in ROOMS:
        for holding in room.holdings if not deleted else reversed(room.holdings):
            if holding.deleted is deleted and holding.of is not None and holding.table not in FILES:
                yield holding


async def _update(
    work: Work,
    holding: Holding,
    redaction: Redaction,
    types: Mapping[tuple[str, str], str],
    password_hash: str,
    changed: Counter[str],
) -> None:
    own = {column: kind for column, kind in holding.columns.items() if kind is not Kind.MENTION}
    if own:
        sets = {
            column: _sql_of(column, kind, redaction, types[holding.table, column], password_hash)
            for column, kind in own.items()
        }
        differs = " or ".join(f"{column} is distinct from {value}" for column, value in sets.items())
        statement = f"""update {holding.table} set {", ".join(f"{column} = {value}" for column, value in sets.items())}
            where ({holding.of}) and ({differs})"""
        changed[holding.table] += _count(await work.connection.execute(statement, redaction.person.ids))
    mentioned = [column for column, kind in holding.columns.items() if kind is Kind.MENTION]
    if mentioned and holding.table not in DOCUMENTS:
        rows = await work.fetch(
            f"select ctid::text as at, {_as_texts(mentioned)} from {holding.table} where {holding.of}", redaction.person.ids
        )
        await _replace(work, holding.table, mentioned, rows, redaction.of_them(), types, changed)


def _sql_of(column: str, kind: Kind, redaction: Redaction, data_type: str, password_hash: str) -> str:
    quoted = f'"{column}"'
    match kind:
        case Kind.NAME:
            return literal(redaction.pseudonym)
        case Kind.EMAIL:
            return literal(redaction.email)
        case Kind.CODE:
            return literal(redaction.pseudonym.rpartition(" ")[2].upper())
        case Kind.TEXT | Kind.OTHER_TEXT:
            word = ERASED if kind is Kind.TEXT else f"{ERASED}."
            return f"case when {quoted} = '' then '' when {quoted} is not null then {literal(word)} end"
        case Kind.NULL:
            return "null"
        case Kind.BLANK:
            return "''"
        case Kind.PHONE:
            return literal(NOBODYS_PHONE)
        case Kind.OBJECT:
            return "'{}'"
        case Kind.SECRET:
            return literal(password_hash)
        case _:
            raise AssertionError(f"{column} of {data_type} is not erased in this way")


async def _erase_files(work: Work, redaction: Redaction, changed: Counter[str]) -> None:
    digest = hashlib.sha256(_BYTES).hexdigest()
    for holding in holdings_of("stored_file_content"):
        statement = _ERASE_CONTENT.format(of=holding.of)
        changed["stored_file_content"] += _count(await work.connection.execute(statement, redaction.person.ids, _BYTES))
    for holding in holdings_of("stored_file"):
        if holding.of is not None:
            statement = _ERASE_FILES.format(of=holding.of)
            changed["stored_file"] += _count(
                await work.connection.execute(statement, redaction.person.ids, len(_BYTES), digest)
            )


async def _redact_mentions(
    work: Work,
    table: str,
    columns: Sequence[str],
    redaction: Redaction,
    types: Mapping[tuple[str, str], str],
    changed: Counter[str],
) -> None:
    """Where a word that is nobody else's stands in a row, whoever the row is of."""
    texts = [column for column in columns if types[table, column] != "bytea"]
    words = [_like(word) for word in redaction.words.unmistakable().each()]
    if not words or not texts:
        return
    condition = " or ".join(f'"{column}"::text ilike any ($1::text[])' for column in texts)
    rows = await work.fetch(f"select ctid::text as at, {_as_texts(texts)} from {table} where {condition}", words)
    await _replace(work, table, texts, rows, redaction.of_anybody(), types, changed)


async def _replace(
    work: Work,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Any],
    replaced: Callable[[str], str],
    types: Mapping[tuple[str, str], str],
    changed: Counter[str],
) -> None:
    sets = ", ".join(f'"{column}" = ${number}{_cast(types[table, column])}' for number, column in enumerate(columns, 2))
    for row in rows:
        before = [row[column] for column in columns]
        after = [
            None
            if value is None
            else _in_json(value, replaced)
            if types[table, column] in ("jsonb", "json")
            else replaced(value)
            for value, column in zip(before, columns, strict=True)
        ]
        if after != before:
            await work.execute(f"update {table} set {sets} where ctid = $1::text::tid", row["at"], *after)
            changed[table] += 1


def _in_json(text: str, replaced: Callable[[str], str]) -> str:
    def walked(value: Any) -> Any:
        if isinstance(value, str):
            return replaced(value)
        if isinstance(value, list):
            return [walked(each) for each in value]
        return {key: walked(each) for key, each in value.items()} if isinstance(value, dict) else value

    document = _read(text)
    after = walked(document)
    return text if after == document else _written(after)


async def _rows_of_them(work: Work, redaction: Redaction) -> dict[str, tuple[str, Mapping[str, Kind]]]:
    """The rows of the person that the activity log watches, by their ids: as what it knows them, and what is personal of
    them."""
    kinds = {row["table"]: row["kind"] for row in await work.fetch(audited_kinds())}
    found: dict[str, tuple[str, Mapping[str, Kind]]] = {}
    for room in ROOMS:
        for holding in room.holdings:
            if holding.of is None or holding.table not in kinds or not holding.columns:
                continue
            key = await work.fetchval(
                """select attname from pg_attribute where attrelid = $1::text::regclass and attname in ('id', 'user_id')
                   order by attname limit 1""",
                holding.table,
            )
            for row in await work.fetch(
                f"select {key}::text as id from {holding.table} where {holding.of}", redaction.person.ids
            ):
                known = found.get(row["id"], (kinds[holding.table], {}))[1]
                found[row["id"]] = (kinds[holding.table], {**known, **holding.columns})
    return found


async def _redact_documents(
    work: Work,
    table: str,
    columns: Sequence[str],
    redaction: Redaction,
    rows_of_them: Mapping[str, tuple[str, Mapping[str, Kind]]],
    changed: Counter[str],
) -> None:
    found_by = [_like(word) for word in redaction.words.unmistakable().each()] + [
        _like(each) for each in redaction.person.id_texts
    ]
    condition = " or ".join(f"{column}::text ilike any ($1::text[])" for column in columns)
    arguments: list[Any] = [found_by]
    more = ""
    if table == "row_change":
        condition += " or object_id = any ($2::uuid[])"
        arguments.append(list(rows_of_them))
        more = ", object_id::text as object_id"
    else:
        more = f", {'event_name' if table == 'audit_record' else 'name'} as event_name"
    is_text = table in ("outbox", "event_log")
    # A partitioned table has the same ctid in several partitions.
    rows = await work.fetch(
        f"select tableoid, ctid::text as at, {_as_texts(columns)}{more} from {table} where {condition}", *arguments
    )
    cast = "" if is_text else "::text::jsonb"
    sets = ", ".join(f"{column} = ${number}{cast}" for number, column in enumerate(columns, 3))
    for row in rows:
        of_row = table == "row_change"
        personal = rows_of_them.get(row["object_id"], (None, {}))[1] if of_row else {}
        erasable = frozenset() if of_row else text_keys(row["event_name"])
        before = [row[column] for column in columns]
        after = [
            None if text is None else redacted_text(text, redaction, personal=personal, erasable=erasable) for text in before
        ]
        if after != before:
            await work.execute(
                f"update {table} set {sets} where tableoid = $1 and ctid = $2::text::tid", row["tableoid"], row["at"], *after
            )
            changed[table] += 1


def redacted_text(
    text: str, redaction: Redaction, *, personal: Mapping[str, Kind] | None = None, erasable: frozenset[str] = frozenset()
) -> str:
    """A document without the person, as JSON: the image of a row of theirs with ``personal`` columns, or anything else."""
    document = _read(text)
    after = redaction.image(document, personal) if personal else redaction.document(document, erasable)
    return text if after == document else _written(after)


def _read(text: str) -> Any:
    """Numbers with decimals come as texts that are marked, so that what is written again has the same digits."""
    return json.loads(text, parse_float=lambda digits: NUMBER + digits)


def _written(document: Any) -> str:
    return _MARKED.sub(r"\1", json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _as_texts(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"::text as "{column}"' for column in columns)


def _cast(data_type: str) -> str:
    return {"jsonb": "::text::jsonb", "json": "::text::json"}.get(data_type, "")


def _like(word: str) -> str:
    escaped = json.dumps(word, ensure_ascii=False)[1:-1] if '"' in word or "\\" in word else word
    return "%" + escaped.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
