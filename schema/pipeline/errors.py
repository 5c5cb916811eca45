"""Errors of execution: what was meant for the caller is shown, everything else is logged and masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import structlog
from graphql import FieldNode, GraphQLError

from domain.kit.errors import DomainError, Unavailable
from domain.kit.outages import is_outage
from schema.pipeline import metrics
from schema.pipeline.request import code_of, formatted, under

MASKED: Final = "Internal error"

logger = structlog.get_logger(__name__)


def present(errors: Sequence[GraphQLError] | None, correlation_id: UUID) -> list[dict[str, Any]]:
    """Errors as clients may see them."""
    if not errors:
        return []
    shown = under(correlation_id, [_present(error, correlation_id) for error in errors])
    for each in shown:
        metrics.errors_with(each["extensions"]["code"]).inc()
    return shown


def _present(error: GraphQLError, correlation_id: UUID) -> dict[str, Any]:
    cause = _cause(error)
    if isinstance(cause, DomainError):
        shown = formatted(error, cause.code)
        if cause.field:
            shown["extensions"]["field"] = list(cause.field)
        return shown
    if isinstance(cause, GraphQLError) and (code_of(error) or not _is_about_a_value_of_ours(error)):
        return formatted(error, "INVALID_VARIABLES")
    if is_outage(cause):
        logger.warning("operation_unavailable", path=error.path, error=_said_of(cause), correlation_id=str(correlation_id))
        return {**formatted(error, Unavailable.code), "message": Unavailable().message}
    logger.error("operation_failed", path=error.path, exc_info=cause, correlation_id=str(correlation_id))
    return {**formatted(error, "INTERNAL"), "message": MASKED, "extensions": {"code": "INTERNAL"}}


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _said_of(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _is_about_a_value_of_ours(error: GraphQLError) -> bool:
    """Errors about what a client sent point at an argument or variable; those about what we answered, at the field."""
    return error.path is not None and all(isinstance(node, FieldNode) for node in error.nodes or ())
