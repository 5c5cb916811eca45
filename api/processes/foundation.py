"""What every process stands on: its settings told to the domain, the pool to the database, the transport."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from api.settings import Settings
from domain import rooms
from domain.accounting import settings as accounting_settings
from domain.events import settings as event_settings
from domain.files import settings as file_settings
from domain.identity import settings as identity_settings
from domain.jobs import settings as job_settings
from domain.kit.database import PoolLimits, close_database, open_database
from domain.kit.migrations import migrate
from domain.lending import settings as lending_settings
from domain.milling import settings as milling_settings
from domain.notifications import settings as notification_settings
from domain.payments import settings as payment_settings
from domain.privacy import settings as privacy_settings
from domain.school import settings as school_settings
from domain.wallets import settings as wallet_settings
from domain.webhooks import settings as webhook_settings
from subscriptions.transport import RedisBackend, ResilientBroadcast

Say = Callable[[str], object]
"""Tells an operator what is going on."""


class MissingServer(Exception):
    """A process was started without the address of a server that it needs."""


def configure_domain(settings: Settings) -> None:
    """Tell the rooms what the installation chose, and open them."""
    event_settings.configure(settings.events)
    identity_settings.configure(settings.identity)
    wallet_settings.configure(settings.wallets)
    payment_settings.configure(settings.payments)
    lending_settings.configure(settings.lending)
    milling_settings.configure(settings.milling)
    school_settings.configure(settings.school)
    accounting_settings.configure(settings.accounting)
    job_settings.configure(settings.jobs)
    file_settings.configure(settings.files)
    privacy_settings.configure(settings.privacy)
    notification_settings.configure(settings.notifications)
    webhook_settings.configure(settings.webhooks)
    rooms.open_all()


def database_url_of(settings: Settings) -> str:
    if settings.database_url is None:
        raise MissingServer("DATABASE_URL is not set; `daftari dev` brings a database of its own")
    return settings.database_url.get_secret_value()


def redis_url_of(settings: Settings) -> str:
    if settings.redis_url is None:
        raise MissingServer("REDIS_URL is not set; `daftari dev` brings a Valkey of its own")
    return settings.redis_url.get_secret_value()


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[None]:
    """The domain, configured, with its database open."""
    configure_domain(settings)
    await open_database(database_url_of(settings), PoolLimits(max_size=settings.database_pool_size))
    try:
        yield
    finally:
        await close_database()


@asynccontextmanager
async def transport_of(settings: Settings) -> AsyncIterator[ResilientBroadcast]:
    """The transport between processes. Redis may be away when it opens, and come later."""
    broadcast = ResilientBroadcast(RedisBackend(redis_url_of(settings)))
    await broadcast.connect()
    try:
        yield broadcast
    finally:
        await broadcast.disconnect()


async def bring_database_up(settings: Settings, say: Say, target: str | None = None) -> None:
    """Bring all tables to the newest state, or one room's to ``app.migration``."""
    configure_domain(settings)
    await migrate(
        database_url_of(settings),
        target,
        progress=lambda step, app, name: say(f"  {app} {name}") if step == "apply_done" else None,
    )
