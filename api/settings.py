"""What an installation chooses, read from the environment (and from ``.env``) once, when a process starts.

Names begin with ``DAFTARI_``; those that platforms know by themselves (``DATABASE_URL``, ``REDIS_URL``, ``PORT``) and
those that clients' or providers' documentation names (``WS_HEARTBEAT_INTERVAL``, ``REAL_TIME_ENABLED``,
``NOTIFICATION_CHECK_INTERVAL_MS``, ``DASHBOARD_REFRESH_INTERVAL``, all of ``MPESA_``) are accepted bare as well. A
production server refuses to start with what is only safe on a developer's machine, and says so in a sentence each.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from api.carriers import MailServer, SmsProvider
from api.mpesa.settings import MpesaSettings
from domain.accounting.settings import AccountingSettings
from domain.events.settings import EventSettings
from domain.files.settings import FileSettings
from domain.identity.rules import clean_email, clean_phone
from domain.identity.settings import MIN_SECRET_LENGTH, IdentitySettings
from domain.jobs.settings import JobSettings
from domain.kit.errors import DomainError
from domain.kit.money import CURRENCIES, Money
from domain.lending.settings import LendingSettings
from domain.milling.settings import MillingSettings
from domain.notifications.settings import NotificationSettings
from domain.notifications.transports import Recorder
from domain.payments.provider import CURRENCY
from domain.payments.settings import PaymentSettings
from domain.school.settings import SchoolSettings
from domain.wallets.settings import WalletSettings
from schema.pipeline import Limits

DEVELOPMENT_SECRET: Final = "daftari-development-secret-which-everybody-knows"
DEMO_CURRENCY: Final = "KES"
"""The demo's branches lend shillings, its mill buys and sells for them, and the books are kept in them."""
DEMO_SCHOOL_CURRENCY: Final = "GHS"
"""The older campus of the demo's school is in Accra."""
NO_SENDER: Final = "nobody@daftari.example"
LOCAL_ORIGINS: Final = "http://localhost:3000,http://localhost:5173,http://127.0.0.1:3000,http://127.0.0.1:5173"


