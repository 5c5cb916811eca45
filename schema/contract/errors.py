"""The catalogue of error codes: what each means, which room says it, and what comes with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from domain.kit.errors import DomainError
from schema.contract.chapters import Chapter, Row, Table, code, codes
from schema.kit.errors import DESCRIPTIONS, PIPELINE_CODES

PROTOCOL = "protocol"
ABOUT = """\
Every refusal has a `code` for programs and a `message` for people, which may be reworded. Codes are added, and never
renamed. A client that does not know a code treats it as the one that it is *a kind of*, and any other as a refusal whose
message it shows.

- What the rules of a business do not allow is **data**: `errors { code message field figures { name value }
  retryAfterSeconds }` of a mutation's payload. Nothing was changed then.
- What concerns the request as a whole is a **top-level error** with `extensions.code`: all of the room `protocol`, and
  when a query or a feed is refused also the others, such as `UNAUTHENTICATED` and `FORBIDDEN`. Each has an
  `extensions.correlationId`, which is what to report: the server's log has it too, and over HTTP the header
  `x-correlation-id` of any answer.
"""
STATUSES_ABOUT = """\
How `/graphql` says it over HTTP to a client that accepts `application/graphql-response+json`. One that accepts nothing but
`application/json` is answered with 200 where the last column says so, and reads the code.
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


@dataclass(frozen=True)
class Status:
    """An HTTP status, and the top-level codes that come with it; ``always`` says that it is the same with
    ``application/json``."""

    status: int
    codes: tuple[str, ...]
    when: str
    always: bool

    def as_row(self) -> Row:
        with_json = str(self.status if self.always else 200)
        return Row(f"status-{self.status}-{with_json}", (str(self.status), self.when, codes(self.codes), with_json))


STATUSES: Final = (
    Status(200, (), "It was run. Where a part failed, `data` holds null and `errors` says why.", always=True),
    Status(
        400,
        ("BAD_REQUEST", "BATCHING_NOT_SUPPORTED", "DOCUMENT_NOT_FOUND"),
        "It is no request: not JSON, not one operation, no document.",
        always=True,
    ),
    Status(
        400,
        (
            "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED",
            "OPERATION_NOT_FOUND",
            "INVALID_VARIABLES",
            "DEPTH_LIMIT_EXCEEDED",
            "ALIAS_LIMIT_EXCEEDED",
            "ROOT_FIELD_LIMIT_EXCEEDED",
            "DIRECTIVE_LIMIT_EXCEEDED",
            "COST_LIMIT_EXCEEDED",
        ),
        "The document or its variables fit neither the schema nor the limits.",
        always=False,
    ),
    Status(401, ("UNAUTHENTICATED",), "Nobody is signed in, or the token is worth nothing any more.", always=False),
    Status(403, ("FORBIDDEN",), "Whoever asks lacks the permission.", always=False),
    Status(403, ("DOCUMENT_NOT_TRUSTED",), "This server runs other documents only.", always=True),
    Status(405, ("BAD_REQUEST",), "A mutation came by GET, or anything by another method.", always=True),
    Status(406, ("BAD_REQUEST",), "No answer is of a type that is accepted; feeds are `text/event-stream`.", always=True),
    Status(408, ("TIMEOUT",), "The body took too long to arrive.", always=True),
    Status(413, ("BAD_REQUEST", "DOCUMENT_TOO_LARGE"), "The body or the document is too large.", always=True),
    Status(415, ("BAD_REQUEST",), "The body is not declared as JSON in UTF-8.", always=True),
    Status(429, ("RATE_LIMITED",), "The budget of points is used up; `Retry-After` says for how long.", always=True),
    Status(
        503, ("BUSY", "TIMEOUT", "UNAVAILABLE"), "Too many streams, it took too long, or the database is away.", always=True
    ),
)


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
    tables = (
        Table("Codes", columns, rows, choose="room"),
        Table(
            "Statuses",
            ("status", "when", "codes", "with application/json"),
            tuple(each.as_row() for each in STATUSES),
            STATUSES_ABOUT,
        ),
    )
    return Chapter("errors", "Error codes", ABOUT, tables, [each.as_data() for each in found])
