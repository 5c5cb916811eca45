"""What may be chosen, group by group: names, defaults, bounds, and a sentence about each.

``deploy/configuration.md`` is written from this page (see :mod:`api.configuration`). Lifetimes and intervals carry their
unit in the name; where clients or platforms gave a name that has none, the unit is said beside it.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

from pydantic import AliasChoices, Field, SecretStr
from pydantic.config import JsonDict
from pydantic_settings import BaseSettings

DEVELOPMENT_SECRET: Final = "daftari-development-secret-which-everybody-knows"
NO_SENDER: Final = "nobody@daftari.example"
LOCAL_ORIGINS: Final = "http://localhost:3000,http://localhost:5173,http://127.0.0.1:3000,http://127.0.0.1:5173"
UNIT: Final = "unit"
"""Under which a field tells its unit, where its name does not."""


class Environment(str, Enum):
    """Where a process runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class LogFormat(str, Enum):
    """How log lines look: for people at a terminal, or one JSON object a line for programs."""

    CONSOLE = "console"
    JSON = "json"


def _chosen(default: Any, description: str, *, bare: str | None = None, unit: str | None = None, **bounds: Any) -> Any:
    """A field of the environment. ``bare`` is the name by which it is known without our prefix as well."""
    also = None if bare is None else AliasChoices(f"DAFTARI_{bare}", bare)
    told: JsonDict | None = None if unit is None else {UNIT: unit}
    return Field(default, description=description, validation_alias=also, json_schema_extra=told, **bounds)


class Installation(BaseSettings):
    """The installation"""

    environment: Environment = _chosen(
        Environment.DEVELOPMENT, "Production refuses what is only safe on a developer's machine."
    )
    home: Path = _chosen(
        Path(".daftari"),
        "The folder of archived events, and of the embedded servers' data. Servers and workers write nowhere else.",
    )
    log_level: str = _chosen("INFO", "DEBUG, INFO, WARNING, ERROR or CRITICAL. DEBUG tells every request.")
    log_format: LogFormat | None = _chosen(None, "Unset: one JSON object a line in production, for people elsewhere.")


class Servers(BaseSettings):
    """Servers, and what they lean on"""

    host: str = _chosen("127.0.0.1", "The address to listen on. In a container 0.0.0.0, or nobody gets in.")
    port: int = _chosen(8000, "The port to listen on; 0 takes any free one.", bare="PORT", ge=0, le=65535)
    database_url: SecretStr | None = _chosen(
        None,
        "PostgreSQL 15 or newer: postgresql://user:password@host:5432/daftari?sslmode=verify-full. `sslrootcert=` names the "
        "certificate authority, unless it stands in ~/.postgresql/root.crt.",
        bare="DATABASE_URL",
    )
    redis_url: SecretStr | None = _chosen(
        None, "Redis or Valkey: rediss://:password@host:6379. Nothing of it needs to be kept on disk.", bare="REDIS_URL"
    )
    private_network: bool = _chosen(
        False,
        "Says that nobody else is on the way to PostgreSQL and Redis, or that it is encrypted underneath (a network of "
        "containers on one machine, WireGuard). Without it a production server asks for TLS there.",
    )
    processes: int = _chosen(
        1, "Servers that `daftari serve` runs on one port. Each has a pool and counts points for itself alone.", ge=1, le=64
    )
    database_pool_size: int = _chosen(
        20, "The most connections of one process to PostgreSQL, without its feeds' 3.", ge=2, le=500
    )
    trusted_proxies: int = _chosen(
        0,
        "How many proxies of yours stand before a server and append to X-Forwarded-For. The client's address is counted "
        "from the right; 0 takes the connection's.",
        ge=0,
        le=5,
    )


class Observability(BaseSettings):
    """Observability"""

    metrics: bool = _chosen(True, "Whether /metrics answers. It knows no visitors: keep it from the outside at the proxy.")
    worker_host: str = _chosen(
        "127.0.0.1", "The address at which a worker answers /health/live, /health/ready and /metrics, and nothing else."
    )
    worker_port: int | None = _chosen(
        None, "The port at which it does. Unset: at none. 0 takes any free one.", ge=0, le=65535
    )
    otlp_endpoint: str | None = _chosen(
        None,
        "A collector of OpenTelemetry that takes OTLP over HTTP: http://collector:4318. Unset: nothing is traced. The "
        "exporter's other variables (OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_CERTIFICATE) are read too.",
        bare="OTEL_EXPORTER_OTLP_ENDPOINT",
    )
    otel_service_name: str = _chosen("daftari", "What this installation is called there.", bare="OTEL_SERVICE_NAME")
    trace_share: float = _chosen(
        1.0,
        "The share of all traces that is kept, the same ones in all processes.",
        bare="OTEL_TRACES_SAMPLER_ARG",
        ge=0,
        le=1,
    )


