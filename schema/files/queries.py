"""Reading what is known of files."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.files.queries import files_by_id
from domain.identity.permissions import Permission
from schema.files.types import File
from schema.kit import ID, Info, argument, query, read_id


@strawberry.type
class Query:
    @query(
        File | None,
        "One file, as `POST /files` or something it belongs to names it; null when there is none, or none for you.",
        requires=Permission.SIGNED_IN,
    )
    async def file(self, info: Info, id: Annotated[ID, argument("Its id.")]) -> object:
        return await info.context.load(files_by_id, read_id("File", id, "id"))
