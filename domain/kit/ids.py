"""Ids: UUID version 7 (RFC 9562), so that rows written together lie together in an index."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    return UUID(bytes=uuid_utils.uuid7().bytes)