class SigningIn(BaseSettings):
    """Signing in"""

    secret: SecretStr = _chosen(
        SecretStr(DEVELOPMENT_SECRET),
        "What tokens and cursors are signed with, the same for all processes: `openssl rand -hex 32`. A new one signs "
        "everybody out and makes every client read anew.",
    )
    access_token_minutes: float = _chosen(15, "How long an access token is good for.", ge=0.1, le=24 * 60)
    refresh_token_days: int = _chosen(30, "After so long without use a session ends.", ge=1, le=365)
    session_days: int = _chosen(90, "After so long a session ends in any case.", ge=1, le=3650)
    sign_in_failures_per_account: int = _chosen(5, "Failed sign-ins in 15 minutes before an account waits.", ge=1)
    sign_in_failures_per_address: int = _chosen(50, "Failed sign-ins in 15 minutes before an address waits.", ge=1)


class WebClients(BaseSettings):
    """Web clients"""

    allowed_origins: str = _chosen(
        LOCAL_ORIGINS,
        "Where pages may come from that ask or open sockets, with commas between: https://app.example.org. The app at / "
        "needs its own here.",
    )
    app: bool = _chosen(True, "Whether Daftari Live answers at /.")
    graphiql: bool | None = _chosen(
        None, "The console at /graphql. Unset: everywhere but in production, where it is refused."
    )
    introspection: bool | None = _chosen(None, "Whether the schema may be asked for. Unset: everywhere but in production.")
    demo_users: bool | None = _chosen(None, "The demo story, and its people on the sign-in pages. Unset: in development.")
    demo_traffic: bool | None = _chosen(None, "Whether simulated users act in `daftari dev`.")
    trusted_documents: Path | None = _chosen(None, "A manifest of documents that clients may name by their hash.")
    trusted_documents_only: bool = _chosen(False, "Whether nothing else is run.")


class OperationLimits(BaseSettings):
    """Limits of operations"""

    max_body_bytes: int = _chosen(256 * 1024, "The longest body of a request to /graphql.", ge=1024)
    max_document_bytes: int = _chosen(32 * 1024, "The longest document.", ge=256)
    max_tokens: int = _chosen(3_000, "The most lexical tokens of a document.", ge=10)
    max_depth: int = _chosen(12, "The deepest selection.", ge=1)
    max_aliases: int = _chosen(30, "The most aliases of a document.", ge=0)
    max_root_fields: int = _chosen(20, "The most root fields of an operation.", ge=1)
    max_cost: int = _chosen(5_000, "The most that one operation may cost.", unit="points", ge=1)
    points_per_minute: int = _chosen(
        60_000,
        "What one user, or one address that nobody signed in from, may spend at one server. 0: no bound.",
        unit="points",
        ge=0,
    )
    operation_timeout_s: float = _chosen(15.0, "How long one operation may take.", gt=0)


class Live(BaseSettings):
    """Live feeds and history"""

    real_time_enabled: bool = _chosen(
        True, "Whether subscriptions are answered. All else works without.", bare="REAL_TIME_ENABLED"
    )
    ws_heartbeat_interval_s: float = _chosen(
        25.0,
        "How often a quiet socket is asked for a sign of life. 1000 and more are taken for milliseconds. Proxies must "
        "wait longer.",
        bare="WS_HEARTBEAT_INTERVAL",
        gt=0,
    )
    ws_reconnect_delay_ms: int = _chosen(
        5_000, "What clients are told to wait before they come back.", bare="WS_RECONNECT_DELAY", ge=100, le=600_000
    )
    notification_check_interval_ms: int = _chosen(
        60_000,
        "How often alerts of the mill are looked over.",
        bare="NOTIFICATION_CHECK_INTERVAL_MS",
        ge=1_000,
        le=24 * 3_600_000,
    )
    dashboard_refresh_interval: int = _chosen(
        30_000,
        "How often the mill's board is shown when nothing happens.",
        bare="DASHBOARD_REFRESH_INTERVAL",
        unit="milliseconds",
        ge=1_000,
        le=3_600_000,
    )
    event_retention_days: int = _chosen(
        30, "How far back a client may resume; `daftari archive-events` archives what is older.", ge=1
    )
    activity_retention_years: int = _chosen(7, "How long the activity log keeps a change. 0: for ever.", ge=0, le=100)
    personal_data_retention_years: int = _chosen(
        7, "So long after a person's last entry the law wants it kept, and nothing of theirs is erased.", ge=0, le=100
    )
    personal_data_export_days: int = _chosen(7, "How long an export of personal data can be fetched.", ge=1, le=30)


