"""The catalogue of error codes: what each means, which room says it, and what comes with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from domain.kit.errors import DomainError
from schema.contract.chapters import Chapter, Row, Table, code, codes
from schema.kit.errors import DESCRIPTIONS, PIPELINE_CODES

PROTOCOL = "protocol"
ABOUT = """\
Every refusal has a `code` for programs and a `message` for people, which may be reworded. Codes are added, and never
renamed. A client that does not know a code treats it as the one that it is *a kind of*, and any other as a refusal whose
message it shows.

- What the rules of a business do not allow is **data**: `errors { code message field figures { name value }
  retryAfterSeconds }` of a mutation's payload, with HTTP 200. Nothing was changed then.
- What concerns the request as a whole is a **top-level error** with `extensions.code`: all of the room `protocol`, and
  when a query or a feed is refused also the others, such as `UNAUTHENTICATED` and `FORBIDDEN`. `extensions.correlationId`
  is what to report.
"""


@dataclass(frozen=True)
class ErrorCode:
    """``kind_of`` is the code that a client may treat it as, ``field`` the input that it is usually about."""

    code: str
    meaning: str
    room: str
    kind_of: str | None
    field: str | None
    figures: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "meaning": self.meaning,
            "room": self.room,
            "kindOf": self.kind_of,
            "field": self.field.split(".") if self.field else None,
            "figures": list(self.figures),
        }


def error_codes() -> list[ErrorCode]:
    kinds: dict[str, list[type[DomainError]]] = defaultdict(list)
    for kind in DomainError.every_kind():
        if "code" in vars(kind):
            kinds[kind.code].append(kind)
    return [_described(name, meaning, kinds.get(name, [])) for name, meaning in DESCRIPTIONS.items()]


def _described(name: str, meaning: str, kinds: list[type[DomainError]]) -> ErrorCode:
    fields = {".".join(kind.field) for kind in kinds if kind.field}
    figures = sorted({_camel(each) for kind in kinds for each in kind.figures})
    return ErrorCode(
        name,
        meaning,
        PROTOCOL if name in PIPELINE_CODES else _room(kinds[0]),
        next((found for kind in kinds if (found := _kind_of(kind))), None),
        fields.pop() if len(fields) == 1 else None,
        tuple(figures),
    )


def _room(kind: type[DomainError]) -> str:
    room, _, rest = kind.__module__.partition(".")
    return rest.partition(".")[0] if room == "domain" else room


def _kind_of(kind: type[DomainError]) -> str | None:
    """The code of the closest kind above it that has another one; every refusal is one, so that is not said."""
    above = (each.code for each in kind.__mro__[1:] if issubclass(each, DomainError))
    return next((found for found in above if found not in (kind.code, DomainError.code)), None)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def chapter() -> Chapter:
    found = error_codes()
    rows = tuple(
        Row(
            each.code,
            (
                code(each.code),
                each.meaning,
                each.room,
                code(each.kind_of) if each.kind_of else "",
                code(each.field) if each.field else "",
                codes(each.figures),
            ),
        )
        for each in found
    )
    columns = ("code", "what it means", "room", "a kind of", "field", "figures")
    table = Table("Codes", columns, rows, choose="room")
    return Chapter("errors", "Error codes", ABOUT, (table,), [each.as_data() for each in found])
