"""What a production server does not start with, because it is safe on a developer's machine only."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from api.choices import DEVELOPMENT_SECRET, LOCAL_ORIGINS
from domain.identity.settings import MIN_SECRET_LENGTH

if TYPE_CHECKING:
    from api.settings import Settings

MIN_DISTINCT: Final = 10
"""Characters of a secret that differ. Any 32 random hexadecimal digits have as many, but for one try in thousands."""
ENCRYPTED: Final = frozenset({"require", "verify-ca", "verify-full"})
"""The values of sslmode with which PostgreSQL is not spoken to in the clear."""


def unsafe(settings: Settings) -> list[str]:
    """Everything that is wrong, a sentence each, which says what to set."""
    return [
        *_secrets(settings),
        *_servers(settings),
        *_web_clients(settings),
        *_demonstrations(settings),
        *_carriers(settings),
        *_webhooks(settings),
        *_mpesa(settings),
    ]


def _secrets(settings: Settings) -> Iterator[str]:
    secret = settings.secret.get_secret_value()
    if secret == DEVELOPMENT_SECRET:
        yield "DAFTARI_SECRET is the one from the source code, set your own: openssl rand -hex 32"
    elif len(secret) < MIN_SECRET_LENGTH:
        yield f"DAFTARI_SECRET needs at least {MIN_SECRET_LENGTH} characters: openssl rand -hex 32"
    elif len(set(secret)) < MIN_DISTINCT:
        yield "DAFTARI_SECRET can be guessed, set a random one: openssl rand -hex 32"


def _servers(settings: Settings) -> Iterator[str]:
    if settings.database_url is None:
        yield "DATABASE_URL is not set, and the embedded PostgreSQL is for development"
    elif not (settings.private_network or _is_encrypted(settings.database_url)):
        yield (
            "DATABASE_URL goes to another machine unencrypted, add ?sslmode=verify-full, or set "
            "DAFTARI_PRIVATE_NETWORK=true if nobody else is on the way"
        )
    if settings.redis_url is None:
        yield "REDIS_URL is not set, and the embedded Valkey is for development"
    elif not (settings.private_network or _is_encrypted(settings.redis_url)):
        yield (
            "REDIS_URL goes to another machine unencrypted, use rediss://, or set DAFTARI_PRIVATE_NETWORK=true if nobody "
            "else is on the way"
        )


def _is_encrypted(url: SecretStr) -> bool:
    """Whether nobody on a network can read what is said there; nobody can where there is no network between."""
    parts = urlsplit(url.get_secret_value())
    options = parse_qs(parts.query)
    host = options.get("host", [parts.hostname or ""])[-1]
    if parts.scheme in ("rediss", "unix") or options.get("sslmode", [""])[-1] in ENCRYPTED:
        return True
    return host.startswith("/") or _is_this_machine(host)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")


def _web_clients(settings: Settings) -> Iterator[str]:
    origins = settings.origins
    if not origins or "*" in origins or settings.allowed_origins == LOCAL_ORIGINS:
        yield "DAFTARI_ALLOWED_ORIGINS must name the origins of your web clients: https://app.example.org"
    elif changeable := [each for each in origins if each.startswith("http:")]:
        yield f"DAFTARI_ALLOWED_ORIGINS trusts pages that others may change on the way, use https: {', '.join(changeable)}"
    if settings.graphiql:
        yield "DAFTARI_GRAPHIQL shows everybody the console, leave it unset"
    if settings.introspection:
        yield "DAFTARI_INTROSPECTION tells everybody the whole schema, leave it unset and hand out frontend-contract/"


def _demonstrations(settings: Settings) -> Iterator[str]:
    if settings.demo_users:
        yield "DAFTARI_DEMO_USERS tells everybody the passwords of the demo users, leave it unset"
    if settings.demo_traffic:
        yield "DAFTARI_DEMO_TRAFFIC moves the money of demo users, leave it unset"
    if "opening_credit" not in settings.model_fields_set:
        yield (
            f"DAFTARI_OPENING_CREDIT gives each new wallet {settings.opening_credit} as in the demo, set it to 0.00, or to "
            "what you mean to give"
        )


def _carriers(settings: Settings) -> Iterator[str]:
    # One that is not named well is told of elsewhere.
    with suppress(ValueError):
        if settings.mail_server is not None and settings.mail_server.tells_password_openly:
            yield "SMTP_URL sends a password unencrypted, add ?starttls or use smtps://"
    with suppress(ValueError):
        if settings.sms_provider is not None and settings.sms_provider.tells_token_openly:
            yield "SMS_URL sends SMS_TOKEN unencrypted, use https://"


def _webhooks(settings: Settings) -> Iterator[str]:
    if settings.webhooks_public_only is False:
        yield "DAFTARI_WEBHOOKS_PUBLIC_ONLY=false lets users reach what only your network knows, leave it unset"


def _mpesa(settings: Settings) -> Iterator[str]:
    with suppress(ValueError):
        account = settings.mpesa
        if account is None:
            return
        if account.is_here:
            yield "MPESA_URL is a simulator on this machine, which pays nobody: set it to https://api.safaricom.co.ke"
        if account.talks_openly:
            yield "MPESA_URL or MPESA_CALLBACK_URL sends payments unencrypted, use https://"
        if settings.mpesa_webhook_secret is None and not settings.mpesa_networks:
            yield "anybody may say that a payment was made, set MPESA_WEBHOOK_SECRET or MPESA_ALLOWED_ADDRESSES"
