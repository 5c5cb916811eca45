"""Reading what clients of milling send, with refusals that say which input they are about."""

from __future__ import annotations

from uuid import UUID

from schema.kit import ID, read_id


def read_optional_id(type_name: str, global_id: ID | None, *field: str) -> UUID | None:
    """As :func:`~schema.kit.read_id`; nothing for nothing."""
    return None if global_id is None else read_id(type_name, global_id, *field)
