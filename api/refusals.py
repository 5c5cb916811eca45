"""What a client is told when an operation cannot be run, or a feed ends: the same errors on sockets and event streams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from domain.kit.errors import DomainError, Unavailable
from domain.kit.outages import is_outage
from schema.pipeline import RequestRefused

MASKED = "Internal error"

logger = structlog.get_logger(__name__)


def errors_of(problem: Exception, correlation_id: UUID) -> list[dict[str, Any]]:
    """Refusals as they are, and outages as what passes; anything else is a mistake of ours, which is logged and masked."""
    if isinstance(problem, RequestRefused):
        return problem.errors
    if isinstance(problem, DomainError):
        return [error_of(problem)]
    if is_outage(problem):
        said = str(problem) or type(problem).__name__
        logger.warning("operation_unavailable", error=said, correlation_id=str(correlation_id))
        return [error_of(Unavailable())]
    logger.error("operation_failed", exc_info=problem, correlation_id=str(correlation_id))
    return [{"message": MASKED, "extensions": {"code": "INTERNAL", "correlationId": str(correlation_id)}}]


def error_of(refusal: DomainError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": refusal.code}
    if refusal.field:
        extensions["field"] = list(refusal.field)
    return {"message": refusal.message, "extensions": extensions}
