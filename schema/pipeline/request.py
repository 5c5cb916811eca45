"""What a client asks for, and how it is told that it asked wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from graphql import GraphQLError

if TYPE_CHECKING:
    from schema.pipeline.rate import Spent

APOLLO_EXTENSION: Final = "persistedQuery"
CORRELATION_ID: Final = "correlationId"
"""The extension under which every error names the call that it ended."""


class RequestRefused(Exception):
    """Nothing was executed. ``errors`` are GraphQL errors as JSON, to be told :func:`under` an id; ``status`` is how HTTP
    says it, and ``spent`` tells of the budget that did not suffice."""

    def __init__(self, errors: list[dict[str, Any]], status: int, *, retry_after_s: int | None = None) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
        self.status = status
        self.retry_after_s = retry_after_s
        self.spent: Spent | None = None

    @property
    def code(self) -> str:
        return str(self.errors[0]["extensions"]["code"])

    @classmethod
    def because(
        cls, code: str, message: str, status: int = 400, *, retry_after_s: int | None = None, **extensions: Any
    ) -> RequestRefused:
        error = {"message": message, "extensions": {"code": code, **extensions}}
        return cls([error], status, retry_after_s=retry_after_s)

    @classmethod
    def of(cls, errors: Iterable[GraphQLError], code: str, status: int = 400) -> RequestRefused:
        return cls([formatted(error, code) for error in errors], status)


def under(correlation_id: UUID, errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Errors as they are told: each with the id of the call that it ended, which the log lines of that call have too."""
    known = {CORRELATION_ID: str(correlation_id)}
    return [{**each, "extensions": {**each["extensions"], **known}} for each in errors]


def formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    """A GraphQL error as JSON. A code that the error already has, from a scalar for example, is more exact than ``code``."""
    shown: dict[str, Any] = {"message": error.message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    shown["extensions"] = {"code": code_of(error) or code}
    return shown


def code_of(error: BaseException | None) -> str | None:
    """The code that an error, or one of those it was made from, came with."""
    while isinstance(error, GraphQLError):
        if error.extensions and "code" in error.extensions:
            return str(error.extensions["code"])
        error = error.original_error
    return None


class Request(NamedTuple):
    """One operation: a document or the id of a trusted one, which operation of it, and its variables."""

    query: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] | None = None
    extensions: Mapping[str, Any] | None = None
    document_id: str | None = None

    @classmethod
    def from_parameters(cls, parameters: object, *, may_hold_nul: bool = True) -> Request:
        """The request that a JSON object of parameters holds, as in the body of a POST or a subscribe message. Who has seen
        that the character U+0000 is nowhere in its text need not have the variables searched for it."""
        if isinstance(parameters, list):
            raise RequestRefused.because("BATCHING_NOT_SUPPORTED", "send one operation per request, not a list of them")
        if not isinstance(parameters, dict):
            raise RequestRefused.because("BAD_REQUEST", "the request must be a JSON object")
        extensions = _optional(parameters, "extensions", dict, "an object")
        variables = _optional(parameters, "variables", dict, "an object")
        if may_hold_nul:
            _refuse_nul(variables)
        return cls(
            query=_optional(parameters, "query", str, "a string"),
            operation_name=_optional(parameters, "operationName", str, "a string"),
            variables=variables,
            extensions=extensions,
            document_id=_optional(parameters, "documentId", str, "a string") or _id_in(extensions or {}),
        )


def _optional(parameters: Mapping[str, Any], name: str, kind: type, called: str) -> Any:
    value = parameters.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise RequestRefused.because("BAD_REQUEST", f"{name} must be {called}")


def _refuse_nul(variables: object) -> None:
    """Refuse the one character that no text of the database can hold, before it looks like an error of ours."""
    stack = [variables]
    while stack:
        value = stack.pop()
        if isinstance(value, str) and "\x00" in value:
            raise RequestRefused.because("INVALID_VARIABLES", "a variable must not hold the character U+0000")
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _id_in(extensions: Mapping[str, Any]) -> str | None:
    """The id of a trusted document where clients put it that know no ``documentId`` parameter."""
    apollo = extensions.get(APOLLO_EXTENSION)
    found = extensions.get("documentId") or (apollo.get("sha256Hash") if isinstance(apollo, dict) else None)
    return found if isinstance(found, str) else None
