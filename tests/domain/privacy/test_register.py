"""The register of personal data against the database as it is: nothing that holds text, JSON or bytes is left undeclared."""

from __future__ import annotations

import pytest

from domain.events.event import every_event
from domain.kit.database import fetch
from domain.privacy import payloads
from domain.privacy.register import ROOMS, personal_columns

pytestmark = pytest.mark.usefixtures("database")

COLUMNS = """
select c.relname as "table", a.attname as column
from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
  and not a.attisdropped and coalesce(e.typname, t.typname) in ('text', 'varchar', 'bpchar', 'json', 'jsonb', 'bytea', 'xml',
      'citext', 'name', 'tsvector', 'hstore', 'inet', 'cidr', 'macaddr', 'point')
"""
GUARDED = """
select c.relname as "table", string_to_array(encode(t.tgargs, 'escape'), E'\\\\000') as columns
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgname = 'personal_data_only' and not c.relispartition
"""
OF_TORTOISE = {"tortoise_migrations"}


async def test_every_column_is_declared_personal_or_free() -> None:
    found = {(row["table"], row["column"]) for row in await fetch(COLUMNS) if row["table"] not in OF_TORTOISE}
    declared = {each for room in ROOMS for each in room.columns_declared()}
    assert sorted(found - declared) == [], "say in domain/privacy/register what these hold of people"
    known = {(row["table"], row["column"]) for row in await fetch(EVERY_COLUMN)}
    assert sorted(declared - known) == [], "there are no such columns"


IN_THE_WAY = """
select c.relname as "table", t.tgname as trigger from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and t.tgtype & 16 > 0 and t.tgtype & 2 > 0 and c.relname = any ($1::text[])
  and pg_get_triggerdef(t.oid) not like '%daftari.erasure%'
"""
EVERY_COLUMN = """
select c.relname as "table", a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
"""


async def test_no_column_is_both_personal_and_free() -> None:
    personal = {(holding.table, column) for room in ROOMS for holding in room.holdings for column in holding.columns}
    free = {(table, column) for room in ROOMS for table, columns in room.free.items() for column in columns.split()}
    assert sorted(personal & free) == []


async def test_the_database_lets_an_erasure_change_what_the_register_says_and_nothing_else() -> None:
    guarded = {row["table"]: set(row["columns"]) - {""} for row in await fetch(GUARDED)}
    expected = {table: set(columns) for table, columns in personal_columns().items()}
    expected["stored_file"] |= {"size_bytes"}
    assert guarded == expected


async def test_what_guards_a_table_stands_back_for_an_erasure() -> None:
    """A migration that makes such a trigger anew says so again: see deploy/upgrade.md."""
    in_the_way = await fetch(IN_THE_WAY, list(personal_columns()))
    assert [f"{row['trigger']} on {row['table']}" for row in in_the_way] == []


async def test_every_condition_can_be_asked() -> None:
    for room in ROOMS:
        for holding in room.holdings:
            if holding.of is not None:
                assert await fetch(f"select 1 from {holding.table} where {holding.of} limit 1", []) == []


def test_every_text_of_an_event_is_declared() -> None:
    # Those that tests have declared for themselves are nobody's.
    kinds = [kind for kind in every_event() if not kind.__module__.startswith("tests.")]
    texts = {f"{kind.name}: {key}" for kind in kinds for key in payloads.text_keys(kind.name)}
    declared = payloads.EVENT_FIELDS.keys() | payloads.MENTIONING | payloads.FREE
    assert sorted(each for each in texts if each.partition(": ")[2] not in declared) == []
    assert sorted(declared - {each.partition(": ")[2] for each in texts}) == [], "no event has these"


def test_no_key_of_an_event_is_declared_twice() -> None:
    assert payloads.EVENT_FIELDS.keys() & payloads.FREE == set()
    assert set() == payloads.MENTIONING & payloads.FREE
