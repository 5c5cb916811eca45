"""The server: HTTP, sockets and event streams over one pipeline and one hub. Start as many as there are cores.

It drains before it stops: readiness goes off, running operations are answered, feeds are flushed, and everybody is sent
away in small batches to come back elsewhere. Only then uvicorn is told to go.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp

from api.app import create_app
from api.demo.people import demo_users
from api.health import Health
from api.observability.parts import feel_pulse, parts
from api.observability.traces import traced
from api.processes.address import bound_to
from api.processes.answering import answering
from api.processes.foundation import database_of, database_url_of, redis_url_of, transport_of
from api.processes.memory import settle
from api.processes.probing import health_over
from api.processes.stopping import stop_signals, stop_without_parent
from api.settings import Settings
from api.sockets import SocketQuota, Sockets
from api.sse import EventStream
from domain.identity.authentication import authenticate, with_rights_of_now
from domain.payments.figures import clients as reconciliation_clients
from schema.build import build
from schema.kit.context import RealtimeStatus, Services
from schema.pipeline import NoBudget, Pipeline, PointsPerMinute, TrustedDocuments
from subscriptions.attendance import Attendance
from subscriptions.cursor import CursorCodec
from subscriptions.hints import Hints
from subscriptions.hub import Hub
from subscriptions.limits import SocketLimits
from subscriptions.stepping import end_task
from subscriptions.transport import ResilientBroadcast

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Site:
    """The application and the parts of it that have to be told to stop."""

    app: ASGIApp
    health: Health
    sockets: Sockets
    hub: Hub

    async def drain(self) -> None:
        """Ask for no more traffic, and take leave of those who are here."""
        self.health.draining = True
        await self.sockets.drain()


@asynccontextmanager
async def site_of(settings: Settings, broadcast: ResilientBroadcast) -> AsyncIterator[Site]:
    """Everything that one server is made of, over an open database."""
    cursors = CursorCodec(settings.cursor_secret)
    attendance = Attendance([reconciliation_clients.FEED], reconciliation_clients.write_clients)
    hub = Hub(database_url_of(settings), broadcast, cursors, real_time=settings.real_time_enabled, attendance=attendance)
    hints = Hints(broadcast)
    quota = SocketQuota(redis_url_of(settings))
    await hub.start()
    hints.start()
    pipeline = pipeline_of(settings, cursors, hub)
    limits = SocketLimits(heartbeat_s=settings.ws_heartbeat_interval_s)
    health = health_over(broadcast)
    sockets = Sockets(
        pipeline,
        hub,
        authenticate,
        origins=settings.origins,
        quota=quota,
        limits=limits,
        trusted_proxies=settings.trusted_proxies,
    )
    event_stream = EventStream(
        pipeline,
        hub,
        authenticate,
        quota=quota,
        limits=limits,
        max_body_bytes=settings.max_body_bytes,
        trusted_proxies=settings.trusted_proxies,
    )
    app = create_app(
        settings,
        pipeline=pipeline,
        authenticate=authenticate,
        health=health,
        sockets=sockets,
        event_stream=event_stream,
        demo_users=demo_users,
    )
    pulse = asyncio.create_task(feel_pulse(), name="pulse")
    try:
        with parts.with_hub(hub):
            yield Site(app, health, sockets, hub)
    finally:
        await end_task(pulse)
        await sockets.stop()
        await hints.stop()
        await hub.stop()
        await attendance.stop()


def pipeline_of(settings: Settings, cursors: CursorCodec, hub: Hub) -> Pipeline:
    trusted = None
    if settings.trusted_documents is not None:
        trusted = TrustedDocuments.read(settings.trusted_documents, only=settings.trusted_documents_only)
    return Pipeline(
        build(),
        limits=settings.limits,
        budget=PointsPerMinute(settings.points_per_minute) if settings.points_per_minute else NoBudget(),
        trusted=trusted,
        services=Services(cursors=cursors, realtime_status=lambda: RealtimeStatus.of(hub.status())),
        introspection=settings.allows_introspection,
        refresh=with_rights_of_now,
    )


async def serve(
    settings: Settings, *, in_crew: bool = False, listening: Callable[[str], None] = lambda address: None
) -> None:
    """Run one server until SIGINT or SIGTERM; ``listening`` is told the address once it answers. One of a crew shares its
    address, and stops when whoever looks after the crew is gone."""
    stop = stop_signals()
    if in_crew:
        stop_without_parent(stop)
    async with database_of(settings), transport_of(settings) as broadcast, traced(settings, "server"):
        with bound_to(settings, shared=in_crew) as bound:
            await serve_site(settings, broadcast, bound=bound, listening=listening, stop=stop)


async def serve_site(
    settings: Settings,
    broadcast: ResilientBroadcast,
    *,
    bound: socket.socket,
    stop: asyncio.Event,
    listening: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve over an open database and transport until ``stop`` is set."""
    async with site_of(settings, broadcast) as site:
        settle()
        server, running = await answering(site.app, bound)
        host, port = bound.getsockname()[:2]
        listening(f"http://{host}:{port}")
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await site.drain()
        server.should_exit = True
        await running
