"""What a client is told when an operation cannot be run, or a feed ends: the same errors on sockets and event streams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from domain.kit.errors import DomainError, Unavailable
from domain.kit.outages import is_outage
from schema.pipeline import RequestRefused
from schema.pipeline.errors import MASKED
from schema.pipeline.request import CORRELATION_ID, under

logger = structlog.get_logger(__name__)


def errors_of(problem: Exception, correlation_id: UUID) -> list[dict[str, Any]]:
    """Refusals as they are, and outages as what passes; anything else is a mistake of ours, which is logged and masked."""
    if isinstance(problem, RequestRefused):
        return under(correlation_id, problem.errors)
    if isinstance(problem, DomainError):
        return [error_of(problem, correlation_id)]
    if is_outage(problem):
        said = str(problem) or type(problem).__name__
        logger.warning("operation_unavailable", error=said, correlation_id=str(correlation_id))
        return [error_of(Unavailable(), correlation_id)]
    logger.error("operation_failed", exc_info=problem, correlation_id=str(correlation_id))
    return internal_errors(correlation_id)


def internal_errors(correlation_id: UUID) -> list[dict[str, Any]]:
    """What is told of a mistake of ours."""
    return under(correlation_id, [{"message": MASKED, "extensions": {"code": "INTERNAL"}}])


def error_of(refusal: DomainError, correlation_id: UUID) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": refusal.code}
    if refusal.field:
        extensions["field"] = list(refusal.field)
    extensions[CORRELATION_ID] = str(correlation_id)
    return {"message": refusal.message, "extensions": extensions}