class Environment(str, Enum):
    """Where a process runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class LogFormat(str, Enum):
    """How log lines look: for people at a terminal, or one JSON object a line for programs."""

    CONSOLE = "console"
    JSON = "json"


def _also(bare: str) -> Any:
    return AliasChoices(f"DAFTARI_{bare}", bare)


class Settings(MpesaSettings):
    """One for a process. Lifetimes and intervals carry their unit in the name."""

    model_config = SettingsConfigDict(
        env_prefix="DAFTARI_", env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    environment: Environment = Environment.DEVELOPMENT
    home: Path = Path(".daftari")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535, validation_alias=_also("PORT"))
    database_url: SecretStr | None = Field(None, validation_alias=_also("DATABASE_URL"))
    redis_url: SecretStr | None = Field(None, validation_alias=_also("REDIS_URL"))
    # Servers that `daftari serve` runs on one port. Each has a pool of its own size, and counts points for itself alone.
    processes: int = Field(1, ge=1, le=64)
    database_pool_size: int = Field(20, ge=2, le=500)

    secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    access_token_minutes: float = Field(15, ge=0.1, le=24 * 60)
    refresh_token_days: int = Field(30, ge=1, le=365)
    session_days: int = Field(90, ge=1, le=3650)
    sign_in_failures_per_account: int = Field(5, ge=1)
    sign_in_failures_per_address: int = Field(50, ge=1)
    trusted_proxies: int = Field(0, ge=0, le=5)

    allowed_origins: str = LOCAL_ORIGINS
    # Daftari Live at /, in production too.
    app: bool = True
    graphiql: bool | None = None
    introspection: bool | None = None
    demo_users: bool | None = None
    demo_traffic: bool | None = None
    metrics: bool = True
    trusted_documents: Path | None = None
    trusted_documents_only: bool = False

    max_body_bytes: int = Field(256 * 1024, ge=1024)
    max_document_bytes: int = Field(32 * 1024, ge=256)
    max_tokens: int = Field(3_000, ge=10)
    max_depth: int = Field(12, ge=1)
    max_aliases: int = Field(30, ge=0)
    max_root_fields: int = Field(20, ge=1)
    max_cost: int = Field(5_000, ge=1)
    points_per_minute: int = Field(60_000, ge=0)
    operation_timeout_s: float = Field(15.0, gt=0)

    real_time_enabled: bool = Field(True, validation_alias=_also("REAL_TIME_ENABLED"))
    ws_heartbeat_interval_s: float = Field(
        25.0, gt=0, validation_alias=AliasChoices("DAFTARI_WS_HEARTBEAT_INTERVAL", "WS_HEARTBEAT_INTERVAL")
    )
    notification_check_interval_ms: int = Field(
        60_000, ge=1_000, le=24 * 3_600_000, validation_alias=_also("NOTIFICATION_CHECK_INTERVAL_MS")
    )
    # This one is in milliseconds too.
    dashboard_refresh_interval: int = Field(
        30_000, ge=1_000, le=3_600_000, validation_alias=_also("DASHBOARD_REFRESH_INTERVAL")
    )
    event_retention_days: int = Field(30, ge=1)
    activity_retention_years: int = Field(7, ge=0, le=100)

    max_file_bytes: int = Field(10 * 1024 * 1024, ge=1024, le=100 * 1024 * 1024)
    unattached_file_hours: int = Field(24, ge=1, le=24 * 30)

    job_lease_s: float = Field(10.0, ge=1, le=3600)
    job_poll_s: float = Field(0.25, ge=0.05, le=60)
    job_places: int = Field(8, ge=1, le=100)

    opening_credit: Decimal = Decimal("1000000.00")
    default_currency: str = "INR"
    # Statements and dashboards of lending and the school are in these currencies unless another is asked for, and the mill's
    # stock is valued in one of them for good. None is the house's default, and where there are demo users, theirs. Above the
    # threshold, in major units of a voucher's own currency, it takes two people to bring it into the books.
    lending_currency: str | None = None
    accounting_currency: str | None = None
    milling_currency: str | None = None
    school_currency: str | None = None
    accounting_approval_threshold: Decimal = Field(Decimal(100_000), ge=0)
    # A new warehouse warns when it is so full, in percent, unless it says otherwise.
    milling_alert_percent: int = Field(90, ge=1, le=100)

    # Payments that are stuck are asked about so often, so many at a time.
    recon_interval_s: int = Field(900, ge=60, le=24 * 3600, validation_alias=_also("RECON_INTERVAL_S"))
    recon_batch: int = Field(10, ge=1, le=1_000, validation_alias=_also("RECON_BATCH"))
    # A prompt's callback is late after this, and the prompt is over after that. Messages that fit nothing yet are parked.
    callback_within_s: int = Field(75, ge=1, le=3600, validation_alias=_also("CALLBACK_WITHIN_S"))
    prompt_expires_after_s: int = Field(300, ge=10, le=24 * 3600, validation_alias=_also("PROMPT_EXPIRES_AFTER_S"))
    park_messages_for_s: int = Field(120, ge=1, le=24 * 3600, validation_alias=_also("PARK_MESSAGES_FOR_S"))
    keep_reconciliations_days: int = Field(90, ge=1, validation_alias=_also("KEEP_RECONCILIATIONS_DAYS"))
    keep_messages_days: int = Field(30, ge=1, validation_alias=_also("KEEP_MESSAGES_DAYS"))
    # Whether a callback that says paid counts only when the provider, asked by us, says so too.
    confirm_callbacks: bool = Field(False, validation_alias=_also("CONFIRM_CALLBACKS"))
    # Where mail and text messages go about payments that need somebody at once; without one, to every administrator.
    admin_email: str | None = Field(None, validation_alias=_also("ADMIN_EMAIL"))
    admin_phone: str | None = Field(None, validation_alias=_also("ADMIN_PHONE"))
    ws_reconnect_delay_ms: int = Field(
        5_000, ge=100, le=600_000, validation_alias=AliasChoices("DAFTARI_WS_RECONNECT_DELAY", "WS_RECONNECT_DELAY")
    )

    smtp_url: SecretStr | None = Field(None, validation_alias=_also("SMTP_URL"))
    mail_from: str = Field(NO_SENDER, validation_alias=_also("MAIL_FROM"))
    sms_url: str | None = Field(None, validation_alias=_also("SMS_URL"))
    sms_token: SecretStr | None = Field(None, validation_alias=_also("SMS_TOKEN"))
    sms_sender: str = Field("Daftari", validation_alias=_also("SMS_SENDER"))
    digest_minutes: int = Field(10, ge=1, le=24 * 60)

    log_level: str = "INFO"
    log_format: LogFormat | None = None

    @field_validator("admin_email", "admin_phone")
    @classmethod
    def _reachable(cls, value: str | None, field: ValidationInfo) -> str | None:
        if value is None:
            return None
        try:
            return clean_email(value) if field.field_name == "admin_email" else clean_phone(value)
        except DomainError as refusal:
            raise ValueError(refusal.message) from None

    @field_validator("ws_heartbeat_interval_s")
    @classmethod
    def _in_seconds(cls, value: float) -> float:
        """One document of clients has it in seconds, another in milliseconds: nobody waits a thousand seconds for a sign."""
        return value / 1_000 if value >= 1_000 else value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("the log level is one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
        return value.upper()

    @field_validator("allowed_origins")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        for origin in _listed(value):
            parts = urlsplit(origin)
            if origin != "*" and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path):
                raise ValueError(f"{origin!r} is not an origin such as https://app.example.org")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        try:
            Money.of(self.opening_credit, self.default_currency)
        except DomainError as refusal:
            raise ValueError(f"DAFTARI_OPENING_CREDIT with DAFTARI_DEFAULT_CURRENCY: {refusal.message}") from None
        for name in ("lending_currency", "accounting_currency", "milling_currency", "school_currency"):
            if getattr(self, name) not in (None, *CURRENCIES):
                raise ValueError(f"DAFTARI_{name.upper()} is one of {', '.join(sorted(CURRENCIES))}")
        if self.trusted_documents_only and self.trusted_documents is None:
            raise ValueError("DAFTARI_TRUSTED_DOCUMENTS_ONLY needs DAFTARI_TRUSTED_DOCUMENTS, or nothing could be run")
        self._check_carriers()
        if self.environment is Environment.PRODUCTION and (reasons := self._unsafe()):
            raise ValueError("this is not safe for production: " + "; ".join(reasons))
        return self

    def _check_carriers(self) -> None:
        """Whoever is to carry messages and money is named well, or the process does not start."""
        mail_server, sms_provider, _ = self.mail_server, self.sms_provider, self.mpesa
        if mail_server is not None and self.mail_from == NO_SENDER:
            raise ValueError("SMTP_URL needs MAIL_FROM, the address that mail comes from")
        if self.sms_url is not None and sms_provider is None:
            raise ValueError("SMS_URL needs SMS_TOKEN, which lets us in there")

    def _unsafe(self) -> list[str]:
        """What a production server must not start with, a sentence each."""
        secret = self.secret.get_secret_value()
        claims = [
            (secret == DEVELOPMENT_SECRET, "DAFTARI_SECRET is the one from the source code, set your own"),
            (len(secret) < MIN_SECRET_LENGTH, f"DAFTARI_SECRET needs at least {MIN_SECRET_LENGTH} characters"),
            (self.database_url is None, "DATABASE_URL is not set, and the embedded PostgreSQL is for development"),
            (self.redis_url is None, "REDIS_URL is not set, and the embedded Valkey is for development"),
            ("*" in self.origins, "DAFTARI_ALLOWED_ORIGINS must name the origins of your web clients, not *"),
            (
                self.allowed_origins == LOCAL_ORIGINS,
                "DAFTARI_ALLOWED_ORIGINS must name the origins of your web clients (or a single own one)",
            ),
            (bool(self.demo_users), "DAFTARI_DEMO_USERS tells everybody the passwords of the demo users"),
            (bool(self.demo_traffic), "DAFTARI_DEMO_TRAFFIC moves the money of demo users"),
            (
                self.mail_server is not None and self.mail_server.tells_password_openly,
                "SMTP_URL sends a password unencrypted, add ?starttls or use smtps://",
            ),
            (
                self.sms_provider is not None and self.sms_provider.tells_token_openly,
                "SMS_URL sends SMS_TOKEN unencrypted, use https://",
            ),
            (
                self.mpesa is not None and self.mpesa.talks_openly,
                "MPESA_URL or MPESA_CALLBACK_URL sends payments unencrypted, use https://",
            ),
            (
                self.mpesa is not None and self.mpesa_webhook_secret is None and not self.mpesa_networks,
                "anybody may say that a payment was made, set MPESA_WEBHOOK_SECRET or MPESA_ALLOWED_ADDRESSES",
            ),
        ]
        return [sentence for unsafe, sentence in claims if unsafe]

    @property
    def is_development(self) -> bool:
        return self.environment is Environment.DEVELOPMENT

    @property
    def origins(self) -> list[str]:
        """Where web clients may come from, for CORS and for the handshake of sockets."""
        return _listed(self.allowed_origins)

    @property
    def shows_graphiql(self) -> bool:
        return self.environment is not Environment.PRODUCTION if self.graphiql is None else self.graphiql

    @property
    def allows_introspection(self) -> bool:
        return self.environment is not Environment.PRODUCTION if self.introspection is None else self.introspection

    @property
    def shows_demo_users(self) -> bool:
        return self.is_development if self.demo_users is None else self.demo_users

    @property
    def logs_as_json(self) -> bool:
        if self.log_format is None:
            return self.environment is Environment.PRODUCTION
        return self.log_format is LogFormat.JSON

    @property
    def limits(self) -> Limits:
        return Limits(
            document_bytes=self.max_document_bytes,
            tokens=self.max_tokens,
            depth=self.max_depth,
            aliases=self.max_aliases,
            root_fields=self.max_root_fields,
            cost=self.max_cost,
            timeout_s=self.operation_timeout_s,
        )

    @property
    def identity(self) -> IdentitySettings:
        return IdentitySettings(
            secret=self._derived("tokens"),
            access_ttl=timedelta(minutes=self.access_token_minutes),
            refresh_ttl=timedelta(days=self.refresh_token_days),
            session_ttl=timedelta(days=self.session_days),
            failures_per_account=self.sign_in_failures_per_account,
            failures_per_address=self.sign_in_failures_per_address,
        )

    @property
    def events(self) -> EventSettings:
        """Zero years mean for ever."""
        return EventSettings(activity_years=self.activity_retention_years or None)

    @property
    def wallets(self) -> WalletSettings:
        return WalletSettings(opening_credit=Money.of(self.opening_credit, self.default_currency))

    @property
    def lending(self) -> LendingSettings:
        return LendingSettings(currency=self.lending_currency or self._demo_currency)

    @property
    def milling(self) -> MillingSettings:
        return MillingSettings(
            chosen_currency=self.milling_currency or self._demo_currency,
            alert_percent=self.milling_alert_percent,
            notification_check=timedelta(milliseconds=self.notification_check_interval_ms),
            dashboard_refresh=timedelta(milliseconds=self.dashboard_refresh_interval),
        )

    @property
    def school(self) -> SchoolSettings:
        return SchoolSettings(
            chosen_currency=self.school_currency or (DEMO_SCHOOL_CURRENCY if self.shows_demo_users else None)
        )

    @property
    def payments(self) -> PaymentSettings:
        return PaymentSettings(
            recon_interval=timedelta(seconds=self.recon_interval_s),
            recon_batch=self.recon_batch,
            callback_within=timedelta(seconds=self.callback_within_s),
            expires_after=timedelta(seconds=self.prompt_expires_after_s),
            park_for=timedelta(seconds=self.park_messages_for_s),
            keep_results=timedelta(days=self.keep_reconciliations_days),
            keep_bodies=timedelta(days=self.keep_messages_days),
            confirm_callbacks=self.confirm_callbacks,
            short_codes=frozenset(code for code in (self.mpesa_short_code, self.mpesa_till) if code),
            has_account=self.mpesa is not None,
            most=Money.of(self.mpesa_most, CURRENCY),
            takes_commands=self.mpesa is not None and self.mpesa_initiator is not None,
            heartbeat_interval=timedelta(seconds=self.ws_heartbeat_interval_s),
            reconnect_delay=timedelta(milliseconds=self.ws_reconnect_delay_ms),
        )

    @property
    def accounting(self) -> AccountingSettings:
        return AccountingSettings(
            approval_threshold=self.accounting_approval_threshold, currency=self.accounting_currency or self._demo_currency
        )

    @property
    def _demo_currency(self) -> str | None:
        return DEMO_CURRENCY if self.shows_demo_users else None

    @property
    def files(self) -> FileSettings:
        return FileSettings(
            max_bytes=self.max_file_bytes,
            unattached_bytes=5 * self.max_file_bytes,
            keep_unattached=timedelta(hours=self.unattached_file_hours),
        )

    @property
    def jobs(self) -> JobSettings:
        return JobSettings(lease_s=self.job_lease_s, poll_s=self.job_poll_s, places=self.job_places)

    @property
    def mail_server(self) -> MailServer | None:
        return MailServer.at(self.smtp_url.get_secret_value(), sender=self.mail_from) if self.smtp_url else None

    @property
    def sms_provider(self) -> SmsProvider | None:
        if self.sms_url is None or self.sms_token is None:
            return None
        return SmsProvider(url=self.sms_url, token=self.sms_token.get_secret_value(), sender=self.sms_sender)

    @property
    def notifications(self) -> NotificationSettings:
        return NotificationSettings(
            mailer=self.mail_server or Recorder(),
            texter=self.sms_provider or Recorder(),
            digest_window=timedelta(minutes=self.digest_minutes),
            house_mail=self.admin_email,
            house_phone=self.admin_phone,
        )

    @property
    def cursor_secret(self) -> str:
        return self._derived("cursors")

    def _derived(self, purpose: str) -> str:
        """A secret of its own for each purpose, so that one that leaks says nothing of the others."""
        key = self.secret.get_secret_value().encode()[:64]
        return hashlib.blake2b(purpose.encode(), key=key, digest_size=32).hexdigest()


def _listed(value: str) -> list[str]:
    return [each.strip().rstrip("/") for each in value.split(",") if each.strip()]
