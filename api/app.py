"""The application: which path leads where. What it leans on is handed in, so that a test builds all of it inside itself."""

from __future__ import annotations

from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from api import graphiql, live
from api.choices import Environment
from api.files import Files
from api.health import Health
from api.http import GraphQLEndpoint
from api.middleware import Edge
from api.observability.exposition import metrics
from api.observability.traced import Traced
from api.settings import Settings
from api.visitors import CORRELATION_HEADER, TRACE_HEADER
from api.webhooks import webhook_routes
from domain.kit import tracing
from schema.kit.context import Authenticate
from schema.pipeline import Pipeline

PATH: Final = "/graphql"
CORRELATED: Final = (CORRELATION_HEADER.decode(), TRACE_HEADER.decode(), "tracestate")
FILE_HEADERS: Final = ("content-disposition", "x-file-name", "x-file-purpose")


def create_app(
    settings: Settings,
    *,
    pipeline: Pipeline,
    authenticate: Authenticate,
    health: Health,
    sockets: ASGIApp | None = None,
    event_stream: ASGIApp | None = None,
    demo_users: graphiql.DemoUsers | None = None,
) -> ASGIApp:
    """``sockets`` answers WebSockets on the GraphQL path, ``event_stream`` those who accept text/event-stream there."""
    endpoint = GraphQLEndpoint(
        pipeline,
        authenticate,
        max_body_bytes=settings.max_body_bytes,
        trusted_proxies=settings.trusted_proxies,
        event_stream=event_stream,
        page=graphiql.page() if settings.shows_graphiql else None,
    )
    files = Files(pipeline, authenticate, trusted_proxies=settings.trusted_proxies)
    routes: list[BaseRoute] = [
        Route(PATH, endpoint),
        Route("/files", files),
        Route("/files/{file_id}", files),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
    ]
    if settings.metrics:
        routes.append(Route("/metrics", metrics))
    if settings.shows_graphiql:
        routes.append(Mount("/graphiql/assets", graphiql.assets()))
        if not settings.app:
            routes.append(Route("/", _to_graphiql))
    if settings.app:
        routes.append(Mount(f"/{live.ASSETS}", live.assets()))
    if settings.shows_demo_users and demo_users is not None:
        routes.append(Route("/demo-users", graphiql.demo_users_endpoint(demo_users)))
    routes.extend(webhook_routes(settings))
    routed: ASGIApp = ExceptionMiddleware(Router(routes, default=live.page() if settings.app else None))
    posted: ASGIApp = endpoint
    if tracing.is_on():
        routed, posted = Traced(routed), Traced(posted)
    return Edge(
        _for_pages(settings, routed),
        only_https=settings.environment is Environment.PRODUCTION,
        sockets=None if sockets is None else {PATH: sockets},
        posted={PATH: posted},
        secret_in_paths=settings.mpesa_secret_path,
    )


def _for_pages(settings: Settings, app: ASGIApp) -> ASGIApp:
    """Pages of these origins may ask, and read the answers."""
    return CORSMiddleware(
        app,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "last-event-id", *FILE_HEADERS, *CORRELATED],
        expose_headers=[CORRELATION_HEADER.decode(), "content-disposition", "retry-after", "ratelimit", "ratelimit-policy"],
        max_age=3600,
    )


async def _to_graphiql(request: Request) -> Response:
    return RedirectResponse(PATH)