class FilesAndJobs(BaseSettings):
    """Files and background work"""

    max_file_bytes: int = _chosen(10 * 1024 * 1024, "The largest file that is handed in.", ge=1024, le=100 * 1024 * 1024)
    unattached_file_hours: int = _chosen(24, "After so long a file that belongs to nothing is dropped.", ge=1, le=24 * 30)
    job_lease_s: float = _chosen(10.0, "After so long a worker that was killed is noticed.", ge=1, le=3600)
    job_poll_s: float = _chosen(0.25, "How often a worker looks for work.", ge=0.05, le=60)
    job_places: int = _chosen(8, "How many tasks one worker does at once.", ge=1, le=100)


class Books(BaseSettings):
    """Money and the books"""

    opening_credit: Decimal = _chosen(
        Decimal("1000000.00"),
        "What each new wallet is given, in the default currency. 0.00 gives nothing.",
        unit="major units",
    )
    default_currency: str = _chosen("INR", "The house's currency: that of wallets and invoices.")
    lending_currency: str | None = _chosen(
        None, "What lending's figures are in unless asked. Unset: the default (the demo's: KES)."
    )
    accounting_currency: str | None = _chosen(
        None, "What statements are in unless asked. Unset: the default (the demo's: KES)."
    )
    milling_currency: str | None = _chosen(None, "What stock is valued in, for good. Unset: the default (the demo's: KES).")
    school_currency: str | None = _chosen(
        None, "What the school's figures are in unless asked. Unset: the default (the demo's: GHS)."
    )
    accounting_approval_threshold: Decimal = _chosen(
        Decimal(100_000), "Above it, in a voucher's own currency, it takes two people to book it.", unit="major units", ge=0
    )
    milling_alert_percent: int = _chosen(
        90, "A new warehouse warns when it is so full, unless it says otherwise.", ge=1, le=100
    )


class Reconciling(BaseSettings):
    """Reconciliation of payments"""

    recon_interval_s: int = _chosen(
        900, "How often stuck payments are asked about.", bare="RECON_INTERVAL_S", ge=60, le=24 * 3600
    )
    recon_batch: int = _chosen(10, "So many of them at a time.", bare="RECON_BATCH", ge=1, le=1_000)
    callback_within_s: int = _chosen(
        75, "After so long a prompt's callback is late.", bare="CALLBACK_WITHIN_S", ge=1, le=3600
    )
    prompt_expires_after_s: int = _chosen(
        300, "After so long a prompt is over.", bare="PROMPT_EXPIRES_AFTER_S", ge=10, le=24 * 3600
    )
    park_messages_for_s: int = _chosen(
        120, "How long a message that fits nothing yet is tried again.", bare="PARK_MESSAGES_FOR_S", ge=1, le=24 * 3600
    )
    keep_reconciliations_days: int = _chosen(90, "How long results are kept.", bare="KEEP_RECONCILIATIONS_DAYS", ge=1)
    keep_messages_days: int = _chosen(30, "How long the words of messages are kept.", bare="KEEP_MESSAGES_DAYS", ge=1)
    confirm_callbacks: bool = _chosen(
        False,
        "Whether a callback that says paid counts only when M-Pesa, asked by us, says so too.",
        bare="CONFIRM_CALLBACKS",
    )
    admin_email: str | None = _chosen(
        None, "Where mail goes about payments that need somebody at once. Unset: every administrator.", bare="ADMIN_EMAIL"
    )
    admin_phone: str | None = _chosen(
        None, "Where text messages about them go. Unset: every administrator.", bare="ADMIN_PHONE"
    )


class Messages(BaseSettings):
    """Mail, text messages and webhooks"""

    smtp_url: SecretStr | None = _chosen(
        None,
        "smtp://user:password@host:587?starttls or smtps://host. Unset: mail is recorded, and goes nowhere.",
        bare="SMTP_URL",
    )
    mail_from: str = _chosen(NO_SENDER, "The address that mail comes from; SMTP_URL needs it.", bare="MAIL_FROM")
    sms_url: str | None = _chosen(
        None, "Where text messages are handed over. Unset: they are recorded only.", bare="SMS_URL"
    )
    sms_token: SecretStr | None = _chosen(None, "What lets us in there.", bare="SMS_TOKEN")
    sms_sender: str = _chosen("Daftari", "Whom they come from.", bare="SMS_SENDER")
    digest_minutes: int = _chosen(10, "Messages of lesser weight are collected for so long.", ge=1, le=24 * 60)
    webhooks_public_only: bool | None = _chosen(
        None,
        "Webhooks are sent by https alone, and to addresses that the whole Internet knows. Unset: everywhere but in "
        "development.",
    )
    webhooks_disable_after_hours: int = _chosen(
        120, "A webhook endpoint that fails for so long is disabled.", ge=1, le=24 * 30
    )
