"""What comes of an operation, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(slots=True)
class Result:
    """``data`` is absent (not null) from a result that was refused: see ``executed``."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    extensions: dict[str, Any]
    executed: bool = True
    status: int = 200

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"data": self.data} if self.executed else {}
        if self.errors:
            # Errors come first, as the specification recommends.
            shown = {"errors": self.errors, **shown}
        if self.extensions:
            shown["extensions"] = self.extensions
        return shown

    def to_bytes(self) -> bytes:
        return orjson.dumps(self.to_json())
