"""What comes of an operation, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from schema.pipeline.rate import Spent

NULL: Final = b"null"


@dataclass(slots=True)
class Result:
    """``data_json`` is the data as it is sent; there is none (not even null) of a result that was refused: see
    ``executed``."""

    data_json: bytes
    errors: list[dict[str, Any]]
    extensions: dict[str, Any]
    executed: bool = True
    status: int = 200
    spent: Spent | None = None

    @property
    def data(self) -> dict[str, Any] | None:
        """The data for those who want to look into it."""
        found: dict[str, Any] | None = orjson.loads(self.data_json)
        return found

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"data": self.data} if self.executed else {}
        if self.errors:
            # Errors come first, as the specification recommends.
            shown = {"errors": self.errors, **shown}
        if self.extensions:
            shown["extensions"] = self.extensions
        return shown

    def to_bytes(self) -> bytes:
        """As :meth:`to_json`, with the data put in as they are."""
        parts = []
        if self.errors:
            parts.append(b'"errors":' + orjson.dumps(self.errors))
        if self.executed:
            parts.append(b'"data":' + self.data_json)
        if self.extensions:
            parts.append(b'"extensions":' + orjson.dumps(self.extensions))
        return b"{" + b",".join(parts) + b"}"
