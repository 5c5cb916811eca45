"""Looking for whole telephone numbers in whatever an installation wrote: tables, logs, answers, mails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Final

import asyncpg

# A run of digits that is no part of a word or of an id in hexadecimal.
_DIGITS: Final = re.compile(rb"(?<![0-9A-Za-z])[0-9]{9,40}(?![0-9A-Za-z])")
_A_CHECKOUT: Final = 20
"""Digits at least that a CheckoutRequestID has: a moment, then nine digits of the number."""

ALLOWED: Final = frozenset(
    {
        ("payment_prompt", "phone"),
        ("payment_prompt", "checkout_request_id"),
        ("payment_evidence", "sender"),
        ("payment_evidence", "prompt"),
        ("mpesa_message", "body"),
        ("stored_file_content", "content"),
    }
)
"""Where whole numbers are kept, and nowhere else: what the provider wrote is kept as it wrote it."""

_COLUMNS: Final = """
select c.table_name, c.column_name, c.data_type from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, c.ordinal_position
"""
_PARTITIONS: Final = "select relname from pg_class where relispartition"


class Numbers:
    """The whole numbers that were used, in the forms in which people and programs write them."""

    def __init__(self, phones: Collection[str]) -> None:
        self._tails = {phone[3:].encode() for phone in phones}

    def in_text(self, text: bytes | str) -> list[str]:
        """Which are in a text: as 2547…, as 07…, bare, or as the end of a CheckoutRequestID."""
        raw = text.encode() if isinstance(text, str) else text
        return [found.decode() for found in _DIGITS.findall(raw) if self._is_one(found)]

    def _is_one(self, digits: bytes) -> bool:
        if digits[-9:] not in self._tails:
            return False
        return len(digits) >= _A_CHECKOUT or digits[:-9] in (b"", b"0", b"254")

    async def in_tables(self, database: asyncpg.Connection) -> dict[str, int]:
        """How many are in the columns of tables, but for those where they are kept. Bytes are looked at as the text they
        are."""
        columns: dict[str, list[str]] = {}
        inner = {row["relname"] for row in await database.fetch(_PARTITIONS)}
        for row in await database.fetch(_COLUMNS):
            table, name, kind = row.values()
            if table not in inner and (table, name) not in ALLOWED:
                text = f"""encode("{name}", 'escape')""" if kind == "bytea" else f'"{name}"::text'
                columns.setdefault(table, []).append(text)
        found: Counter[str] = Counter()
        for table, names in columns.items():
            written = bytearray()

            async def take(piece: bytes, written: bytearray = written) -> None:
                written.extend(piece)

            await database.copy_from_query(f'select {", ".join(names)} from "{table}"', output=take)
            found[table] += len(self.in_text(bytes(written)))
        return {table: count for table, count in found.items() if count}
