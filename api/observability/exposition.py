"""``/metrics``: everything that this process counts, in the words of Prometheus."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from api.observability.house import house


async def metrics(request: Request) -> Response:
    """It knows no visitors: whoever may reach it reads all of it."""
    await house.refresh()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
