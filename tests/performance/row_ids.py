"""Ids of rows that are written by SQL in sets: made of their kind and a number, so that rows find each other without being
looked up. Each book for measuring has kinds of its own."""

from __future__ import annotations

from uuid import UUID


def id_of(kind: int, number: int) -> UUID:
    return UUID(f"{kind:08x}-0000-7000-8000-{number:012x}")


def sql_id(kind: int, number: str) -> str:
    """The same in SQL, where the number is an expression."""
    return f"('{kind:08x}-0000-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"
