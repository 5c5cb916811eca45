"""What the outside may say: one schema, to which every business adds its part.

``from schema import schema`` gives it. It is built when it is first asked for, so that a part of the room can be imported
without the whole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strawberry import Schema

    schema: Schema


@cache
def _the_schema() -> Schema:
    from schema.build import build

    return build()


def __getattr__(name: str) -> Any:
    if name == "schema":
        return _the_schema()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
