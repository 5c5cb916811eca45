"""The way of every operation, whatever it came by: parse, validate, limit, price, permit, execute. No transport in here."""

from schema.pipeline.limits import Limits
from schema.pipeline.pipeline import Pipeline
from schema.pipeline.rate import Budget, NoBudget, PointsPerMinute
from schema.pipeline.request import Request, RequestRefused
from schema.pipeline.result import Result
from schema.pipeline.trusted import TrustedDocuments

__all__ = [
    "Budget",
    "Limits",
    "NoBudget",
    "Pipeline",
    "PointsPerMinute",
    "Request",
    "RequestRefused",
    "Result",
    "TrustedDocuments",
]
